-- Indexes that statements wanted: src/store/plans.tsv names those that still read a whole table.
CREATE INDEX token_account ON token (account_id);
CREATE INDEX auth_code_account ON auth_code (account_id);
CREATE INDEX auth_code_user ON auth_code (user_id);
CREATE INDEX activity_account ON activity (account_id);
CREATE INDEX mute_expires ON mute (expires_ms) WHERE expires_ms IS NOT NULL;
CREATE INDEX users_role ON users (role_id);
CREATE INDEX host_dead ON host (first_failure_ms) WHERE state = 3;
CREATE INDEX dead_file_created ON dead_file (created_ms);
