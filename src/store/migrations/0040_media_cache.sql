-- Pictures of other servers that are kept here: which, how large, and when somebody looked.  A row dies with its file.
CREATE TABLE cached_file (
    file {text} PRIMARY KEY,                       -- storage key of the large one
    kind {int} NOT NULL,                           -- enum media_cached
    owner_id {id} NOT NULL,
    bytes {int} NOT NULL,                          -- all sizes together
    used_ms {int} NOT NULL
) {strict};
CREATE INDEX cached_file_used ON cached_file (used_ms);

-- Who names a file: for the sweeper of files that nobody names.
CREATE INDEX media_file ON media (file) WHERE file <> '';
CREATE INDEX media_thumb ON media (thumb) WHERE thumb <> '';
CREATE INDEX account_avatar ON account (avatar) WHERE avatar <> '';
CREATE INDEX account_avatar_static ON account (avatar_static) WHERE avatar_static <> '';
CREATE INDEX account_header ON account (header) WHERE header <> '';
CREATE INDEX account_header_static ON account (header_static) WHERE header_static <> '';
CREATE INDEX emoji_file ON emoji (file) WHERE file <> '';
CREATE INDEX emoji_file_static ON emoji (file_static) WHERE file_static <> '';
