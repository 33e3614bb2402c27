-- Where an app or browser wants to be told of notifications (Web Push): one for a token, ends with it.
CREATE TABLE push_subscription (
    id {id} PRIMARY KEY,
    token_id {id} NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    endpoint {text} NOT NULL,
    p256dh {bytes} NOT NULL,
    auth {bytes} NOT NULL,                         -- sealed
    secret {bytes} NOT NULL,                       -- the token as the app knows it, sealed: apps find the account by it
    standard {bool} NOT NULL,                      -- RFC 8291; else its draft
    policy {int} NOT NULL,
    alerts {int} NOT NULL,                         -- bits of enum notification_kind
    failing_ms {int},                              -- since when nothing arrives
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX push_subscription_token ON push_subscription (token_id);
CREATE INDEX push_subscription_account ON push_subscription (account_id, id);
