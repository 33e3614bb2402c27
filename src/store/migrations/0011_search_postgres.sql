-- Full text of posts: what they are found by, as tokens made by text_tokens and store/search.c.  doc/design/search.md
CREATE TABLE status_search (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL,                      -- of the author
    public {bool} NOT NULL,                        -- may be found by everybody
    words TSVECTOR NOT NULL
);
CREATE INDEX status_search_words ON status_search USING gin (words);

-- Posts whose tokens are to be made.
CREATE TABLE search_pending (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    stamp {int} NOT NULL                           -- which version: another one came when it is no longer the same
);
