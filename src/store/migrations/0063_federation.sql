-- When a host refused an Ed25519 signature and took another; it is not tried again for a while.  0: never.
ALTER TABLE host ADD COLUMN no_ed25519_ms {int} NOT NULL DEFAULT 0;

-- Consent that is taken back is named by its stamp.
CREATE INDEX approval_stamp_uri ON approval_stamp (uri);
CREATE TABLE like_stamp (                          -- of favourites of ours that were asked for
    favourite_id {id} PRIMARY KEY REFERENCES favourite (id) ON DELETE CASCADE,
    uri {text} NOT NULL
) {strict};
CREATE INDEX like_stamp_uri ON like_stamp (uri);

-- Clients name a policy and an entry of the list of the allowed by a number.
ALTER TABLE domain_policy ADD COLUMN id {int} NOT NULL DEFAULT 0;
UPDATE domain_policy SET id = (SELECT count(*) FROM domain_policy p WHERE p.domain <= domain_policy.domain);
CREATE UNIQUE INDEX domain_policy_id ON domain_policy (id);
ALTER TABLE domain_allow ADD COLUMN id {int} NOT NULL DEFAULT 0;
UPDATE domain_allow SET id = (SELECT count(*) FROM domain_allow a WHERE a.domain <= domain_allow.domain);
CREATE UNIQUE INDEX domain_allow_id ON domain_allow (id);
