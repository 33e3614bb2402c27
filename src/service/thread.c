/* When a thread is looked for at other servers, and who waits for it; how is in thread_walk.c. */
#include "service/thread.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/thread_internal.h"
#include "store/account.h"
#include "store/async_refresh.h"
#include "store/status.h"

enum {
    NEW_MS = 5 * MINUTE_MS,       /* so young a thread comes by itself */
    COOLDOWN_MS = 15 * MINUTE_MS, /* after the end of one */
    LOST_MS = HOUR_MS,            /* a job that was given up */
    WAITING_MAX = 20,             /* threads that one account may wait for */
    PORTIONS_MAX = 5,
    PORTION_PAUSE_MS = 2 * SECOND_MS,
};

static struct str
topic(struct ctx *c, int64_t status_id)
{
    return str_fmt(c->mem, "context:%lld", (long long)status_id);
}

/* ---- asking -------------------------------------------------------------------------------------------------------- */

static bool
is_running(const struct thread_fetch *t, int64_t now)
{
    return t != NULL && t->done_ms == 0 && t->started_ms > now - LOST_MS;
}

/* In the transaction, on the locked row: begin or join. */
static enum err
begin_or_join(struct ctx *c, int64_t top, int64_t opened, struct async_refresh *out)
{
    int64_t now = clock_ms(), waiting;
    struct thread_fetch *t;

    TRY(store_account_lock(c, c->who.account_id));
    TRY(store_async_running(c, c->who.account_id, &waiting));
    TRY(store_thread_lock(c, top, &t));
    if (waiting >= WAITING_MAX || (t != NULL && t->done_ms > now - COOLDOWN_MS))
        return ERR_OK;
    TRY(store_async_begin(c, c->who.account_id, topic(c, top), &out->id));
    out->has_count = true;
    out->result_count = t != NULL && t->done_ms == 0 ? t->found : 0;
    if (is_running(t, now))
        return ERR_OK;
    TRY(store_thread_put(c, &(struct thread_fetch){ .status_id = top, .opened_id = opened, .started_ms = now }));
    metric_add(METRIC_HISTORY_THREADS, 1);
    return queue_put_id(c, J_FETCH_THREAD, top);
}

/*
 * While a thread is read its top may rise, so whoever opens it meanwhile finds the job by any post above.  *top: the post by which it goes,
 * the topmost known one when there is none.
 */
static enum err
find(struct ctx *c, const struct status *s, const struct statuses *ancestors, int64_t *top, struct thread_fetch **out)
{
    struct ids ids = { arena_vec(c->mem, int64_t, ancestors->n + 1), 0 };

    for (size_t i = 0; i < ancestors->n; i++)
        ids.v[ids.n++] = ancestors->v[i]->id;
    ids.v[ids.n++] = s->id;
    TRY(store_thread_newest(c, &ids, out));
    *top = is_running(*out, clock_ms()) ? (*out)->status_id : ids.v[0];
    return ERR_OK;
}

enum err
service_thread_opened(struct ctx *c, const struct status *s, const struct statuses *ancestors,
    const struct statuses *descendants, struct async_refresh *out)
{
    const struct status *top = ancestors->n > 0 ? ancestors->v[0] : s;
    int64_t now = clock_ms(), top_id;
    struct thread_fetch *t;
    struct async_refresh a;

    *out = (struct async_refresh){ 0 };
    if (c->who.account_id == 0 || s->reblog_of_id != 0 || s->visibility > VIS_UNLISTED ||
        top->visibility > VIS_UNLISTED || s->created_ms > now - NEW_MS ||
        (s->local && top->local && !statuses_any_remote(ancestors) && !statuses_any_remote(descendants)))
        return ERR_OK;
    TRY(find(c, s, ancestors, &top_id, &t));
    if (t != NULL && t->done_ms > now - COOLDOWN_MS)
        return ERR_OK;
    if (is_running(t, now)) {
        TRY(store_async_find(c, c->who.account_id, topic(c, top_id), &a));
        if (a.id != 0 && !a.done) {
            *out = (struct async_refresh){ .id = a.id, .has_count = true, .result_count = t->found };
            return ERR_OK;
        }
    }
    TRY(db_begin(c, DB_WRITE));
    TRY(begin_or_join(c, top_id, s->id, out));
    return db_commit(c);
}

/* ---- the job ------------------------------------------------------------------------------------------------------- */

/*
 * The thread has a post above the one by which it was read: whoever opens it by that one finds that it was read.  Unless another job reads it
 * by that one now, from another branch: people wait for its end.
 */
static enum err
put_above(struct ctx *c, struct thread_fetch t, int64_t top)
{
    struct status *s;
    enum err e = store_status_get(c, top, &s);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    t.status_id = top;
    return store_thread_put_done(c, &t, clock_ms() - LOST_MS);
}

/* The end of a portion: go on later, or tell those who wait. */
static enum err
end_portion(struct ctx *c, struct thread_fetch *t, int64_t top, bool more)
{
    TRY(db_begin(c, DB_WRITE));
    if (more && t->portions < PORTIONS_MAX) {
        TRY(store_thread_update(c, t));
        TRY(store_async_progress(c, topic(c, t->status_id), t->found));
        TRY(queue_put(c, J_FETCH_THREAD, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)t->status_id),
            &(struct job_opts){ .run_at_ms = clock_ms() + PORTION_PAUSE_MS }));
        return db_commit(c);
    }
    t->done_ms = clock_ms();
    TRY(store_thread_update(c, t));
    TRY(store_async_finish(c, topic(c, t->status_id), t->found));
    if (top != t->status_id)
        TRY(put_above(c, *t, top));
    return db_commit(c);
}

/* Its topmost post was deleted, or it was read already: there is nothing to wait for. */
static enum err
end_without(struct ctx *c, int64_t status_id, int64_t found)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_async_finish(c, topic(c, status_id), found));
    return db_commit(c);
}

/*
 * A portion that fails for reasons of ours is followed by another, as one that was too short is, and not by a pause of a minute or by a job
 * that is given up while people look at "running".
 */
enum err
service_thread_fetch(struct ctx *c, int64_t status_id)
{
    struct thread_fetch *t;
    int64_t top;
    bool more;
    enum err e;

    TRY(store_thread_get(c, status_id, &t));
    if (t == NULL || t->done_ms != 0)
        return end_without(c, status_id, t == NULL ? 0 : t->found);
    e = thread_walk(c, t, &top, &more);
    if (e != ERR_OK) {
        db_rollback(c);
        log_failure(c, "thread.fetch", e);
        ctx_ok(c);
        top = t->status_id;
        more = true;
    }
    t->portions++;
    return end_portion(c, t, top, more);
}

enum err
thread_progress(struct ctx *c, const struct thread_fetch *t, int64_t walked_id)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_thread_walked(c, walked_id, clock_ms()));
    TRY(store_thread_update(c, t));
    TRY(store_async_progress(c, topic(c, t->status_id), t->found));
    return db_commit(c);
}
