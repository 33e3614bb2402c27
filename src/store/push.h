/* Subscriptions for Web Push.  auth and secret are sealed bytes here. */
#ifndef STORE_PUSH_H
#define STORE_PUSH_H

#include "base/ctx.h"
#include "model/push.h"

/* In a write transaction: instead of what the token had; of the account the newest `keep` stay. */
NODISCARD enum err store_push_put(struct ctx *c, const struct push_subscription *p, int64_t keep);
NODISCARD enum err store_push_of_token(struct ctx *c, int64_t token_id, struct push_subscription **out); /* NOT_FOUND */
NODISCARD enum err store_push_get(struct ctx *c, int64_t id, struct push_subscription **out);            /* NOT_FOUND */
/* All of an account that ask for this kind. */
NODISCARD enum err store_push_wanting(
    struct ctx *c, int64_t account_id, enum notification_kind kind, struct push_subscriptions *out);
NODISCARD enum err store_push_set(struct ctx *c, int64_t id, enum push_policy policy, uint64_t alerts);
/* 0: it arrives; else since when it does not. */
NODISCARD enum err store_push_failing(struct ctx *c, int64_t id, int64_t since_ms);
NODISCARD enum err store_push_delete(struct ctx *c, int64_t id);
/* The language of the user behind a token. */
NODISCARD enum err store_push_locale(struct ctx *c, int64_t token_id, struct str *out);

#endif
