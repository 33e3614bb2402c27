-- Reports, people and hashtags shown on a profile, suggestions that were refused.
CREATE TABLE report (
    id {id} PRIMARY KEY,
    uri {text},                                    -- of the Flag, when it came from elsewhere
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE, -- who reports
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    category {int} NOT NULL,                       -- enum report_category
    comment {text} NOT NULL,
    status_ids {text} NOT NULL DEFAULT '[]',       -- stay when the posts are deleted
    rule_ids {text} NOT NULL DEFAULT '[]',
    forwarded {bool} NOT NULL DEFAULT FALSE,
    action_taken_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX report_uri ON report (uri, target_id) WHERE uri IS NOT NULL;
CREATE INDEX report_account ON report (account_id, id);
CREATE INDEX report_target ON report (target_id, id);

ALTER TABLE notification ADD COLUMN report_id {id} REFERENCES report (id) ON DELETE CASCADE;
CREATE INDEX notification_report ON notification (report_id) WHERE report_id IS NOT NULL;

CREATE TABLE endorsement (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX endorsement_pair ON endorsement (account_id, target_id);
CREATE INDEX endorsement_account ON endorsement (account_id, id);
CREATE INDEX endorsement_target ON endorsement (target_id);

CREATE TABLE featured_tag (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    tag_id {id} NOT NULL REFERENCES tag (id),
    display {text} NOT NULL,                       -- as its owner writes it
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX featured_tag_pair ON featured_tag (account_id, tag_id);
CREATE INDEX featured_tag_tag ON featured_tag (tag_id);

CREATE TABLE suggestion_refused (
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    target_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    created_ms {int} NOT NULL,
    PRIMARY KEY (account_id, target_id)
) {strict};
CREATE INDEX suggestion_refused_target ON suggestion_refused (target_id);
CREATE INDEX user_domain_block_account ON user_domain_block (account_id, id);
