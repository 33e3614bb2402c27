-- Lists of followees.  At most LISTS_MAX for an account.
CREATE TABLE list (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    title {text} NOT NULL,
    replies {int} NOT NULL,                        -- enum list_replies
    exclusive {bool} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX list_account_id ON list (account_id, id);
CREATE INDEX list_exclusive ON list (account_id) WHERE exclusive = TRUE;

-- Members are followed, asked to be followed, or the owner: the row goes with the follow.
CREATE TABLE list_member (
    id {id} PRIMARY KEY,
    list_id {id} NOT NULL REFERENCES list (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE
) {strict};
CREATE UNIQUE INDEX list_member_pair ON list_member (list_id, account_id);
CREATE INDEX list_member_page ON list_member (list_id, id);
CREATE INDEX list_member_account ON list_member (account_id);
