-- Collections: people whom somebody recommends, with their consent.  doc/design/collections.md
CREATE TABLE collection (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    description {text} NOT NULL DEFAULT '',
    language {text} NOT NULL DEFAULT '',
    sensitive {bool} NOT NULL DEFAULT FALSE,
    discoverable {bool} NOT NULL DEFAULT TRUE,
    tag_id {id} REFERENCES tag (id),
    created_ms {int} NOT NULL,
    updated_ms {int} NOT NULL
) {strict};
CREATE INDEX collection_account ON collection (account_id, id);

CREATE TABLE collection_item (
    id {id} PRIMARY KEY,
    collection_id {id} NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state {int} NOT NULL,                          -- enum collection_item_state
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX collection_item_pair ON collection_item (collection_id, account_id);
CREATE INDEX collection_item_account ON collection_item (account_id, id);

ALTER TABLE notification ADD COLUMN collection_id {id} REFERENCES collection (id) ON DELETE CASCADE;
CREATE INDEX notification_collection ON notification (collection_id) WHERE collection_id IS NOT NULL;
