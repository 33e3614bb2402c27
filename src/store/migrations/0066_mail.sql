-- How far somebody was told of notifications by mail, and how many mails that took today.
CREATE TABLE notification_mail (
    user_id {id} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    upto_id {id} NOT NULL,                         -- notifications up to this one need no mail
    sent_ms {int} NOT NULL,                        -- the last mail
    day {int} NOT NULL,                            -- of sent_today, counted from 1970
    sent_today {int} NOT NULL
) {strict};
