-- Full text of posts: what they are found by, as tokens made by text_tokens and store/search.c.  doc/design/search.md
CREATE TABLE status_search (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL,                      -- of the author
    public {bool} NOT NULL,                        -- may be found by everybody
    words {text} NOT NULL                          -- tokens, separated by spaces
) {strict};

-- The tokens stand in status_search only; nothing is ranked, so no sizes of columns.  store/search.c keeps both together: triggers that
-- write to a virtual table are refused with trusted_schema off.
CREATE VIRTUAL TABLE status_words USING fts5 (words, content = 'status_search', content_rowid = 'status_id', columnsize = 0,
    tokenize = "ascii tokenchars '=@#~_-'");

-- Posts whose tokens are to be made.
CREATE TABLE search_pending (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    stamp {int} NOT NULL                           -- which version: another one came when it is no longer the same
) {strict};
