/* A passkey: a key in somebody's authenticator that logs a user in (WebAuthn). */
#ifndef MODEL_PASSKEY_H
#define MODEL_PASSKEY_H

#include "base/str.h"

enum { PASSKEYS_MAX = 20, PASSKEY_NAME_CHARS_MAX = 60 };

struct passkey {
    int64_t id, user_id;
    struct str credential, public_key; /* bytes */
    int alg;                           /* COSE */
    int64_t sign_count;
    struct str name;
    int64_t created_ms, used_ms; /* used_ms 0: never */
};

struct passkeys {
    struct passkey *v;
    size_t n;
};

/* What a browser is told to make a key for: for navigator.credentials.create(). */
struct passkey_options {
    struct str challenge; /* bytes */
    struct str user_handle, name, display_name;
    struct str rp_id;
    int algs[4]; /* COSE, the best first */
    size_t n_algs;
    struct passkeys known; /* no second one in an authenticator that has one of these */
};

#endif
