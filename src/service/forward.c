/* Forwarding from the inbox (ActivityPub, 7.1.2). */
#include "service/forward.h"

#include "base/clock.h"
#include "base/url.h"
#include "crypto/digest.h"
#include "service/delivery.h"
#include "service/federate.h"
#include "service/window_cache.h"
#include "store/account.h"
#include "store/receive.h"
#include "store/relation.h"
#include "store/status.h"

enum {
    SIGNERS_MAX = 20,
    /* One small message becomes a delivery to each server that follows: not more of one sender than a person writes. */
    ACTOR_MAX = 30,
    HOST_MAX = 300,
    PERIOD_MS = 10 * MINUTE_MS,
};

static struct window actors = WINDOW_INIT, hosts = WINDOW_INIT;

static bool
is_too_much(struct ctx *c, const struct account *from)
{
    struct url u;

    return !url_parse(c->mem, from->uri, &u) || !window_take(&actors, from->uri, ACTOR_MAX, PERIOD_MS) ||
           !window_take(&hosts, u.authority, HOST_MAX, PERIOD_MS);
}

/* The stored post, when it may be passed on; NULL otherwise. */
static enum err
find_post(struct ctx *c, const struct forward *f, struct status **out)
{
    enum err e = store_status_by_uri(c, f->object, out);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        *out = NULL;
        return ERR_OK;
    }
    TRY(e);
    if ((*out)->account_id != f->from->id || (*out)->local || (*out)->reblog_of_id != 0 ||
        (*out)->visibility > VIS_UNLISTED)
        *out = NULL;
    return ERR_OK;
}

static enum err
add_signer(struct ctx *c, int64_t account_id, struct ids *out)
{
    struct account *a;
    enum err e = store_account_get(c, account_id, &a);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (account_is_local(a) && a->suspended_ms == 0)
        out->v[out->n++] = account_id;
    return ERR_OK;
}

/* Whose followers get it, and the first of them signs: the author who is answered, and who boosted it. */
static enum err
find_signers(struct ctx *c, const struct forward *f, const struct status *s, struct ids *out)
{
    struct ids boosters = { 0 };

    if (f->change)
        TRY(store_status_boosters_here(c, s->id, SIGNERS_MAX, &boosters));
    *out = (struct ids){ arena_vec(c->mem, int64_t, boosters.n + 1), 0 };
    if (s->in_reply_to_account_id != 0)
        TRY(add_signer(c, s->in_reply_to_account_id, out));
    for (size_t i = 0; i < boosters.n; i++)
        TRY(add_signer(c, boosters.v[i], out));
    return ERR_OK;
}

static enum err
find_inboxes(struct ctx *c, const struct forward *f, const struct ids *signers, struct strs *out)
{
    struct strs *of = arena_vec(c->mem, struct strs, signers->n);
    size_t n = 0;

    for (size_t i = 0; i < signers->n; i++) {
        TRY(store_follower_inboxes(c, signers->v[i], &of[i]));
        n += of[i].n;
    }
    *out = (struct strs){ arena_vec(c->mem, struct str, n), 0 };
    for (size_t i = 0; i < signers->n; i++)
        for (size_t k = 0; k < of[i].n; k++)
            if (!url_same_origin(c->mem, of[i].v[k], f->from->uri))
                out->v[out->n++] = of[i].v[k];
    return service_audience_drop_suspended(c, out);
}

/* The same activity has the same number, so that it leaves once, however often it comes in. */
static int64_t
number_of(struct str uri)
{
    struct sha256 sum = sha256(uri);
    uint64_t n = 0;

    for (size_t i = 0; i < 8; i++)
        n = n << 8 | (unsigned char)sha256_str(&sum).p[i];
    return (int64_t)(n >> 1 | 1);
}

static enum err
is_sent(struct ctx *c, int64_t id, bool *out)
{
    struct activity *a;
    enum err e = store_activity_get(c, id, &a);

    *out = e == ERR_OK;
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

enum err
service_forward(struct ctx *c, const struct forward *f)
{
    struct activity a = { .id = number_of(f->uri), .uri = f->uri, .body = f->raw, .created_ms = clock_ms() };
    struct ids signers;
    struct strs inboxes;
    struct status *s;
    bool sent;

    TRY(find_post(c, f, &s));
    if (s == NULL)
        return ERR_OK;
    TRY(find_signers(c, f, s, &signers));
    if (signers.n == 0)
        return ERR_OK;
    a.account_id = signers.v[0];
    TRY(find_inboxes(c, f, &signers, &inboxes));
    TRY(is_sent(c, a.id, &sent));
    if (inboxes.n == 0 || (!sent && is_too_much(c, f->from))) /* a second copy costs nothing */
        return ERR_OK;
    return service_delivery_send(c, &a, &inboxes, DELIVERY_NORMAL);
}
