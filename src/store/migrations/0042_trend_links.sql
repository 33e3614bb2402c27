-- Links that are used more than usual, beside hashtags and posts.  doc/design/trends.md
-- NULL: nobody has decided; the publisher's row does then, and after it the setting trendable_by_default.
ALTER TABLE card ADD COLUMN host {text} NOT NULL DEFAULT '';  -- of the page that a click leads to
ALTER TABLE card ADD COLUMN trendable {bool};
ALTER TABLE card ADD COLUMN reviewed_ms {int};

-- Whose pages the cards are: what a moderator decided, and those of links that trend and wait for it.
CREATE TABLE card_provider (
    id {id} PRIMARY KEY,
    domain {text} NOT NULL,
    trendable {bool},
    reviewed_ms {int},
    created_ms {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX card_provider_domain ON card_provider (domain);

-- Who posted a link on which day, like tag_use.
CREATE TABLE card_use (
    card_id {id} NOT NULL REFERENCES card (id) ON DELETE CASCADE,
    day {int} NOT NULL,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uses {int} NOT NULL,
    PRIMARY KEY (card_id, day, account_id)
) {strict};
CREATE INDEX card_use_day ON card_use (day, card_id);
CREATE INDEX card_use_account ON card_use (account_id);

CREATE TABLE trend_card (
    card_id {id} PRIMARY KEY REFERENCES card (id) ON DELETE CASCADE,
    score {real} NOT NULL,
    peak {real} NOT NULL,
    peak_ms {int} NOT NULL
) {strict};
