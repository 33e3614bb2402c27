/* Actors behind an inbox that is gone; numbers of posts; an account that an operator wants to see as it is. */
#include "service/refresh.h"

#include "base/clock.h"
#include "base/page.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/account.h"
#include "service/backfill.h"
#include "service/receive.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/federation.h"
#include "store/status.h"
#include "store/thread.h"

enum {
    ACTORS_MAX = 20,
    LOOK_DELAY_MS = 5 * SECOND_MS, /* a client that shows a post asks for its thread too, which brings the numbers */
    WALKED_MS = 5 * MINUTE_MS,
};

static enum err
refresh(struct ctx *c, int64_t id)
{
    struct budget budget = budget_new();
    struct account *a;
    enum err e;

    TRY(store_account_get(c, id, &a));
    e = service_resolve_refresh(c, &budget, &a);
    if (e != ERR_OK)
        ctx_ok(c);
    if (e == ERR_GONE) {
        TRY(store_account_get(c, id, &a));
        return service_receive_actor_delete(c, a);
    }
    return e == ERR_REMOTE ? e : ERR_OK;
}

/* Those who live on and still name it as shared are written to at their own inboxes. */
static enum err
forget(struct ctx *c, struct str inbox)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_shared_inbox_forget(c, inbox));
    return db_commit(c);
}

enum err
service_refresh_inbox(struct ctx *c, struct str inbox)
{
    enum err worst = ERR_OK;
    struct ids ids;

    TRY(store_accounts_of_inbox(c, inbox, ACTORS_MAX, &ids));
    for (size_t i = 0; i < ids.n; i++) {
        struct arena_mark mark = arena_save(c->mem);
        enum err e = refresh(c, ids.v[i]);

        if (e != ERR_OK)
            worst = e;
        ctx_ok(c);
        arena_restore(c->mem, mark);
    }
    if (worst == ERR_OK)
        return forget(c, inbox);
    return ctx_fail(c, worst, "an actor of %.*s", STR_ARG(inbox));
}

/* ---- posts --------------------------------------------------------------------------------------------------------- */

/* How long numbers are good: the older the post, the longer. */
static int64_t
good_ms(int64_t age_ms)
{
    return age_ms < HOUR_MS               ? 5 * MINUTE_MS
           : age_ms < DAY_MS              ? 30 * MINUTE_MS
           : age_ms < 7 * (int64_t)DAY_MS ? 6 * HOUR_MS
                                          : DAY_MS;
}

enum err
service_status_looked_at(struct ctx *c, const struct status *s)
{
    int64_t now = clock_ms();

    if (s->reblog != NULL)
        s = s->reblog;
    if (c->who.account_id == 0 || s->local || s->visibility > VIS_UNLISTED || s->fetched_ms > now - 5 * MINUTE_MS ||
        s->counted_ms > now - good_ms(now - s->created_ms))
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_status_counted(c, s->id, now));
    TRY(queue_put(c, J_REFRESH_STATUS, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)s->id),
        &(struct job_opts){ .run_at_ms = now + LOOK_DELAY_MS }));
    return db_commit(c);
}

static enum err
no_item(struct ctx *c UNUSED, void *arg UNUSED, const struct val *item UNUSED, bool *stop)
{
    *stop = true;
    return ERR_OK;
}

/* What the note told, or its collection tells; -1: neither. */
static enum err
total(struct ctx *c, struct budget *b, const struct ap_note *x, struct str collection, int64_t told, int64_t *out)
{
    struct pages_limits l = { .pages = 1, .total = -1, .owner = x->id };
    enum err e = ERR_OK;

    if (told < 0 && collection.n > 0)
        e = resolve_pages(c, b, collection, &l, no_item, NULL);
    *out = told >= 0 ? told : l.total;
    if (e != ERR_OK && !resolve_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
read_totals(struct ctx *c, struct budget *b, const struct status *s, const struct ap_note *x)
{
    struct status_totals t;

    TRY(total(c, b, x, x->replies, x->n_replies, &t.replies));
    TRY(total(c, b, x, x->shares, x->n_shares, &t.reblogs));
    TRY(total(c, b, x, x->likes, x->n_likes, &t.favourites));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_status_set_remote_totals(c, s->id, &t));
    return db_commit(c);
}

enum err
service_refresh_status(struct ctx *c, int64_t status_id)
{
    struct budget b = budget_new();
    int64_t counted, walked;
    struct status *s;
    struct ap_note x;
    enum err e;

    b.history = true;
    TRY(store_status_get(c, status_id, &s));
    TRY(store_status_asked(c, status_id, &counted, &walked));
    if (walked > clock_ms() - WALKED_MS)
        return ERR_OK;
    e = resolve_status_note(c, &b, s->uri, &s, &x);
    if (e == ERR_OK)
        return read_totals(c, &b, s, &x);
    if (!resolve_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* ---- one account, now ---------------------------------------------------------------------------------------------- */

/* The files that are here go, their job gets them again. */
static enum err
forget_pictures(struct ctx *c, int64_t id)
{
    struct account *a;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_hold(c, id, &a));
    a->avatar = a->avatar_static = a->header = a->header_static = S("");
    TRY(store_account_update(c, a));
    TRY(queue_put_id(c, J_FETCH_ACCOUNT, id));
    TRY(store_account_asked(c, id, clock_ms(), clock_ms()));
    return db_commit(c);
}

enum err
service_refresh_account(struct ctx *c, struct str handle, struct account **out)
{
    struct budget b = budget_new();
    struct str username, domain;

    if (!service_account_parse_handle(c, handle, &username, &domain) || domain.n == 0)
        return ctx_fail_public(c, ERR_INVALID, "%.*s is no account of another server", STR_ARG(handle));
    TRY(service_resolve_handle(c, &b, username, domain, out));
    TRY(service_resolve_refresh(c, &b, out));
    TRY(forget_pictures(c, (*out)->id));
    TRY(service_backfill(c, (*out)->id, true));
    return store_account_get(c, (*out)->id, out);
}
