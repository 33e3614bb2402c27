-- Keys that log somebody in, which stay in an authenticator; here is what checks them.
CREATE TABLE passkey (
    id {id} PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential {bytes} NOT NULL UNIQUE,            -- the id that the authenticator gave it
    public_key {bytes} NOT NULL,
    alg {int} NOT NULL,                            -- COSE
    sign_count {int} NOT NULL,                     -- of the last use; stays 0 where the authenticator does not count
    name {text} NOT NULL,
    created_ms {int} NOT NULL,
    used_ms {int}
) {strict};
CREATE INDEX passkey_user ON passkey (user_id, id);

-- Challenges that were answered and are still young enough to be answered again.
CREATE TABLE passkey_spent (
    hash {bytes} PRIMARY KEY,
    expires_ms {int} NOT NULL
) {strict};
CREATE INDEX passkey_spent_expires ON passkey_spent (expires_ms);
