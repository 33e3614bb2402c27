/* A link with which somebody brings others. */
#ifndef MODEL_INVITE_H
#define MODEL_INVITE_H

#include "base/str.h"

struct invite {
    int64_t id, user_id, account_id;
    struct str code, comment;
    int64_t max_uses, uses; /* max 0: any number */
    bool autofollow;
    int64_t expires_ms, created_ms; /* expires 0: never */
};

struct invites {
    struct invite *v;
    size_t n;
};

#endif
