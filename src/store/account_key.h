/* Keys of accounts.  Functions that write want a write transaction. */
#ifndef STORE_ACCOUNT_KEY_H
#define STORE_ACCOUNT_KEY_H

#include "base/ctx.h"

struct account_key {
    struct str uri;
    int64_t account_id;
    int kind;           /* enum key_kind of crypto/sign.h */
    struct str public;  /* as key_pack makes it */
    struct str private; /* sealed; empty for others' keys */
    int64_t revoked_ms;
};
struct account_keys {
    struct account_key *v;
    size_t n;
};
NODISCARD enum err store_account_key_get(struct ctx *c, struct str uri, struct account_key **out); /* NOT_FOUND */
NODISCARD enum err store_account_keys(struct ctx *c, int64_t account_id, struct account_keys *out);
/* Replace all keys of an account. */
NODISCARD enum err store_account_keys_set(struct ctx *c, int64_t account_id, const struct account_key *v, size_t n);

/* The key before the present one; NOT_FOUND.  put replaces. */
NODISCARD enum err store_account_key_old(struct ctx *c, int64_t account_id, struct account_key **out);
NODISCARD enum err store_account_key_old_put(struct ctx *c, const struct account_key *k, int64_t now_ms);
NODISCARD enum err store_account_key_old_prune(struct ctx *c, int64_t before_ms);

#endif
