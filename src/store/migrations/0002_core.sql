-- People.  A user logs in; an account is a public actor; a membership says who may speak as whom.
CREATE TABLE account (
    id {id} PRIMARY KEY,
    username {text} NOT NULL,                      -- as shown
    username_fold {text} NOT NULL,                 -- lower case, for lookup
    domain {text} NOT NULL DEFAULT '',             -- '' is ours
    uri {text} NOT NULL,
    url {text} NOT NULL DEFAULT '',
    actor_type {text} NOT NULL DEFAULT 'Person',
    inbox {text} NOT NULL DEFAULT '',
    shared_inbox {text} NOT NULL DEFAULT '',
    outbox {text} NOT NULL DEFAULT '',
    followers_uri {text} NOT NULL DEFAULT '',
    following_uri {text} NOT NULL DEFAULT '',
    featured_uri {text} NOT NULL DEFAULT '',
    display_name {text} NOT NULL DEFAULT '',
    note_text {text} NOT NULL DEFAULT '',          -- source, ours only
    note {text} NOT NULL DEFAULT '',               -- clean HTML
    fields {text} NOT NULL DEFAULT '[]',           -- [{name, text, value, verified_ms}]
    emojis {text} NOT NULL DEFAULT '[]',           -- shortcodes in name, note and fields
    avatar {text} NOT NULL DEFAULT '',             -- storage key
    avatar_static {text} NOT NULL DEFAULT '',
    avatar_remote {text} NOT NULL DEFAULT '',
    avatar_text {text} NOT NULL DEFAULT '',
    header {text} NOT NULL DEFAULT '',
    header_static {text} NOT NULL DEFAULT '',
    header_remote {text} NOT NULL DEFAULT '',
    header_text {text} NOT NULL DEFAULT '',
    locked {bool} NOT NULL DEFAULT FALSE,
    bot {bool} NOT NULL DEFAULT FALSE,
    discoverable {bool} NOT NULL DEFAULT FALSE,
    indexable {bool} NOT NULL DEFAULT FALSE,
    hide_collections {bool} NOT NULL DEFAULT FALSE,
    memorial {bool} NOT NULL DEFAULT FALSE,
    show_media {bool} NOT NULL DEFAULT TRUE,
    show_media_replies {bool} NOT NULL DEFAULT TRUE,
    show_featured {bool} NOT NULL DEFAULT TRUE,
    also_known_as {text} NOT NULL DEFAULT '[]',
    attribution_domains {text} NOT NULL DEFAULT '[]',
    moved_to_id {id},
    suspended_ms {int},
    suspended_by_origin {bool} NOT NULL DEFAULT FALSE,
    silenced_ms {int},
    sensitized_ms {int},
    handle_ok {bool} NOT NULL DEFAULT TRUE,        -- WebFinger agreed
    created_ms {int} NOT NULL,
    updated_ms {int} NOT NULL,
    fetched_ms {int} NOT NULL DEFAULT 0            -- remote: when its document was last read
) {strict};
CREATE UNIQUE INDEX account_uri ON account (uri);
CREATE UNIQUE INDEX account_handle ON account (domain, username_fold);

-- Search tokens of names: the username whole, and the words of the display name.
CREATE TABLE account_word (
    word {text} NOT NULL,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    PRIMARY KEY (word, account_id)
) {strict};
CREATE INDEX account_word_account ON account_word (account_id);

-- Counters apart, so that the wide row is not rewritten for each post.
CREATE TABLE account_stat (
    account_id {id} PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    statuses {int} NOT NULL DEFAULT 0,
    followers {int} NOT NULL DEFAULT 0,
    following {int} NOT NULL DEFAULT 0,
    last_status_id {int} NOT NULL DEFAULT 0,
    last_status_ms {int} NOT NULL DEFAULT 0
) {strict};

-- Keys of actors.  RSA: n and e, ready for use; private parts are encrypted with the server key.
CREATE TABLE account_key (
    uri {text} PRIMARY KEY,                        -- …#main-key
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind {int} NOT NULL,                           -- enum key_kind: 1 RSA, 2 Ed25519
    public {bytes} NOT NULL,                       -- DER SPKI, or 32 bytes
    private {bytes},                               -- sealed; ours only
    revoked_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX account_key_account ON account_key (account_id);

CREATE TABLE role (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,
    color {text} NOT NULL DEFAULT '',
    position {int} NOT NULL DEFAULT 0,
    permissions {int} NOT NULL DEFAULT 0,
    highlighted {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL DEFAULT 0
) {strict};
INSERT INTO role (id, name, position, permissions, highlighted) VALUES
    (-99, '', -1, 65536, FALSE), (1, 'Moderator', 10, 1308, TRUE), (2, 'Admin', 100, 983036, TRUE), (3, 'Owner', 1000, 1, TRUE);

CREATE TABLE users (                               -- "user" is a reserved word
    id {id} PRIMARY KEY,
    email {text} NOT NULL,
    email_fold {text} NOT NULL,
    unconfirmed_email {text},
    password {text} NOT NULL,                      -- PHC string
    role_id {id} NOT NULL DEFAULT -99 REFERENCES role (id),
    confirmed_ms {int},
    approved {bool} NOT NULL DEFAULT FALSE,
    disabled {bool} NOT NULL DEFAULT FALSE,
    locale {text} NOT NULL DEFAULT 'en',
    reason {text} NOT NULL DEFAULT '',             -- why they want to join
    date_of_birth {text},
    sign_up_ip {text} NOT NULL DEFAULT '',
    app_id {int},                                  -- the app that signed them up
    totp_secret {bytes},                           -- sealed
    totp_last_step {int} NOT NULL DEFAULT 0,
    settings {text} NOT NULL DEFAULT '{}',         -- posting defaults and the like
    last_active_ms {int} NOT NULL DEFAULT 0,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX users_email ON users (email_fold);

CREATE TABLE backup_code (
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash {bytes} NOT NULL,
    used_ms {int},
    PRIMARY KEY (user_id, hash)
) {strict};

CREATE TABLE membership (
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role {int} NOT NULL,                           -- enum member_role
    is_default {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL,
    PRIMARY KEY (user_id, account_id)
) {strict};
CREATE INDEX membership_account ON membership (account_id);

-- Names that were used and may not come back.
CREATE TABLE reserved_name (
    username_fold {text} PRIMARY KEY,
    created_ms {int} NOT NULL
) {strict};

-- One-time tokens sent by mail: only their hashes.
CREATE TABLE mail_token (
    hash {bytes} PRIMARY KEY,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    purpose {int} NOT NULL,                        -- enum mail_token_purpose
    email {text} NOT NULL,
    expires_ms {int} NOT NULL
) {strict};
CREATE INDEX mail_token_user ON mail_token (user_id);

-- Applications, tokens, sessions.
CREATE TABLE app (
    id {id} PRIMARY KEY,
    client_id {text} NOT NULL,
    secret_hash {bytes} NOT NULL,
    name {text} NOT NULL,
    website {text},
    redirect_uris {text} NOT NULL,                 -- one a line
    scopes {int} NOT NULL,
    scope_text {text} NOT NULL,
    confidential {bool} NOT NULL DEFAULT TRUE,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX app_client ON app (client_id);

CREATE TABLE auth_code (
    hash {bytes} PRIMARY KEY,
    app_id {id} NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    redirect_uri {text} NOT NULL,
    scopes {int} NOT NULL,
    scope_text {text} NOT NULL,
    challenge {text},
    token_id {id},                                 -- set when it was exchanged: a replay revokes that token
    expires_ms {int} NOT NULL
) {strict};

CREATE TABLE token (
    id {id} PRIMARY KEY,
    hash {bytes} NOT NULL,
    app_id {id} NOT NULL REFERENCES app (id) ON DELETE CASCADE,
    user_id {id} REFERENCES users (id) ON DELETE CASCADE,       -- NULL: the app itself
    account_id {id} REFERENCES account (id) ON DELETE CASCADE,
    scopes {int} NOT NULL,
    scope_text {text} NOT NULL,
    created_ms {int} NOT NULL,
    used_ms {int} NOT NULL DEFAULT 0,
    used_ip {text} NOT NULL DEFAULT ''
) {strict};
CREATE UNIQUE INDEX token_hash ON token (hash);
CREATE INDEX token_user ON token (user_id);
CREATE INDEX token_app ON token (app_id);

CREATE TABLE session (                             -- of the web pages
    id {id} PRIMARY KEY,
    hash {bytes} NOT NULL,
    user_id {id} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    csrf {text} NOT NULL,
    user_agent {text} NOT NULL DEFAULT '',
    ip {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL,
    used_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_by_user ON session (user_id);

-- Posts.  Everything derived from a status hangs on its id and dies with it.
CREATE TABLE conversation (
    id {id} PRIMARY KEY,
    uri {text}
) {strict};
CREATE UNIQUE INDEX conversation_uri ON conversation (uri);

CREATE TABLE status (
    id {id} PRIMARY KEY,
    uri {text} NOT NULL,
    url {text} NOT NULL DEFAULT '',
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    user_id {int},                                 -- who wrote it, when ours
    app_id {int},
    local {bool} NOT NULL,
    visibility {int} NOT NULL,                     -- enum visibility
    reblog_of_id {id} REFERENCES status (id) ON DELETE CASCADE,
    in_reply_to_id {id},
    in_reply_to_account_id {id},
    in_reply_to_uri {text},                        -- while the parent is unknown
    conversation_id {id},
    text {text} NOT NULL DEFAULT '',               -- source, ours only
    content_type {text} NOT NULL DEFAULT 'text/plain',
    content {text} NOT NULL DEFAULT '',            -- clean HTML
    spoiler_text {text} NOT NULL DEFAULT '',
    sensitive {bool} NOT NULL DEFAULT FALSE,
    language {text} NOT NULL DEFAULT '',
    object_type {text} NOT NULL DEFAULT 'Note',
    emojis {text} NOT NULL DEFAULT '[]',           -- shortcodes used
    has_media {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL,
    edited_ms {int},
    fetched_ms {int} NOT NULL DEFAULT 0
) {strict};
CREATE UNIQUE INDEX status_uri ON status (uri);
CREATE INDEX status_account ON status (account_id, id);
CREATE INDEX status_reply ON status (in_reply_to_id, id) WHERE in_reply_to_id IS NOT NULL;
CREATE UNIQUE INDEX status_reblog ON status (reblog_of_id, account_id) WHERE reblog_of_id IS NOT NULL;
CREATE INDEX status_public_local ON status (id) WHERE visibility = 0 AND local = TRUE AND reblog_of_id IS NULL;
CREATE INDEX status_public ON status (id) WHERE visibility = 0 AND reblog_of_id IS NULL;
CREATE INDEX status_conversation ON status (conversation_id, id);
CREATE INDEX status_orphan ON status (in_reply_to_uri) WHERE in_reply_to_uri IS NOT NULL;

CREATE TABLE status_stat (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    replies {int} NOT NULL DEFAULT 0,
    reblogs {int} NOT NULL DEFAULT 0,
    favourites {int} NOT NULL DEFAULT 0,
    remote_reblogs {int},                          -- totals claimed by the origin
    remote_favourites {int}
) {strict};

CREATE TABLE status_edit (
    id {id} PRIMARY KEY,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL,
    user_id {int},
    text {text} NOT NULL,
    content {text} NOT NULL,
    spoiler_text {text} NOT NULL,
    sensitive {bool} NOT NULL,
    emojis {text} NOT NULL DEFAULT '[]',
    media {text} NOT NULL DEFAULT '[]',            -- [{id, description}] as they were
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX status_edit_status ON status_edit (status_id, id);

CREATE TABLE mention (
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    silent {bool} NOT NULL DEFAULT FALSE,          -- addressed, but not in the text
    PRIMARY KEY (status_id, account_id)
) {strict};
CREATE INDEX mention_account ON mention (account_id, status_id);

CREATE TABLE tag (
    id {id} PRIMARY KEY,
    name {text} NOT NULL,                          -- folded
    display {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX tag_name ON tag (name);

CREATE TABLE status_tag (
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    tag_id {id} NOT NULL REFERENCES tag (id),
    PRIMARY KEY (status_id, tag_id)
) {strict};
CREATE INDEX status_tag_tag ON status_tag (tag_id, status_id);

CREATE TABLE tag_follow (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    tag_id {id} NOT NULL REFERENCES tag (id),
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX tag_follow_pair ON tag_follow (account_id, tag_id);
CREATE INDEX tag_follow_tag ON tag_follow (tag_id);

CREATE TABLE media (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    status_id {id} REFERENCES status (id) ON DELETE SET NULL,
    position {int} NOT NULL DEFAULT 0,
    kind {int} NOT NULL,                           -- enum media_kind
    state {int} NOT NULL,                          -- enum media_state
    mime {text} NOT NULL DEFAULT '',
    file {text} NOT NULL DEFAULT '',               -- storage keys
    thumb {text} NOT NULL DEFAULT '',
    remote_url {text} NOT NULL DEFAULT '',
    bytes {int} NOT NULL DEFAULT 0,
    description {text} NOT NULL DEFAULT '',
    focus_x {real} NOT NULL DEFAULT 0,
    focus_y {real} NOT NULL DEFAULT 0,
    width {int} NOT NULL DEFAULT 0,
    height {int} NOT NULL DEFAULT 0,
    thumb_width {int} NOT NULL DEFAULT 0,
    thumb_height {int} NOT NULL DEFAULT 0,
    duration_ms {int} NOT NULL DEFAULT 0,
    blurhash {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX media_status ON media (status_id, position) WHERE status_id IS NOT NULL;
CREATE INDEX media_account ON media (account_id);
CREATE INDEX media_loose ON media (created_ms) WHERE status_id IS NULL;

-- Files whose rows are gone: deleted from storage by the prune job.
CREATE TABLE dead_file (
    file {text} PRIMARY KEY,
    created_ms {int} NOT NULL
) {strict};

CREATE TABLE emoji (
    id {id} PRIMARY KEY,
    shortcode {text} NOT NULL,
    domain {text} NOT NULL DEFAULT '',
    uri {text} NOT NULL DEFAULT '',
    file {text} NOT NULL DEFAULT '',
    file_static {text} NOT NULL DEFAULT '',
    remote_url {text} NOT NULL DEFAULT '',
    category {text},
    visible {bool} NOT NULL DEFAULT TRUE,
    disabled {bool} NOT NULL DEFAULT FALSE,
    updated_ms {int} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX emoji_code ON emoji (domain, shortcode);

-- Interactions.  The id of a row is the cursor of its list.
CREATE TABLE favourite (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    uri {text},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX favourite_pair ON favourite (status_id, account_id);
CREATE INDEX favourite_account ON favourite (account_id, id);
CREATE INDEX favourite_uri ON favourite (uri) WHERE uri IS NOT NULL;

CREATE TABLE bookmark (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX bookmark_pair ON bookmark (status_id, account_id);
CREATE INDEX bookmark_account ON bookmark (account_id, id);

CREATE TABLE pin (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    status_id {id} NOT NULL REFERENCES status (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX pin_pair ON pin (account_id, status_id);
CREATE INDEX pin_status ON pin (status_id);

CREATE TABLE conversation_mute (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    conversation_id {id} NOT NULL,
    created_ms {int} NOT NULL,
    PRIMARY KEY (account_id, conversation_id)
) {strict};

-- Relations between accounts.
CREATE TABLE follow (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uri {text} NOT NULL,
    reblogs {bool} NOT NULL DEFAULT TRUE,
    notify {bool} NOT NULL DEFAULT FALSE,
    languages {text} NOT NULL DEFAULT '',          -- "de fr"; '' all
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX follow_pair ON follow (account_id, target_id);
CREATE INDEX follow_target ON follow (target_id, id);
CREATE INDEX follow_account ON follow (account_id, id);
CREATE INDEX follow_uri ON follow (uri);

CREATE TABLE follow_request (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uri {text} NOT NULL,
    reblogs {bool} NOT NULL DEFAULT TRUE,
    notify {bool} NOT NULL DEFAULT FALSE,
    languages {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX follow_request_pair ON follow_request (account_id, target_id);
CREATE INDEX follow_request_target ON follow_request (target_id, id);
CREATE INDEX follow_request_uri ON follow_request (uri);

CREATE TABLE block (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uri {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX block_pair ON block (account_id, target_id);
CREATE INDEX block_target ON block (target_id);
CREATE INDEX block_uri ON block (uri);

CREATE TABLE mute (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    hide_notifications {bool} NOT NULL DEFAULT TRUE,
    expires_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX mute_pair ON mute (account_id, target_id);
CREATE INDEX mute_target ON mute (target_id);

CREATE TABLE user_domain_block (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    domain {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX user_domain_block_pair ON user_domain_block (account_id, domain);

CREATE TABLE account_note (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    note {text} NOT NULL,
    PRIMARY KEY (account_id, target_id)
) {strict};
CREATE INDEX account_note_target ON account_note (target_id);

CREATE TABLE notification (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    from_account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    kind {int} NOT NULL,                           -- enum notification_kind
    status_id {id} REFERENCES status (id) ON DELETE CASCADE,
    dedupe {text} NOT NULL,                        -- one row for one cause
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX notification_dedupe ON notification (account_id, dedupe);
CREATE INDEX notification_account ON notification (account_id, id);
CREATE INDEX notification_status ON notification (status_id);
CREATE INDEX notification_from ON notification (from_account_id);

CREATE TABLE marker (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    timeline {text} NOT NULL,
    last_read_id {int} NOT NULL,
    version {int} NOT NULL DEFAULT 1,
    updated_ms {int} NOT NULL,
    PRIMARY KEY (account_id, timeline)
) {strict};

CREATE TABLE idempotency (
    account_id {id} NOT NULL,
    key {text} NOT NULL,
    status_id {id} NOT NULL,
    created_ms {int} NOT NULL,
    PRIMARY KEY (account_id, key)
) {strict};
CREATE INDEX idempotency_created ON idempotency (created_ms);

-- The server.
CREATE TABLE setting (
    name {text} PRIMARY KEY,
    value {text} NOT NULL
) {strict};

CREATE TABLE rule (
    id {id} PRIMARY KEY,
    position {int} NOT NULL,
    text {text} NOT NULL,
    hint {text} NOT NULL DEFAULT '',
    created_ms {int} NOT NULL
) {strict};

CREATE TABLE domain_policy (
    domain {text} PRIMARY KEY,
    severity {int} NOT NULL,                       -- enum domain_severity
    reject_media {bool} NOT NULL DEFAULT FALSE,
    reject_reports {bool} NOT NULL DEFAULT FALSE,
    private_comment {text} NOT NULL DEFAULT '',
    public_comment {text} NOT NULL DEFAULT '',
    obfuscate {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL
) {strict};

-- Federation.
CREATE TABLE host (
    name {text} PRIMARY KEY,                       -- authority, lower case
    dialect {int} NOT NULL DEFAULT 0,              -- enum ap_dialect that it accepted, 0 unknown
    dialect_ms {int} NOT NULL DEFAULT 0,
    state {int} NOT NULL DEFAULT 0,                -- enum host_state
    failures {int} NOT NULL DEFAULT 0,
    failed_days {int} NOT NULL DEFAULT 0,
    first_failure_ms {int} NOT NULL DEFAULT 0,
    last_failure_ms {int} NOT NULL DEFAULT 0,
    last_success_ms {int} NOT NULL DEFAULT 0,
    created_ms {int} NOT NULL
) {strict};

CREATE TABLE activity (                            -- outbound, serialised once
    id {id} PRIMARY KEY,
    uri {text} NOT NULL,
    account_id {id} NOT NULL,                      -- whose key signs; 0: the instance actor
    status_id {int} NOT NULL DEFAULT 0,            -- for the author's delivery report
    body {text} NOT NULL,
    created_ms {int} NOT NULL
) {strict};
CREATE INDEX activity_status ON activity (status_id) WHERE status_id <> 0;
CREATE INDEX activity_created ON activity (created_ms);

CREATE TABLE delivery (
    id {id} PRIMARY KEY,
    activity_id {id} NOT NULL REFERENCES activity (id) ON DELETE CASCADE,
    inbox {text} NOT NULL,
    host {text} NOT NULL,
    priority {int} NOT NULL DEFAULT 1,
    state {int} NOT NULL DEFAULT 0,                -- enum delivery_state: 0 due, 1 done, 2 failed for good
    tries {int} NOT NULL DEFAULT 0,
    next_ms {int} NOT NULL,
    lease_until_ms {int} NOT NULL DEFAULT 0,
    http_status {int} NOT NULL DEFAULT 0,
    last_error {text} NOT NULL DEFAULT '',
    done_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX delivery_pair ON delivery (activity_id, inbox);
CREATE INDEX delivery_due ON delivery (next_ms, id) WHERE state = 0;
CREATE INDEX delivery_host ON delivery (host, state);

CREATE TABLE inbound (                             -- activities accepted with 202, as received
    id {id} PRIMARY KEY,
    actor_uri {text} NOT NULL,                     -- who signed
    uri {text} NOT NULL,
    inbox_account_id {int} NOT NULL DEFAULT 0,     -- owner of the personal inbox, 0: shared
    body {bytes} NOT NULL,
    digest {bytes} NOT NULL,                       -- SHA-256 of body
    done {bool} NOT NULL DEFAULT FALSE,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX inbound_pair ON inbound (actor_uri, uri, inbox_account_id, digest);
CREATE INDEX inbound_created ON inbound (created_ms);

-- URIs that may not come back (created again by a late or repeated message), and effects undone before they arrived.
CREATE TABLE tombstone (
    uri {text} NOT NULL,
    actor_uri {text} NOT NULL,                     -- who says so; of no effect on what is somebody else's
    expires_ms {int},                              -- NULL: for good
    created_ms {int} NOT NULL,
    PRIMARY KEY (uri, actor_uri)
) {strict};
CREATE INDEX tombstone_expires ON tombstone (expires_ms) WHERE expires_ms IS NOT NULL;
