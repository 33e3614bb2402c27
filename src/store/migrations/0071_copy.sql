-- Whose servers have posts of ours without having been sent them, or longer ago than deliveries are kept: a deletion goes there too.
CREATE TABLE status_copy (                         -- asked for with a signature; doc/design/delivery.md
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (status_id, account_id)
) {strict};
CREATE INDEX status_copy_account ON status_copy (account_id);

CREATE TABLE former_follower (
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    until_ms {int} NOT NULL,                       -- what was posted before that may be there
    PRIMARY KEY (target_id, account_id)
) {strict};
CREATE INDEX former_follower_account ON former_follower (account_id);
CREATE INDEX former_follower_until ON former_follower (until_ms);
