-- What was fetched because somebody looked: threads, old posts of accounts, numbers that other servers tell.
CREATE TABLE thread_fetch (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE, -- the topmost post that was known
    opened_id {id} NOT NULL,                       -- the one that somebody looked at; read first
    started_ms {int} NOT NULL,
    done_ms {int},                                 -- NULL: it goes on
    portions {int} NOT NULL DEFAULT 0,             -- runs of the job
    pages {int} NOT NULL DEFAULT 0,
    found {int} NOT NULL DEFAULT 0                 -- posts that were not here before
) {strict};
CREATE INDEX thread_fetch_started ON thread_fetch (started_ms);

ALTER TABLE status_stat ADD COLUMN remote_replies {int};               -- as the origin tells
ALTER TABLE status_stat ADD COLUMN walked_ms {int} NOT NULL DEFAULT 0; -- of others: when its replies were last asked for
ALTER TABLE status_stat ADD COLUMN counted_ms {int} NOT NULL DEFAULT 0; -- and its numbers

ALTER TABLE account_stat ADD COLUMN remote_statuses {int};
ALTER TABLE account_stat ADD COLUMN remote_followers {int};
ALTER TABLE account_stat ADD COLUMN remote_following {int};
ALTER TABLE account_stat ADD COLUMN counted_ms {int} NOT NULL DEFAULT 0;    -- when they were last asked for
ALTER TABLE account_stat ADD COLUMN backfilled_ms {int} NOT NULL DEFAULT 0; -- and its posts; 0: never

-- Finishing tells all who wait.
CREATE INDEX async_refresh_by_topic ON async_refresh (topic);
