/* Web Push: subscriptions, and whom a notification concerns.  Sending is in push_send.c. */
#include "service/push.h"

#include "base/b64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/url.h"
#include "crypto/p256.h"
#include "crypto/secretbox.h"
#include "crypto/webpush.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/notification.h"
#include "service/push_internal.h"
#include "store/push.h"
#include "store/relation.h"

enum { ENDPOINT_BYTES_MAX = 2048, STALE_MS = 2 * DAY_MS };

/* ---- subscribing ------------------------------------------------------------------------------------------------------------ */

/* Apps send either alphabet, with padding or without. */
static bool
decode(struct ctx *c, struct str text, struct str *out)
{
    return b64url_decode(c->mem, text, out) || b64_decode(c->mem, text, out);
}

static bool
is_endpoint(struct ctx *c, struct str text)
{
    struct url u;

    return text.n <= ENDPOINT_BYTES_MAX && url_parse(c->mem, text, &u) && !str_eqi(u.authority, c->env->conf->host) &&
           (str_starts(text, S("https://")) || (c->env->conf->federation_http && str_starts(text, S("http://"))));
}

static enum err
check(struct ctx *c, const struct push_params *p, struct push_subscription *s)
{
    if (!is_endpoint(c, p->endpoint))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Endpoint is not a valid URL");
    if (!decode(c, p->p256dh, &s->p256dh) || !p256_is_point(s->p256dh))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Key p256dh is not a point of P-256");
    if (!decode(c, p->auth, &s->auth) || s->auth.n != WEBPUSH_AUTH_BYTES)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Key auth is not %d bytes", WEBPUSH_AUTH_BYTES);
    return ERR_OK;
}

enum err
service_push_subscribe(struct ctx *c, const struct push_params *p, struct str secret, struct push_subscription **out)
{
    struct push_subscription *s = arena_new(c->mem, struct push_subscription), row;

    *s = (struct push_subscription){ .id = id_new(),
        .token_id = c->who.token_id,
        .account_id = c->who.account_id,
        .endpoint = p->endpoint,
        .standard = p->standard,
        .policy = p->policy,
        .alerts = p->alerts,
        .created_ms = clock_ms() };
    TRY(check(c, p, s));
    row = *s;
    row.auth = secret_box_seal(c->env->box, c->mem, PUSH_AUTH_CONTEXT, s->auth);
    row.secret = secret_box_seal(c->env->box, c->mem, PUSH_SECRET_CONTEXT, secret);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_push_put(c, &row, PUSH_PER_ACCOUNT_MAX));
    TRY(db_commit(c));
    *out = s;
    return ERR_OK;
}

enum err
service_push_get(struct ctx *c, struct push_subscription **out)
{
    return store_push_of_token(c, c->who.token_id, out);
}

enum err
service_push_update(struct ctx *c, enum push_policy policy, uint64_t alerts, struct push_subscription **out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_push_of_token(c, c->who.token_id, out));
    TRY(store_push_set(c, (*out)->id, policy, alerts));
    (*out)->policy = policy;
    (*out)->alerts = alerts;
    return db_commit(c);
}

enum err
service_push_unsubscribe(struct ctx *c)
{
    struct push_subscription *p;
    enum err e = store_push_of_token(c, c->who.token_id, &p);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_push_delete(c, p->id));
    return db_commit(c);
}

/* ---- notifications ------------------------------------------------------------------------------------------------------------ */

static enum err
is_wanted(
    struct ctx *c, const struct push_subscription *p, const struct notification *n, const struct relation *r, bool *out)
{
    struct follow *f = NULL;

    if (p->policy == PUSH_FOLLOWER)
        TRY(store_follow_get(c, n->from_account_id, n->account_id, &f));
    *out = p->policy == PUSH_ALL || (p->policy == PUSH_FOLLOWED && r->following) ||
           (p->policy == PUSH_FOLLOWER && f != NULL);
    return ERR_OK;
}

static struct str
job_args(struct ctx *c, int64_t id, int64_t notification_id)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, 256);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", id);
    json_id(&j, "notification", notification_id);
    json_end(&j);
    CHECK(json_done(&j));
    return buf_str(&b);
}

enum err
service_push_notify(struct ctx *c, const struct notification *n, const struct relation *r)
{
    struct push_subscriptions all;

    TRY(store_push_wanting(c, n->account_id, n->kind, &all));
    for (size_t i = 0; i < all.n; i++) {
        bool wanted;

        TRY(is_wanted(c, &all.v[i], n, r, &wanted));
        if (wanted)
            TRY(queue_put(c, J_NOTIFY_PUSH, job_args(c, all.v[i].id, n->id), NULL));
    }
    return ERR_OK;
}

static enum err
open_sealed(struct ctx *c, struct push_subscription *p)
{
    TRY(secret_box_unseal(c->env->box, c->mem, PUSH_AUTH_CONTEXT, p->auth, &p->auth));
    return secret_box_unseal(c->env->box, c->mem, PUSH_SECRET_CONTEXT, p->secret, &p->secret);
}

static enum err
load(struct ctx *c, int64_t id, int64_t notification_id, struct push_subscription **p, struct push_message *m)
{
    struct notification *n;

    TRY(store_push_get(c, id, p));
    if (open_sealed(c, *p) != ERR_OK) /* another server key: nothing can be sent any more */
        return ctx_fail(c, ERR_NOT_FOUND, "subscription %lld does not open", (long long)id);
    TRY(store_push_locale(c, (*p)->token_id, &m->locale));
    c->who = (struct who){ .token_id = (*p)->token_id, .account_id = (*p)->account_id };
    c->locale = m->locale;
    m->secret = (*p)->secret;
    TRY(service_notification_get(c, notification_id, &n));
    if (n->created_ms > clock_ms() - STALE_MS)
        m->notification = n;
    return ERR_OK;
}

enum err
service_push_load(
    struct ctx *c, int64_t id, int64_t notification_id, struct push_subscription **p, struct push_message *m)
{
    enum err e;

    *m = (struct push_message){ 0 };
    e = load(c, id, notification_id, p, m);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}
