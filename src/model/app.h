/* OAuth applications, tokens, authorization codes. */
#ifndef MODEL_APP_H
#define MODEL_APP_H

#include "base/str.h"

/* The web client: its own name, no secret (RFC 6749, 2.1: public), no page that asks for consent. */
#define APP_WEB_CLIENT "dassie-web"

struct app {
    int64_t id;
    struct str client_id;
    struct str secret_hash;
    struct str name, website; /* website p NULL: none */
    struct str redirect_uris; /* one a line */
    uint64_t scopes;
    struct str scope_text;
    bool confidential;
    int64_t created_ms;
};

struct token {
    int64_t id, app_id, user_id, account_id; /* user 0: the app itself */
    uint64_t scopes;
    struct str scope_text;
    int64_t created_ms, used_ms;
    /* joined, for the check of a request */
    uint64_t permissions;
    bool confirmed, approved, disabled, suspended, moved;
    struct str locale;
    /* joined, for lists */
    struct str app_name, app_website;
};

struct tokens {
    struct token *v;
    size_t n;
};

struct auth_code {
    int64_t app_id, user_id, account_id;
    struct str redirect_uri;
    uint64_t scopes;
    struct str scope_text, challenge;
    int64_t token_id, expires_ms;
};

#endif
