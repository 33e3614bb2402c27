-- Counts of the rate limits that protect accounts, so that they outlive a process.  Keys are seeded hashes.
CREATE TABLE limit_count (
    key {int} PRIMARY KEY,
    used {int} NOT NULL,
    end_ms {int} NOT NULL                          -- of the window; pruned then
) {strict};
CREATE INDEX limit_count_end ON limit_count (end_ms);
