-- Writing: posts kept for later, posts that end by themselves, posts that stay here.
CREATE TABLE draft (                               -- with a time: scheduled
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    user_id {int},
    app_id {int},
    posts {text} NOT NULL,                         -- [the parameters of each]
    n_posts {int} NOT NULL,
    version {int} NOT NULL,
    scheduled_ms {int},
    failed_ms {int},                               -- publishing failed for good
    failure {text} NOT NULL DEFAULT '',            -- why, for its author
    key {text} NOT NULL DEFAULT '',                -- Idempotency-Key
    created_ms {int} NOT NULL,
    updated_ms {int} NOT NULL
) {strict};
CREATE INDEX draft_account ON draft (account_id, id); -- drafts and scheduled ones: a few hundred of an account at most

-- Files that a draft holds do not go with the other loose ones.
ALTER TABLE media ADD COLUMN draft_id {id} REFERENCES draft (id) ON DELETE SET NULL;
CREATE INDEX media_draft ON media (draft_id) WHERE draft_id IS NOT NULL;

ALTER TABLE status ADD COLUMN expires_ms {int};                          -- it deletes itself then
ALTER TABLE status ADD COLUMN local_only {bool} NOT NULL DEFAULT FALSE;  -- never leaves this server
