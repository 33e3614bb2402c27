-- Links with which people bring others.
CREATE TABLE invite (
    id {id} PRIMARY KEY,
    code {text} NOT NULL,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    comment {text} NOT NULL DEFAULT '',
    max_uses {int} NOT NULL DEFAULT 0,             -- 0: any number
    uses {int} NOT NULL DEFAULT 0,
    autofollow {bool} NOT NULL DEFAULT FALSE,
    expires_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX invite_code ON invite (code);
CREATE INDEX invite_user ON invite (user_id, id);
CREATE INDEX invite_account ON invite (account_id);
