-- Collections of other servers, and members elsewhere.  doc/design/collections.md
ALTER TABLE account ADD COLUMN feature_policy {int} NOT NULL DEFAULT 0;      -- of others, bits QUOTE_BY_*
ALTER TABLE collection ADD COLUMN uri {text} NOT NULL DEFAULT '';            -- empty: ours
ALTER TABLE collection ADD COLUMN url {text} NOT NULL DEFAULT '';
ALTER TABLE collection ADD COLUMN fetched_ms {int} NOT NULL DEFAULT 0;       -- of others: looked at, or told about
CREATE UNIQUE INDEX collection_uri ON collection (uri) WHERE uri <> '';
CREATE INDEX collection_fetched ON collection (fetched_ms) WHERE uri <> '';
ALTER TABLE collection_item ADD COLUMN uri {text} NOT NULL DEFAULT '';       -- of others
ALTER TABLE collection_item ADD COLUMN position {int} NOT NULL DEFAULT 0;    -- of others, as told
ALTER TABLE collection_item ADD COLUMN approval_uri {text} NOT NULL DEFAULT ''; -- verified; empty: ours by number, or none needed
CREATE INDEX collection_item_approval ON collection_item (approval_uri) WHERE approval_uri <> '';
CREATE INDEX collection_item_pending ON collection_item (created_ms) WHERE state = 2;

CREATE TABLE collection_source (                   -- where an account of another server lists its collections
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    uri {text} NOT NULL,
    fetched_ms {int} NOT NULL DEFAULT 0
) {strict};
