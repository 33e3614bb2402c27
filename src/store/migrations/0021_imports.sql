-- Lists that people bring from elsewhere, worked off row by row by a job.
CREATE TABLE import (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind {int} NOT NULL,                           -- enum list_kind
    overwrite {bool} NOT NULL,                     -- in the end, what is not in it goes
    state {int} NOT NULL DEFAULT 0,                -- enum import_state
    total {int} NOT NULL,
    done {int} NOT NULL DEFAULT 0,
    failed {int} NOT NULL DEFAULT 0,
    created_ms {int} NOT NULL,
    finished_ms {int}
) {strict};
CREATE INDEX import_account ON import (account_id, id);
CREATE INDEX import_user ON import (user_id);
CREATE INDEX import_finished ON import (finished_ms) WHERE finished_ms IS NOT NULL;

CREATE TABLE import_row (
    import_id {id} NOT NULL REFERENCES import (id) ON DELETE CASCADE,
    position {int} NOT NULL,
    key {text} NOT NULL,                           -- name or name@domain in lower case, domain, address of a post; lists: title and name
    cells {text} NOT NULL,                         -- JSON [text]
    state {int} NOT NULL DEFAULT 0,                -- 0 waits, 1 done, 2 failed
    error {text} NOT NULL DEFAULT '',
    PRIMARY KEY (import_id, position)
) {strict};
CREATE INDEX import_row_waiting ON import_row (import_id, position) WHERE state = 0;
CREATE INDEX import_row_key ON import_row (import_id, key);
