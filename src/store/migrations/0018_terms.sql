-- Terms of service, each in force from a day on, and rules in other languages.
CREATE TABLE terms (
    effective_ms {int} PRIMARY KEY,                -- midnight UTC of the day
    content {text} NOT NULL,                       -- clean HTML
    created_ms {int} NOT NULL
) {strict};

CREATE TABLE rule_translation (
    rule_id {id} NOT NULL REFERENCES rule (id) ON DELETE CASCADE,
    language {text} NOT NULL,
    text {text} NOT NULL,
    hint {text} NOT NULL DEFAULT '',
    PRIMARY KEY (rule_id, language)
) {strict};
