-- When a host refused an Ed25519 signature and took another; it is not tried again for a while.  0: never.
ALTER TABLE host ADD COLUMN no_ed25519_ms {int} NOT NULL DEFAULT 0;

-- Consent that is taken back is named by its stamp.
CREATE INDEX approval_stamp_uri ON approval_stamp (uri);
CREATE TABLE like_stamp (                          -- of favourites of ours that were asked for
    favourite_id {id} PRIMARY KEY REFERENCES favourite (id) ON DELETE CASCADE,
    uri {text} NOT NULL
) {strict};
CREATE INDEX like_stamp_uri ON like_stamp (uri);
