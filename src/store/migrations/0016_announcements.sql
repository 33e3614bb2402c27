-- What the operators say to everybody.  Few rows (SERVICE_ANNOUNCEMENTS_MAX), read whole.
CREATE TABLE announcement (
    id {id} PRIMARY KEY,
    text {text} NOT NULL,                          -- Markdown, as typed
    content {text} NOT NULL,                       -- clean HTML
    mentions {text} NOT NULL DEFAULT '[]',         -- ids of accounts
    statuses {text} NOT NULL DEFAULT '[]',         -- ids of statuses that it links to
    tags {text} NOT NULL DEFAULT '[]',             -- folded names
    emojis {text} NOT NULL DEFAULT '[]',           -- shortcodes
    starts_ms {int},
    ends_ms {int},
    all_day {bool} NOT NULL DEFAULT FALSE,
    published_ms {int} NOT NULL,                   -- in the future: scheduled
    created_ms {int} NOT NULL,
    updated_ms {int} NOT NULL
) {strict};

CREATE TABLE announcement_read (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    announcement_id {id} NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, announcement_id)
) {strict};
CREATE INDEX announcement_read_announcement ON announcement_read (announcement_id);

CREATE TABLE announcement_reaction (
    announcement_id {id} NOT NULL REFERENCES announcement (id) ON DELETE CASCADE,
    name {text} NOT NULL,                          -- an emoji, or the shortcode of one of ours
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL,
    PRIMARY KEY (announcement_id, name, account_id)
) {strict};
CREATE INDEX announcement_reaction_account ON announcement_reaction (account_id);
