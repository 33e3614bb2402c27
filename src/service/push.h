/*
 * Web Push: an app leaves the address of a push service and keys; notifications go there encrypted for the app alone (RFC 8030, 8291,
 * 8292).  doc/design/push.md
 */
#ifndef SERVICE_PUSH_H
#define SERVICE_PUSH_H

#include "base/ctx.h"
#include "model/push.h"
#include "model/relation.h"

enum { PUSH_PER_ACCOUNT_MAX = 20 };

/*
 * At start, once: the key by which push services know this server, made and sealed when there is none.  public: base64url with its
 * padding, for env->push_key; lives in a.
 */
NODISCARD enum err service_push_key(struct ctx *c, struct arena *a, struct str *public);

/* ---- the caller's subscription: one for each token ----------------------------------------------------------------------- */

struct push_params {
    struct str endpoint, p256dh, auth; /* keys as the app encoded them: base64 or base64url */
    bool standard;
    enum push_policy policy;
    uint64_t alerts;
};
/* secret: the caller's token.  Instead of an older one.  INVALID with a public text. */
NODISCARD enum err service_push_subscribe(
    struct ctx *c, const struct push_params *p, struct str secret, struct push_subscription **out);
NODISCARD enum err service_push_get(struct ctx *c, struct push_subscription **out); /* NOT_FOUND */
NODISCARD enum err service_push_update(
    struct ctx *c, enum push_policy policy, uint64_t alerts, struct push_subscription **out); /* NOT_FOUND */
NODISCARD enum err service_push_unsubscribe(struct ctx *c); /* fine when there is none */

/* ---- messages ------------------------------------------------------------------------------------------------------------ */

/* In a write transaction: a job for each subscription of n->account_id that wants to hear of n.  r: what the account is to the sender. */
NODISCARD enum err service_push_notify(struct ctx *c, const struct notification *n, const struct relation *r);

/*
 * The job, in two steps around the view: load sets c->who and c->locale to those of the receiver; m->notification NULL: nothing to send (the
 * notification or the subscription is gone, or it is two days old).
 */
NODISCARD enum err service_push_load(
    struct ctx *c, int64_t id, int64_t notification_id, struct push_subscription **p, struct push_message *m);
/*
 * Encrypt and post.  A service that knows the address no more, or refuses it for a week, ends the subscription.  Errors: REMOTE (try
 * again), RATE.  No transaction may be open.
 */
NODISCARD enum err service_push_send(
    struct ctx *c, const struct push_subscription *p, const struct notification *n, struct str payload);

#endif
