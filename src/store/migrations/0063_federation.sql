-- When a host refused an Ed25519 signature and took another; it is not tried again for a while.  0: never.
ALTER TABLE host ADD COLUMN no_ed25519_ms {int} NOT NULL DEFAULT 0;
