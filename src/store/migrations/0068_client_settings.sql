-- What the web client keeps for somebody on every device: one object of JSON, small (service/client_settings.h).
CREATE TABLE client_settings (
    user_id {id} PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    data {text} NOT NULL
) {strict};
