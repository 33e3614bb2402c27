-- Link previews: one for a URL, whoever posts it (doc/design/cards.md).
CREATE TABLE card (
    id {id} PRIMARY KEY,
    url {text} NOT NULL,
    link {text} NOT NULL DEFAULT '',
    state {int} NOT NULL DEFAULT 0,                -- enum card_state
    kind {int} NOT NULL DEFAULT 0,                 -- enum card_kind
    title {text} NOT NULL DEFAULT '',
    description {text} NOT NULL DEFAULT '',
    language {text} NOT NULL DEFAULT '',
    author_name {text} NOT NULL DEFAULT '',
    author_url {text} NOT NULL DEFAULT '',
    provider_name {text} NOT NULL DEFAULT '',
    provider_url {text} NOT NULL DEFAULT '',
    html {text} NOT NULL DEFAULT '',
    embed_url {text} NOT NULL DEFAULT '',
    width {int} NOT NULL DEFAULT 0,
    height {int} NOT NULL DEFAULT 0,
    image {text} NOT NULL DEFAULT '',              -- storage key
    image_remote {text} NOT NULL DEFAULT '',
    image_text {text} NOT NULL DEFAULT '',
    blurhash {text} NOT NULL DEFAULT '',
    published_ms {int} NOT NULL DEFAULT 0,
    creator_id {id} REFERENCES account (id) ON DELETE SET NULL,
    creator_ok {bool} NOT NULL DEFAULT FALSE,
    fetched_ms {int} NOT NULL DEFAULT 0,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX card_url ON card (url);
CREATE INDEX card_creator ON card (creator_id) WHERE creator_id IS NOT NULL;
CREATE INDEX card_image ON card (image) WHERE image <> '';
CREATE INDEX card_fetched ON card (fetched_ms);

CREATE TABLE status_card (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    card_id {id} NOT NULL REFERENCES card (id) ON DELETE CASCADE
) {strict};
CREATE INDEX status_card_card ON status_card (card_id, status_id);

-- Answers of the translation service, by a digest of what was asked.
CREATE TABLE translation (
    digest {bytes} PRIMARY KEY,
    body {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX translation_created ON translation (created_ms);
