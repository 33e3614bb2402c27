-- Polls.  One row for the question with its tallies, so that a page of statuses needs one more query and not two.
CREATE TABLE poll (
    id {id} PRIMARY KEY,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    options {text} NOT NULL,                       -- [{"title", "votes"}]
    voters {int},                                  -- NULL: the origin does not say
    multiple {bool} NOT NULL,
    hide_totals {bool} NOT NULL DEFAULT FALSE,
    expires_ms {int},                              -- NULL: never
    closed_told {bool} NOT NULL DEFAULT FALSE,     -- the end was announced
    checked_ms {int} NOT NULL DEFAULT 0,           -- remote: when its tallies were told or asked for last
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX poll_status ON poll (status_id);

CREATE TABLE poll_vote (
    id {id} PRIMARY KEY,
    poll_id {id} NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    choice {int} NOT NULL,                         -- place of the option, from 0
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX poll_vote_once ON poll_vote (poll_id, account_id, choice);
CREATE INDEX poll_vote_account ON poll_vote (account_id);

-- The options as they were in an old version of a status: ["…"]; NULL: it had no poll.
ALTER TABLE status_edit ADD COLUMN poll {text};
