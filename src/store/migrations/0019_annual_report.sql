-- A year in numbers, made once when its account asks for it.
CREATE TABLE annual_report (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    year {int} NOT NULL,
    data {text} NOT NULL DEFAULT '',               -- JSON; '' while it is being made
    viewed {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL,
    PRIMARY KEY (account_id, year)
) {strict};

-- Work that goes on after an answer: clients ask again until it is done.
CREATE TABLE async_refresh (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    topic {text} NOT NULL,                         -- what it is about: 'annual_report:2026'
    done {bool} NOT NULL DEFAULT FALSE,
    result_count {int},
    updated_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX async_refresh_topic ON async_refresh (account_id, topic);
CREATE INDEX async_refresh_updated ON async_refresh (updated_ms);
