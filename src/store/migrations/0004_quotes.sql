-- Quotes (doc/design/quotes.md): one row for a post that quotes another.
CREATE TABLE quote (
    id {id} PRIMARY KEY,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    quoted_id {id} REFERENCES status (id) ON DELETE SET NULL,
    quoted_account_id {id} REFERENCES account (id) ON DELETE SET NULL,
    quoted_uri {text} NOT NULL,
    state {int} NOT NULL,                          -- enum quote_state, up to deleted
    legacy {bool} NOT NULL DEFAULT FALSE,
    approval_uri {text} NOT NULL DEFAULT '',       -- verified; not unique: nobody can take somebody else's away
    request_uri {text} NOT NULL DEFAULT '',
    checked_ms {int} NOT NULL DEFAULT 0,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX quote_status ON quote (status_id);
CREATE INDEX quote_account ON quote (account_id);
CREATE INDEX quote_quoted ON quote (quoted_id, id) WHERE quoted_id IS NOT NULL;
CREATE INDEX quote_quoted_account ON quote (quoted_account_id, account_id) WHERE quoted_account_id IS NOT NULL;
CREATE INDEX quote_approval ON quote (approval_uri) WHERE approval_uri <> '';

ALTER TABLE status ADD COLUMN quote_policy {int} NOT NULL DEFAULT 0;   -- bits QUOTE_BY_*
ALTER TABLE status_stat ADD COLUMN quotes {int} NOT NULL DEFAULT 0;    -- accepted ones
ALTER TABLE status_edit ADD COLUMN quote_id {int};                     -- the quote as it was; its row may be gone
