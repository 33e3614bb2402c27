-- The directory by activity: read from the end of this index, so that a page costs what it shows.
CREATE INDEX account_stat_active ON account_stat (last_status_id, account_id);
