-- Notifications in groups, those that wait for the reader's consent, and what a reader wants of strangers.
CREATE TABLE severance (                           -- follows that ended together because of a block
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind {int} NOT NULL,                           -- enum severance_kind
    target {text} NOT NULL,                        -- a domain or a handle
    followers {int} NOT NULL,
    following {int} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX severance_account ON severance (account_id, id);

ALTER TABLE notification ADD COLUMN filtered {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE notification ADD COLUMN group_on {int} NOT NULL DEFAULT 0; -- the status that its group is about, or 0
ALTER TABLE notification ADD COLUMN group_hour {int};                  -- hour in which the group began; NULL: stands alone
ALTER TABLE notification ADD COLUMN severance_id {id} REFERENCES severance (id) ON DELETE CASCADE;
DROP INDEX notification_account;
DROP INDEX notification_from;
CREATE INDEX notification_account ON notification (account_id, id) WHERE filtered = FALSE;
CREATE INDEX notification_kind ON notification (account_id, kind, id);
CREATE INDEX notification_from ON notification (from_account_id, account_id, id);
CREATE INDEX notification_filtered ON notification (account_id, from_account_id, id) WHERE filtered = TRUE;
CREATE INDEX notification_group ON notification (account_id, kind, group_on, group_hour, id) WHERE group_hour IS NOT NULL;
CREATE INDEX notification_severance ON notification (severance_id) WHERE severance_id IS NOT NULL;

CREATE TABLE notification_policy (                 -- no row: the defaults; each enum notification_action
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    not_following {int} NOT NULL,
    not_followers {int} NOT NULL,
    new_accounts {int} NOT NULL,
    private_mentions {int} NOT NULL,
    limited_accounts {int} NOT NULL,
    bots {int} NOT NULL
) {strict};

-- Somebody whose filtered messages wait.  How many and which is the newest is read from the notifications.
CREATE TABLE notification_request (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    from_account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL,
    updated_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX notification_request_pair ON notification_request (account_id, from_account_id);
CREATE INDEX notification_request_account ON notification_request (account_id, id);
CREATE INDEX notification_request_from ON notification_request (from_account_id);

-- Accepted: nothing of theirs is filtered any more.  merging: the job that shows what was filtered has not run yet.
CREATE TABLE notification_permission (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    from_account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    merging {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL,
    PRIMARY KEY (account_id, from_account_id)
) {strict};
CREATE INDEX notification_permission_from ON notification_permission (from_account_id);
CREATE INDEX notification_permission_merging ON notification_permission (account_id) WHERE merging = TRUE;
