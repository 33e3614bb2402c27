-- Who tried to log in, and how.
CREATE TABLE login (
    id {id} PRIMARY KEY,
    user_id {id} REFERENCES users (id) ON DELETE CASCADE, -- NULL only within a transaction
    method {int} NOT NULL,                         -- enum login_method
    success {bool} NOT NULL,
    ip {text} NOT NULL,
    user_agent {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX login_user ON login (user_id, id);
CREATE INDEX login_created ON login (created_ms);

-- How far somebody was told of notifications by mail, and how many mails that took today.
CREATE TABLE notification_mail (
    user_id {id} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    upto_id {id} NOT NULL,                         -- notifications up to this one need no mail
    sent_ms {int} NOT NULL,                        -- the last mail
    day {int} NOT NULL,                            -- of sent_today, counted from 1970
    sent_today {int} NOT NULL
) {strict};
