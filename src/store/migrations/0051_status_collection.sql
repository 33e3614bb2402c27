-- Collections that posts link to.  doc/design/collections.md
CREATE TABLE status_collection (
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    collection_id {id} NOT NULL REFERENCES collection (id) ON DELETE CASCADE,
    position {int} NOT NULL,
    PRIMARY KEY (status_id, collection_id)
) {strict};
CREATE INDEX status_collection_collection ON status_collection (collection_id);
CREATE INDEX collection_url ON collection (url) WHERE url <> '';
