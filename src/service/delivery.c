/* Outbound activities: storing them, and what the delivery loop asks and tells. */
#include "service/delivery.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/domain.h"
#include "service/status.h"
#include "store/account.h"
#include "store/status.h"

#include <stdatomic.h>

enum {
    PORTION = 500,
    WIDE = 1000,       /* more inboxes than that: not all in the same second */
    WIDE_STEP_MS = 6,  /* 10,000 inboxes in a minute */
    SLOW_STEP_MS = 50, /* 20 a second */
    WAIT_MAX_MS =
        DAY_MS, /* and a line longer than that is none any more: the clock was moved, or so many that it does not matter */
    URGENT_LEAD_MS = HOUR_MS, /* due so long ago: in front of an hour of backlog */
    NOT_FOUND_MAX = 3,        /* so many deliveries to one inbox found nothing there: the actor is read again */
};

/* ---- hooks ----------------------------------------------------------------------------------------------------- */

static struct delivery_hooks hooks;

void
service_delivery_set_hooks(const struct delivery_hooks *h)
{
    hooks = *h;
}

void
service_delivery_host_ok(struct str host, bool ed25519)
{
    if (hooks.host_ok != NULL)
        hooks.host_ok(hooks.arg, host, ed25519);
}

static void
wake(struct ctx *c, void *arg)
{
    if (hooks.wake != NULL)
        hooks.wake(hooks.arg);
}

/* ---- sending --------------------------------------------------------------------------------------------------- */

/* Ends of accounts stand in one line, however many end at once: when its last message goes. */
static _Atomic int64_t slow_until_ms;

/* So many more in that line; when the first of them may go. */
static int64_t
slow_begin_ms(size_t n)
{
    int64_t now = clock_ms(), was = atomic_load(&slow_until_ms), from;

    do
        from = was > now && was < now + WAIT_MAX_MS ? was : now;
    while (!atomic_compare_exchange_weak(&slow_until_ms, &was, from + (int64_t)n * SLOW_STEP_MS));
    return from;
}

int64_t
service_delivery_slow_wait_ms(void)
{
    return MAX(atomic_load(&slow_until_ms) - clock_ms(), 0);
}

static int64_t
due_ms(enum delivery_priority p, size_t i, size_t n, int64_t slow_ms)
{
    int64_t now = clock_ms();

    switch (p) {
    case DELIVERY_URGENT:
    case DELIVERY_FAREWELL:
        return now - URGENT_LEAD_MS;
    case DELIVERY_SLOW:
        return slow_ms + (int64_t)i * SLOW_STEP_MS;
    case DELIVERY_NORMAL:
        break;
    }
    return n > WIDE ? now + (int64_t)i * WIDE_STEP_MS : now;
}

static enum err
send_portion(struct ctx *c, const struct activity *a, const struct delivery *rows, size_t n)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_activity_insert(c, a));
    TRY(store_delivery_insert(c, a->id, rows, n));
    ctx_after_commit(c, wake, NULL);
    return db_commit(c);
}

enum err
service_delivery_send(struct ctx *c, const struct activity *a, const struct strs *inboxes, enum delivery_priority p)
{
    struct delivery *rows = arena_vec(c->mem, struct delivery, inboxes->n);
    int64_t slow_ms = p == DELIVERY_SLOW ? slow_begin_ms(inboxes->n) : 0;
    struct strs dead = { 0 };
    size_t n = 0;

    /* answers to people go everywhere, ends of accounts to all but the lost */
    if (p == DELIVERY_NORMAL || p == DELIVERY_SLOW)
        TRY(store_host_dead(c, p == DELIVERY_NORMAL ? INT64_MAX : clock_ms() - HOST_LOST_MS, &dead));
    strs_sort(&dead); /* thousands of each; a database may sort by the rules of a language */
    for (size_t i = 0; i < inboxes->n; i++) {
        struct url u;

        if (!url_parse(c->mem, inboxes->v[i], &u) || strs_has_sorted(&dead, u.authority))
            continue;
        rows[n] = (struct delivery){ .inbox = inboxes->v[i],
            .host = u.authority,
            .priority = (int)p,
            .next_ms = due_ms(p, n, inboxes->n, slow_ms) };
        n++;
    }
    for (size_t i = 0; i < n; i += PORTION) {
        enum err e = send_portion(c, a, rows + i, MIN(n - i, (size_t)PORTION));

        if (e != ERR_OK) {
            db_rollback(c);
            return e;
        }
    }
    return ERR_OK;
}

/* ---- for the loop ---------------------------------------------------------------------------------------------- */

static bool
is_farewell(const struct delivery *d)
{
    return d->priority == DELIVERY_FAREWELL && d->created_ms > clock_ms() - DAY_MS;
}

static enum err
end_unsent(struct ctx *c, struct delivery *d, struct str why)
{
    bool ours;

    d->state = DELIVERY_FAILED;
    d->last_error = why;
    d->done_ms = clock_ms();
    return store_delivery_result(c, d, &ours);
}

/* Rows that wait for a domain that was suspended meanwhile end here. */
static enum err
drop_suspended(struct ctx *c, struct deliveries *v)
{
    struct str host = STR_NONE;
    bool closed = false;
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++) {
        struct delivery *d = &v->v[i];

        if (host.p == NULL || !str_eq(host, d->host)) {
            struct domain_rule rule;

            host = d->host;
            TRY(service_domain_rule(c, host, &rule));
            closed = rule.closed;
        }
        if (!closed || is_farewell(d)) {
            v->v[n++] = *d;
            continue;
        }
        TRY(end_unsent(c, d, S("nothing is exchanged with this domain")));
    }
    v->n = n;
    return ERR_OK;
}

/* What was put off, or written late: after an Undo the Follow would begin anew what has ended. */
static enum err
drop_overtaken(struct ctx *c, struct deliveries *v)
{
    bool *old = arena_vec(c->mem, bool, v->n);
    size_t n = 0;

    TRY(store_delivery_overtaken(c, v, old));
    for (size_t i = 0; i < v->n; i++)
        if (old[i])
            TRY(end_unsent(c, &v->v[i], S("a newer one says what is so now")));
        else
            v->v[n++] = v->v[i];
    v->n = n;
    return ERR_OK;
}

static enum err
claim(struct ctx *c, const struct delivery_query *q, struct deliveries *out)
{
    const struct delivery_claim claim = { .now_ms = q->now_ms,
        .lease_until_ms = q->now_ms + q->lease_ms,
        .skip = q->skip_hosts,
        .max = (int64_t)q->max,
        .max_per_host = (int64_t)q->max_per_host };

    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_claim(c, &claim, out));
    TRY(drop_suspended(c, out));
    TRY(drop_overtaken(c, out));
    return db_commit(c);
}

enum err
service_delivery_claim(struct ctx *c, const struct delivery_query *q, struct deliveries *out, int64_t *next_ms)
{
    *out = (struct deliveries){ 0 };
    TRY(store_delivery_next(c, q->now_ms, &q->skip_hosts, next_ms)); /* most often nothing is due: no need to write */
    if (*next_ms == 0 || *next_ms > q->now_ms)
        return ERR_OK;
    TRY(claim(c, q, out));
    return store_delivery_next(c, q->now_ms, &q->skip_hosts, next_ms);
}

enum err
service_delivery_body(struct ctx *c, int64_t activity_id, struct str *body, unsigned *flags)
{
    struct activity *a;
    struct status *s;

    TRY(store_activity_get(c, activity_id, &a));
    if (a->status_id != 0)
        TRY(store_status_get(c, a->status_id, &s));
    *body = a->body;
    *flags = a->flags;
    return ERR_OK;
}

/* 410: gone, says the server; 404 may be a mistake of today, three of them are not. */
static enum err
look_again(struct ctx *c, const struct delivery *d)
{
    struct url u;
    struct json j;
    struct buf b;
    int64_t n = 0;

    if (d->state != DELIVERY_FAILED || (d->http_status != 410 && d->http_status != 404))
        return ERR_OK;
    if (d->http_status == 404 && url_parse(c->mem, d->inbox, &u))
        TRY(store_delivery_failed(c, u.authority, d->inbox, 404, &n));
    if (d->http_status == 404 && n != NOT_FOUND_MAX)
        return ERR_OK;
    buf_init(&b, c->mem, KB(8));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "inbox", d->inbox);
    json_end(&j);
    if (!json_done(&j))
        return ERR_OK;
    return queue_put(c, J_REFRESH_INBOX, buf_str(&b), NULL);
}

static void
tell_ed25519(struct ctx *c, void *arg)
{
    const struct str *host = arg;

    service_delivery_host_ok(*host, true);
}

/* A host that takes RFC 9421 and publishes Ed25519 keys of its people most likely verifies them: the next message to it tries. */
static enum err
look_for_ed25519(struct ctx *c, const struct host_row *h)
{
    struct str *name;
    bool found;

    if (h->dialect != HOST_DIALECT_RFC9421)
        return ERR_OK;
    TRY(store_host_has_ed25519(c, h->name, &found));
    if (!found)
        return ERR_OK;
    name = arena_new(c->mem, struct str);
    *name = h->name;
    ctx_after_commit(c, tell_ed25519, name);
    return ERR_OK;
}

enum err
service_delivery_report(struct ctx *c, const struct delivery_report *r)
{
    bool ours;

    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < r->n_rows; i++) {
        TRY(store_delivery_result(c, &r->rows[i], &ours));
        if (ours)
            TRY(look_again(c, &r->rows[i]));
    }
    for (size_t i = 0; i < r->n_hosts; i++)
        TRY(store_host_put(c, &r->hosts[i]));
    for (size_t i = 0; i < r->n_hosts; i++)
        TRY(look_for_ed25519(c, &r->hosts[i]));
    return db_commit(c);
}

enum err
service_delivery_park(struct ctx *c, struct str host, int64_t until_ms)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_park(c, host, until_ms));
    return db_commit(c);
}

enum err
service_delivery_unpark(struct ctx *c, struct str host, int64_t now_ms)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_unpark(c, host, now_ms));
    return db_commit(c);
}

enum err
service_delivery_begin(struct ctx *c)
{
    if (!db_is_sqlite(c->env->db))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_release(c));
    return db_commit(c);
}

enum err
service_delivery_hosts(struct ctx *c, size_t max, struct host_rows *out)
{
    return store_host_list(c, (int64_t)max, out);
}

/* ---- for the author ---------------------------------------------------------------------------------------------- */

static enum err
own(struct ctx *c, int64_t status_id)
{
    struct status *s;

    TRY(service_status_get(c, status_id, &s));
    if (s->account_id != c->who.account_id)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld belongs to another account", (long long)status_id);
    return ERR_OK;
}

enum err
service_delivery_of_status(struct ctx *c, int64_t status_id, const struct page *p, struct host_reports *out)
{
    TRY(own(c, status_id));
    return store_delivery_hosts_of_status(c, status_id, p, out);
}

enum err
service_delivery_again(struct ctx *c, int64_t status_id, int64_t *n)
{
    TRY(own(c, status_id));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_again(c, status_id, clock_ms(), n));
    ctx_after_commit(c, wake, NULL);
    return db_commit(c);
}
