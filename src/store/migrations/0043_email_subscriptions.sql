-- Who gets the public posts of an account by mail.
ALTER TABLE account ADD COLUMN wants_subscribers {bool} NOT NULL DEFAULT FALSE;
CREATE TABLE email_subscription (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    email {text} NOT NULL,                         -- as it stands on the wire
    email_key {text} NOT NULL,                     -- in lower case
    locale {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL,
    confirmed_ms {int},
    sent_id {id} NOT NULL DEFAULT 0,               -- posts up to this one were mailed
    next_ms {int} NOT NULL DEFAULT 0               -- no mail before, whatever account it is about
) {strict};
CREATE UNIQUE INDEX email_subscription_key ON email_subscription (account_id, email_key);
CREATE INDEX email_subscription_email ON email_subscription (email_key);
CREATE INDEX email_subscription_unconfirmed ON email_subscription (created_ms) WHERE confirmed_ms IS NULL;
