-- Trends: what is used more than usual, as far as somebody allowed it.  doc/design/trends.md
-- NULL: nobody has decided, and the setting trendable_by_default does.
ALTER TABLE tag ADD COLUMN trendable {bool};
ALTER TABLE tag ADD COLUMN reviewed_ms {int};
ALTER TABLE account ADD COLUMN trendable {bool};
ALTER TABLE status ADD COLUMN trendable {bool};

-- Who used a hashtag on which day (days since 1970): counted when it is asked, so that no row is written by everybody.
CREATE TABLE tag_use (
    tag_id {id} NOT NULL REFERENCES tag (id),
    day {int} NOT NULL,
    account_id {id} NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    uses {int} NOT NULL,
    PRIMARY KEY (tag_id, day, account_id)
) {strict};
CREATE INDEX tag_use_day ON tag_use (day, tag_id);
CREATE INDEX tag_use_account ON tag_use (account_id);

-- The result of the last reckoning: at most some hundred rows each.
CREATE TABLE trend_tag (
    tag_id {id} PRIMARY KEY REFERENCES tag (id),
    score {real} NOT NULL,
    peak {real} NOT NULL,                          -- the highest score, from which it decays
    peak_ms {int} NOT NULL
) {strict};
CREATE TABLE trend_status (
    status_id {id} PRIMARY KEY REFERENCES status (id) ON DELETE CASCADE,
    score {real} NOT NULL
) {strict};
