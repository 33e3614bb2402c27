-- Old posts that go by themselves: what the owner wants, and how far the job is.
CREATE TABLE cleanup (
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    enabled {bool} NOT NULL,
    min_age_s {int} NOT NULL,
    keep_direct {bool} NOT NULL,
    keep_pinned {bool} NOT NULL,
    keep_polls {bool} NOT NULL,
    keep_media {bool} NOT NULL,
    keep_own_favourites {bool} NOT NULL,
    keep_own_bookmarks {bool} NOT NULL,
    min_favourites {int} NOT NULL,                 -- kept from so many on; 0: never for that
    min_reblogs {int} NOT NULL,
    after_id {int} NOT NULL DEFAULT 0,             -- posts up to it were looked at
    next_ms {int} NOT NULL DEFAULT 0               -- when it is looked at again
) {strict};
CREATE INDEX cleanup_next ON cleanup (next_ms) WHERE enabled = TRUE;

-- Everything somebody has, as one file.
CREATE TABLE archive (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    state {int} NOT NULL,                          -- enum archive_state
    place {text} NOT NULL DEFAULT '',              -- key in the media store, of a kind that the web does not serve
    bytes {int} NOT NULL DEFAULT 0,
    posts {int} NOT NULL DEFAULT 0,
    files {int} NOT NULL DEFAULT 0,
    left_out {int} NOT NULL DEFAULT 0,             -- files that had no room, or are gone
    created_ms {int} NOT NULL,
    expires_ms {int} NOT NULL
) {strict};
CREATE INDEX archive_account ON archive (account_id, id);
CREATE UNIQUE INDEX archive_waiting ON archive (account_id) WHERE state = 0;
CREATE INDEX archive_expires ON archive (expires_ms);
