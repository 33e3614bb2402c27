-- Emoji with which people react to posts, and folders of bookmarks.
CREATE TABLE status_reaction (
    id {id} PRIMARY KEY,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    name {text} NOT NULL,                          -- an emoji without variation selectors, or a shortcode
    domain {text} NOT NULL DEFAULT '',             -- whose shortcode; '' ours, or an emoji
    uri {text},                                    -- of the Like of a remote account
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX status_reaction_key ON status_reaction (status_id, account_id, name, domain);
CREATE INDEX status_reaction_account ON status_reaction (account_id, id);
CREATE INDEX status_reaction_uri ON status_reaction (uri) WHERE uri IS NOT NULL;

-- How many of each: a post that many react to is shown as quickly as any other.
CREATE TABLE status_reaction_count (
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    name {text} NOT NULL,
    domain {text} NOT NULL,
    shown {text} NOT NULL,                         -- the emoji as the first one wrote it
    count {int} NOT NULL,
    first_id {id} NOT NULL,                        -- of the first reaction: their order
    PRIMARY KEY (status_id, name, domain)
) {strict};
ALTER TABLE status_stat ADD COLUMN reactions {int} NOT NULL DEFAULT 0;

CREATE TABLE bookmark_folder (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    title {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX bookmark_folder_account ON bookmark_folder (account_id, id);

CREATE TABLE bookmark_folder_item (
    folder_id {id} NOT NULL REFERENCES bookmark_folder (id) ON DELETE CASCADE,
    bookmark_id {id} NOT NULL REFERENCES bookmark (id) ON DELETE CASCADE,
    PRIMARY KEY (folder_id, bookmark_id)
) {strict};
CREATE INDEX bookmark_folder_item_bookmark ON bookmark_folder_item (bookmark_id);
