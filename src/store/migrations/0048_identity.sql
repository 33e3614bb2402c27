-- Moves of accounts, ours and others', for as long as they count for the pause until the next one.
CREATE TABLE account_move (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_uri {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX account_move_account ON account_move (account_id, created_ms);
CREATE INDEX account_move_created ON account_move (created_ms);

-- A request that takes the place of a follow of this account as soon as it is granted.
ALTER TABLE follow_request ADD COLUMN moved_from_id {id};

ALTER TABLE activity ADD COLUMN flags {int} NOT NULL DEFAULT 0;  -- bits of enum activity_flag

-- When the followers of a remote account were last compared with what its server says.
CREATE TABLE follower_sync (
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    checked_ms {int} NOT NULL
) {strict};

-- The key that an account of ours had before: it signs the news that there is another one, and goes two days later.
CREATE TABLE account_key_old (
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    uri {text} NOT NULL,
    private {bytes} NOT NULL,                        -- RSA, sealed
    retired_ms {int} NOT NULL
) {strict};
CREATE INDEX account_key_old_retired ON account_key_old (retired_ms);

CREATE INDEX tombstone_actor ON tombstone (actor_uri);

-- Names that accounts of ours had before: they lead to the account, and nobody else gets them.
CREATE TABLE old_name (
    username_fold {text} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX old_name_account ON old_name (account_id);
