-- Pictures of the server itself.
CREATE TABLE server_picture (
    name {text} PRIMARY KEY,                       -- enum server_picture_kind by name
    file {text} NOT NULL,                          -- storage keys
    thumb {text} NOT NULL DEFAULT '',
    width {int} NOT NULL,
    height {int} NOT NULL,
    blurhash {text} NOT NULL DEFAULT '',
    description {text} NOT NULL DEFAULT ''
) {strict};
CREATE INDEX server_picture_file ON server_picture (file);
CREATE INDEX server_picture_thumb ON server_picture (thumb) WHERE thumb <> '';
