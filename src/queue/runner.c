/*
 * The threads of the lanes.
 *
 * A lane holds what it has claimed and not yet settled.  A thread takes the next waiting row; when there is none, one thread looks
 * into the table: in one write transaction it removes what is done and claims the next batch.  So a loaded lane commits once for a
 * batch, and an idle one only reads, every few seconds, at the next due time, or when woken.
 */
#include "queue/internal.h"

#include "base/clock.h"
#include "base/cond.h"
#include "base/log.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

enum {
    LOOK_MS = 5 * SECOND_MS,    /* other processes put jobs too, and do not wake us */
    TROUBLE_MS = 1 * SECOND_MS, /* after the database refused */
    UPKEEP_MS = 5 * SECOND_MS,  /* reap and measure the depth */
    AGAIN_MS = 20,              /* between two looks that wait for something */
    HELD_MAX = 128,
    THREADS_MAX = 64,
};

enum phase { PHASE_WAITS, PHASE_RUNS, PHASE_DONE };

struct held {
    struct queue_row row; /* strings in the lane's arena while it waits */
    enum phase phase;
    int64_t claimed_mono_ms;
};

struct lane {
    struct queue *q;
    enum job_lane id;
    pthread_mutex_t m;
    pthread_cond_t changed;
    struct held held[HELD_MAX];
    size_t n_held;
    struct arena *mem;  /* of the batch */
    bool is_looking;    /* one thread at a time */
    bool is_in_trouble; /* the last look failed: nothing hurries the next one */
    uint64_t wakes;     /* counts; a wake during a look is not lost */
    uint64_t wakes_seen;
    int64_t look_at_mono_ms; /* the next look without a wake */
    _Atomic int64_t depth;
};

struct queue {
    const struct env *env;
    const queue_fn *handlers;
    struct lane lanes[JOB_LANE_COUNT];
    pthread_t threads[THREADS_MAX];
    int n_threads;
    atomic_bool is_stopping;
    _Atomic int64_t upkeep_at_mono_ms;
    int64_t look_ms;    /* LOOK_MS, but in tests */
    struct queue *next; /* of those that the clock wakes */
};

/* ---- waking --------------------------------------------------------------------------------------------------- */

static pthread_mutex_t queues_m = PTHREAD_MUTEX_INITIALIZER;
static struct queue *queues; /* started ones */

void
queue_wake(struct queue *q, enum job_lane lane)
{
    struct lane *l = &q->lanes[lane];

    pthread_mutex_lock(&l->m);
    l->wakes++;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->m);
}

static void
wake_all(struct queue *q)
{
    for (int i = 0; i < JOB_LANE_COUNT; i++)
        queue_wake(q, (enum job_lane)i);
}

/* The clock has jumped: due times mean something else now. */
static void
on_clock_shift(void *arg UNUSED)
{
    pthread_mutex_lock(&queues_m);
    for (struct queue *q = queues; q != NULL; q = q->next) {
        q->upkeep_at_mono_ms = 0;
        wake_all(q);
    }
    pthread_mutex_unlock(&queues_m);
}

static void
register_for_shifts(void)
{
    clock_on_shift(on_clock_shift, NULL);
}

static void
list_add(struct queue *q)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, register_for_shifts);
    pthread_mutex_lock(&queues_m);
    q->next = queues;
    queues = q;
    pthread_mutex_unlock(&queues_m);
}

static void
list_remove(struct queue *q)
{
    pthread_mutex_lock(&queues_m);
    for (struct queue **at = &queues; *at != NULL; at = &(*at)->next)
        if (*at == q) {
            *at = q->next;
            break;
        }
    pthread_mutex_unlock(&queues_m);
}

/* ---- what a lane holds; l->m is held by the caller -------------------------------------------------------------- */

static struct held *
find_waiting(struct lane *l)
{
    for (size_t i = 0; i < l->n_held; i++)
        if (l->held[i].phase == PHASE_WAITS)
            return &l->held[i];
    return NULL;
}

static size_t
ids_done(const struct lane *l, int64_t *out)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_held; i++)
        if (l->held[i].phase == PHASE_DONE)
            out[n++] = l->held[i].row.id;
    return n;
}

static struct held *
find_id(struct lane *l, int64_t id)
{
    for (size_t i = 0; i < l->n_held; i++)
        if (l->held[i].row.id == id)
            return &l->held[i];
    BUG("job %lld is not held", (long long)id);
}

/* Keeps the order: oldest due first. */
static void
forget(struct lane *l, int64_t id)
{
    struct held *h = find_id(l, id);

    memmove(h, h + 1, (size_t)(&l->held[l->n_held] - (h + 1)) * sizeof(*h));
    l->n_held--;
}

static void
hold(struct lane *l, const struct queue_row *rows, size_t n, int64_t now_mono_ms)
{
    arena_reset(l->mem); /* nothing waits: the runners have copied theirs */
    for (size_t i = 0; i < n; i++) {
        struct held *h = &l->held[l->n_held++];

        *h = (struct held){ .row = rows[i], .phase = PHASE_WAITS, .claimed_mono_ms = now_mono_ms };
        h->row.kind = str_dup(l->mem, rows[i].kind);
        h->row.args = str_dup(l->mem, rows[i].args);
        h->row.request_id = str_dup(l->mem, rows[i].request_id);
    }
}

/* ---- looking into the table ------------------------------------------------------------------------------------- */

static enum err
flush_and_claim(struct ctx *c, struct lane *l, const int64_t *done, size_t n_done, int64_t limit,
    struct queue_row **out, size_t *out_n)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(queue_finish(c, done, n_done));
    TRY(queue_claim(c, l->id, limit, out, out_n));
    return db_commit(c);
}

/* Leases of dead processes, and the depth, for all lanes by whoever comes first. */
static enum err
upkeep(struct ctx *c, struct queue *q)
{
    int64_t now = clock_mono_ms(), at = q->upkeep_at_mono_ms, *ours, depth;
    size_t n = 0;

    if (now < at || !atomic_compare_exchange_strong(&q->upkeep_at_mono_ms, &at, now + UPKEEP_MS))
        return ERR_OK;
    ours = arena_vec(c->mem, int64_t, (size_t)JOB_LANE_COUNT * HELD_MAX);
    TRY(db_begin(c, DB_WRITE));
    for (int i = 0; i < JOB_LANE_COUNT; i++) { /* now that nobody can claim */
        struct lane *l = &q->lanes[i];

        pthread_mutex_lock(&l->m);
        for (size_t j = 0; j < l->n_held; j++)
            ours[n++] = l->held[j].row.id;
        pthread_mutex_unlock(&l->m);
    }
    TRY(queue_reap(c, ours, n));
    TRY(db_commit(c));
    for (int i = 0; i < JOB_LANE_COUNT; i++) {
        TRY(queue_depth(c, (enum job_lane)i, &depth));
        q->lanes[i].depth = depth;
    }
    db_rollback(c);
    return ERR_OK;
}

/* Claims when something is due; *out_look_in_ms says when to look again otherwise. */
static enum err
look(struct ctx *c, struct lane *l, const int64_t *done, size_t n_done, struct queue_row **out, size_t *out_n,
    int64_t *out_look_in_ms)
{
    int64_t due, now = clock_ms();

    *out_n = 0;
    *out_look_in_ms = l->q->look_ms;
    TRY(upkeep(c, l->q));
    TRY(queue_next_due(c, l->id, &due));
    db_rollback(c);
    if (n_done > 0 || (due != 0 && due <= now)) {
        TRY(flush_and_claim(c, l, done, n_done, queue_lanes[l->id].batch, out, out_n));
        if (*out_n > 0 || due == 0)
            return ERR_OK;
    }
    /* When nothing could be claimed of what is due, all of it was buried or is locked, and there may be more. */
    if (due != 0)
        *out_look_in_ms = MIN(MAX(due - now, AGAIN_MS), l->q->look_ms);
    return ERR_OK;
}

/* l->m is held, and is again on return. */
static void
look_for_more(struct ctx *c, struct lane *l)
{
    int64_t finished[HELD_MAX], look_in_ms = TROUBLE_MS, start = clock_mono_ms();
    size_t n_done = ids_done(l, finished), n = 0;
    struct queue_row *rows = NULL;
    enum err e;

    l->is_looking = true;
    l->wakes_seen = l->wakes;
    pthread_mutex_unlock(&l->m);
    e = look(c, l, finished, n_done, &rows, &n, &look_in_ms);
    if (e != ERR_OK) {
        db_rollback(c);
        log_failure(c, "job.claim", e);
        n = 0;
        look_in_ms = TROUBLE_MS;
    }
    pthread_mutex_lock(&l->m);
    if (e == ERR_OK) {
        for (size_t i = 0; i < n_done; i++)
            forget(l, finished[i]);
        hold(l, rows, n, start);
    }
    l->is_looking = false;
    l->is_in_trouble = e != ERR_OK;
    l->look_at_mono_ms = n > 0 ? 0 : clock_mono_ms() + look_in_ms;
    pthread_cond_broadcast(&l->changed);
    ctx_end(c);
}

/* ---- threads ---------------------------------------------------------------------------------------------------- */

/* A row that has waited here for half of its lease gets a new one, or is somebody else's by now. */
static bool
refresh_lease(struct ctx *c, struct queue_row *row, int64_t claimed_mono_ms)
{
    enum job_kind kind;
    enum err e;

    if (!queue_kind_find(row->kind, &kind) || clock_mono_ms() - claimed_mono_ms < queue_kinds[kind].lease_ms / 2)
        return true;
    e = db_begin(c, DB_WRITE);
    if (e == ERR_OK)
        e = db_end(c, queue_renew(c, row, queue_kinds[kind].lease_ms));
    return e == ERR_OK;
}

/* l->m is held, and is again on return. */
static void
run_next(struct ctx *c, struct lane *l, struct held *h)
{
    struct queue_row row = h->row;
    int64_t claimed = h->claimed_mono_ms;
    bool is_done = false;

    h->phase = PHASE_RUNS;
    row.kind = str_dup(c->mem, row.kind);
    row.args = str_dup(c->mem, row.args);
    row.request_id = str_dup(c->mem, row.request_id);
    pthread_mutex_unlock(&l->m);
    if (refresh_lease(c, &row, claimed))
        is_done = queue_run_row(c, &row, l->q->handlers);
    ctx_end(c);
    pthread_mutex_lock(&l->m);
    if (is_done)
        find_id(l, row.id)->phase = PHASE_DONE;
    else {
        forget(l, row.id);
        l->wakes++; /* it may be due before the next look: the last one did not see it */
    }
    pthread_cond_broadcast(&l->changed);
}

static bool
has_done(const struct lane *l)
{
    for (size_t i = 0; i < l->n_held; i++)
        if (l->held[i].phase == PHASE_DONE)
            return true;
    return false;
}

static bool
should_look(const struct lane *l, int64_t now)
{
    if (l->is_looking)
        return false;
    if (now >= l->look_at_mono_ms)
        return true;
    return !l->is_in_trouble && (l->wakes != l->wakes_seen || has_done(l));
}

static void
wait_change(struct lane *l)
{
    if (l->is_looking)
        pthread_cond_wait(&l->changed, &l->m);
    else
        cond_wait_until(&l->changed, &l->m, l->look_at_mono_ms);
}

static void *
lane_thread(void *arg)
{
    struct lane *l = arg;
    struct arena *mem = arena_new_heap();
    struct ctx c;

    pthread_mutex_lock(&l->m);
    while (!l->q->is_stopping) {
        struct held *h = find_waiting(l);

        ctx_begin(&c, mem, l->q->env);
        if (h != NULL)
            run_next(&c, l, h);
        else if (should_look(l, clock_mono_ms()))
            look_for_more(&c, l);
        else
            wait_change(l);
    }
    pthread_mutex_unlock(&l->m);
    arena_free(mem);
    return NULL;
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static void
done(void *arg)
{
    struct queue *q = arg;

    queue_stop(q);
    for (int i = 0; i < JOB_LANE_COUNT; i++) {
        pthread_mutex_destroy(&q->lanes[i].m);
        pthread_cond_destroy(&q->lanes[i].changed);
        arena_free(q->lanes[i].mem);
    }
}

struct queue *
queue_new(struct arena *a, const struct env *env)
{
    struct queue *q = arena_new(a, struct queue);

    q->env = env;
    q->look_ms = LOOK_MS;
    for (int i = 0; i < JOB_LANE_COUNT; i++) {
        struct lane *l = &q->lanes[i];

        CHECK(queue_lanes[i].batch + 2 * queue_lanes[i].threads <= HELD_MAX);
        l->q = q;
        l->id = (enum job_lane)i;
        l->mem = arena_new_heap();
        pthread_mutex_init(&l->m, NULL);
        pthread_cond_init(&l->changed, NULL);
    }
    arena_defer(a, done, q);
    return q;
}

static enum err
put_crons(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    for (int i = 0; i < J_COUNT; i++)
        TRY(queue_cron_put(c, (enum job_kind)i));
    return db_commit(c);
}

static bool
start_threads(struct queue *q)
{
    sigset_t all, before;
    bool ok = true;

    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are the main thread's */
    for (int i = 0; i < JOB_LANE_COUNT && ok; i++)
        for (int j = 0; j < queue_lanes[i].threads && ok; j++) {
            CHECK(q->n_threads < THREADS_MAX);
            ok = pthread_create(&q->threads[q->n_threads], NULL, lane_thread, &q->lanes[i]) == 0;
            if (ok)
                q->n_threads++;
        }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

enum err
queue_start(struct queue *q, const queue_fn *handlers)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    CHECK(q->n_threads == 0);
    q->handlers = handlers;
    q->is_stopping = false;
    ctx_begin(&c, mem, q->env);
    e = put_crons(&c);
    if (e != ERR_OK)
        log_failure(&c, "job.start", e);
    ctx_end(&c);
    arena_free(mem);
    if (e != ERR_OK)
        return e;
    list_add(q);
    if (start_threads(q))
        return ERR_OK;
    queue_stop(q);
    return ERR_INTERNAL;
}

/* Nobody runs any more.  What fails here is found again when the leases run out. */
static enum err
give_back(struct ctx *c, struct lane *l)
{
    int64_t ids[HELD_MAX];

    if (l->n_held == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(queue_finish(c, ids, ids_done(l, ids)));
    for (size_t i = 0; i < l->n_held; i++)
        if (l->held[i].phase == PHASE_WAITS)
            TRY(queue_put_off(c, &l->held[i].row, l->held[i].row.run_at_ms, false, STR_NONE));
    return db_commit(c);
}

void
queue_stop_claiming(struct queue *q)
{
    q->is_stopping = true;
    wake_all(q);
}

void
queue_stop(struct queue *q)
{
    struct arena *mem;

    if (q->n_threads == 0)
        return;
    list_remove(q);
    queue_stop_claiming(q);
    for (int i = 0; i < q->n_threads; i++)
        pthread_join(q->threads[i], NULL);
    q->n_threads = 0;
    mem = arena_new_heap();
    for (int i = 0; i < JOB_LANE_COUNT; i++) {
        struct ctx c;
        enum err e;

        ctx_begin(&c, mem, q->env);
        e = give_back(&c, &q->lanes[i]);
        if (e != ERR_OK)
            log_failure(&c, "job.stop", e);
        ctx_end(&c);
        q->lanes[i].n_held = 0;
    }
    arena_free(mem);
}

void
queue_set_look_for_tests(struct queue *q, int64_t ms)
{
    q->look_ms = ms;
}

bool
queue_is_full(const struct queue *q, enum job_lane lane)
{
    return q != NULL && q->lanes[lane].depth > QUEUE_DEPTH_MAX;
}

void
queue_drain_for_tests(struct queue *q)
{
    struct arena *mem = arena_new_heap();
    bool is_busy = true;
    struct ctx c;

    ctx_begin(&c, mem, q->env);
    while (is_busy) {
        struct lane *l = &q->lanes[JOB_LANE_FAST];

        wake_all(q); /* also after trouble with the database */
        if (queue_is_busy(&c, &is_busy) != ERR_OK)
            is_busy = true;
        ctx_end(&c);
        if (!is_busy)
            break;
        pthread_mutex_lock(&l->m);
        cond_wait_until(&l->changed, &l->m, clock_mono_ms() + AGAIN_MS);
        pthread_mutex_unlock(&l->m);
    }
    arena_free(mem);
}
