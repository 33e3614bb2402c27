/* Subscriptions by mail: addresses of people who have no account here. */
#ifndef STORE_SUBSCRIPTION_H
#define STORE_SUBSCRIPTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/subscription.h"

/* The one with this account and key, made when it is missing; s->id is the row's afterwards, and so is the rest. */
NODISCARD enum err store_subscription_put(struct ctx *c, struct email_subscription *s);
NODISCARD enum err store_subscription_get(struct ctx *c, int64_t id, struct email_subscription *out); /* NOT_FOUND */
/* Who said yes, and who was asked. */
NODISCARD enum err store_subscription_count(struct ctx *c, int64_t account_id, int64_t *confirmed, int64_t *waiting);
/* Mails begin with what is newer than sent_id.  Nothing changes when it was confirmed before. */
NODISCARD enum err store_subscription_confirm(struct ctx *c, int64_t id, int64_t now_ms, int64_t sent_id);
NODISCARD enum err store_subscription_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_subscription_delete_all(struct ctx *c, int64_t account_id);
/* Never confirmed, and older than this. */
NODISCARD enum err store_subscription_prune(struct ctx *c, int64_t before_ms);

/* Confirmed ones that were not mailed up to `newest`, whose hour is over; any order. */
NODISCARD enum err store_subscription_due(
    struct ctx *c, int64_t account_id, int64_t newest, int64_t now_ms, int64_t limit, struct email_subscriptions *out);
/* When the first of those whose hour is not over will be due; 0: nobody waits. */
NODISCARD enum err store_subscription_next(struct ctx *c, int64_t account_id, int64_t newest, int64_t *ms);
/* Take s for a mail up to `newest`; all of its address wait until next_ms.  *taken false: another one was faster. */
NODISCARD enum err store_subscription_take(
    struct ctx *c, const struct email_subscription *s, int64_t newest, int64_t now_ms, int64_t next_ms, bool *taken);
/* The account's posts with after < id <= upto that are for everybody: public, no reply, boost or post that ends; newest first. */
NODISCARD enum err store_subscription_posts(
    struct ctx *c, int64_t account_id, int64_t after, int64_t upto, int64_t limit, struct ids *out);

#endif
