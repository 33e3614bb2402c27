-- Direct posts as each of ours sees them: one row for the same people in the same thread.
CREATE TABLE account_conversation (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    conversation_id {id} NOT NULL,
    participants {text} NOT NULL,                  -- [ids], sorted, without the account itself
    participants_key {bytes} NOT NULL,             -- their digest
    last_status_id {id} NOT NULL,                  -- the newest below; the cursor of the list
    unread {bool} NOT NULL
) {strict};
CREATE UNIQUE INDEX account_conversation_key ON account_conversation (account_id, conversation_id, participants_key);
CREATE INDEX account_conversation_page ON account_conversation (account_id, last_status_id);
CREATE INDEX account_conversation_last ON account_conversation (last_status_id);

CREATE TABLE account_conversation_status (
    account_conversation_id {id} NOT NULL REFERENCES account_conversation (id) ON DELETE CASCADE,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    PRIMARY KEY (account_conversation_id, status_id)
) {strict};
CREATE INDEX account_conversation_status_status ON account_conversation_status (status_id);
