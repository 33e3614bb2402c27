-- What people do not want to see.  Bounded for each account (service/filter.h), read whole and compiled.  doc/design/filters.md
CREATE TABLE filter (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    title {text} NOT NULL,
    contexts {int} NOT NULL,                       -- bits of enum filter_context
    action {int} NOT NULL,                         -- enum filter_action
    expires_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX filter_account ON filter (account_id, id);

CREATE TABLE filter_keyword (
    id {id} PRIMARY KEY,
    filter_id {id} NOT NULL REFERENCES filter (id) ON DELETE CASCADE,
    keyword {text} NOT NULL,
    whole_word {bool} NOT NULL
) {strict};
CREATE INDEX filter_keyword_filter ON filter_keyword (filter_id, id);

CREATE TABLE filter_status (
    id {id} PRIMARY KEY,
    filter_id {id} NOT NULL REFERENCES filter (id) ON DELETE CASCADE,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE
) {strict};
CREATE UNIQUE INDEX filter_status_pair ON filter_status (filter_id, status_id);
CREATE INDEX filter_status_status ON filter_status (status_id);

-- Moves with every change of an account's filters: what was compiled from another version is old.  No row: never had a filter.
CREATE TABLE filter_version (
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    version {int} NOT NULL
) {strict};
