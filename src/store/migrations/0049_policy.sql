-- Other servers: which an operator lets in although others are blocked, what policies did to accounts, ended follows, and relays.
CREATE TABLE domain_allow (
    domain {text} PRIMARY KEY,
    created_ms {int} NOT NULL
) {strict};

-- The silenced_ms or suspended_ms that a policy set, so that taking the policy back takes nothing of a moderator; 0: none.
ALTER TABLE account ADD COLUMN policy_ms {int} NOT NULL DEFAULT 0;
CREATE INDEX account_policy ON account (id) WHERE policy_ms <> 0;

CREATE TABLE severed_follow (                      -- one follow that ended: what the person may follow again elsewhere
    severance_id {id} NOT NULL REFERENCES severance (id) ON DELETE CASCADE,
    follower {bool} NOT NULL,                      -- the other followed the person; else the person the other
    handle {text} NOT NULL,
    reblogs {bool} NOT NULL,
    notify {bool} NOT NULL,
    languages {text} NOT NULL,
    PRIMARY KEY (severance_id, follower, handle)
) {strict};
CREATE INDEX severance_created ON severance (created_ms);

CREATE TABLE relay (
    id {id} PRIMARY KEY,
    kind {int} NOT NULL,                           -- enum relay_kind
    state {int} NOT NULL,                          -- enum relay_state
    url {text} NOT NULL UNIQUE,                    -- as the operator gave it: an inbox, or an actor (LitePub)
    inbox {text} NOT NULL,                         -- empty: not known yet
    actor_uri {text} NOT NULL,                     -- empty: not known yet
    follow_uri {text} NOT NULL,                    -- id of our Follow
    window_ms {int} NOT NULL DEFAULT 0,            -- the minute that is counted, and the posts of it
    used {int} NOT NULL DEFAULT 0,
    posts {int} NOT NULL DEFAULT 0,                -- that came by it
    heard_ms {int} NOT NULL DEFAULT 0,
    last_error {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL
) {strict};

-- Whose inbox is gone?
CREATE INDEX account_inbox ON account (inbox);
CREATE INDEX account_shared_inbox ON account (shared_inbox, id);
