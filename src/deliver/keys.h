/* Private keys of our accounts for the signing threads, kept a minute, so that a post to a thousand inboxes reads its key once. */
#ifndef DELIVER_KEYS_H
#define DELIVER_KEYS_H

#include "base/ctx.h"
#include "crypto/sign.h"

enum { SIGNING_KEYS_MAX = 1024 };

struct signing_key {
    struct private_key key;
    struct str id;
};

/* Of an account, 0: of the instance actor, which has RSA only; everything in mem.  NOT_FOUND: no such key (any more).  Any thread. */
NODISCARD enum err signing_key_get(
    const struct env *env, struct arena *mem, int64_t account_id, enum key_kind kind, struct signing_key *out);
/* The one before a rotation; read each time. */
NODISCARD enum err signing_key_old(
    const struct env *env, struct arena *mem, int64_t account_id, struct signing_key *out);
/* Forget all: at the end, and in tests. */
void signing_keys_forget(void);

#endif
