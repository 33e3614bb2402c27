/* One job from its row to its fate: arguments, the handler, and what its code means. */
#include "queue/internal.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/rng.h"

enum {
    FATE_TRIES = 5,
    UNKNOWN_PAUSE_MS = 10 * MINUTE_MS,
    DETAIL_BYTES_MAX = 500,
    PUT_BACK_MAX_MS = 10 * MINUTE_MS,
    PUT_BACK_FOR_MS = DAY_MS, /* then it is a failure like others */
    RACED_PAUSES = 5,         /* 2, 4, … 32 s; then all the same */
};

/* "id" as text or number. */
static int64_t
read_id(const struct val *args)
{
    const struct val *v = val_get(args, S("id"));
    int64_t id;

    if (v->kind == VAL_STR && str_int(v->s, &id))
        return id;
    return val_int(v, 0);
}

static enum err
call(struct ctx *c, const struct queue_row *row, enum job_kind kind, queue_fn fn)
{
    struct job job = {
        .id = row->id,
        .kind = kind,
        .tries = row->tries,
        .tries_max = queue_kinds[kind].tries_max,
        .created_ms = row->created_ms,
        .request_id = row->request_id,
    };
    enum err e;

    if (json_parse(c->mem, row->args, NULL, &job.args) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "the arguments are not JSON");
    job.arg_id = read_id(job.args);
    c->request_id = row->request_id;
    e = fn(c, &job);
    db_rollback(c); /* what the handler left open is not wanted; keeps c->fail */
    return e;
}

enum verdict { PUT_OFF, PUT_BACK, BURY };

static enum err
settle_once(struct ctx *c, const struct queue_row *row, enum verdict verdict, int64_t run_at_ms, struct str error)
{
    TRY(db_begin(c, DB_WRITE));
    if (verdict == BURY)
        TRY(queue_bury(c, row, error));
    else
        TRY(queue_put_off(c, row, run_at_ms, verdict == PUT_OFF, error));
    return db_commit(c);
}

/* When the database cannot do it now, the lease runs out and the job comes again by itself. */
static void
settle(struct ctx *c, const struct queue_row *row, enum verdict verdict, int64_t run_at_ms, struct str error)
{
    enum err e = ERR_BUSY;

    c->deadline_mono_ms = 0;
    for (int i = 0; i < FATE_TRIES && e != ERR_OK; i++) {
        e = settle_once(c, row, verdict, run_at_ms, error);
        db_rollback(c);
    }
    if (e != ERR_OK)
        log_failure(c, "job.settle", e);
}

static void
log_job(const struct ctx *c, enum log_level level, const char *event, const struct queue_row *row, struct str error,
    int64_t pause_ms)
{
    const struct log_field fields[] = {
        LOG_STR("kind", row->kind),
        LOG_INT("job", row->id),
        LOG_INT("tries", row->tries),
        LOG_STR("error", error),
        LOG_INT("again_in_s", pause_ms / SECOND_MS),
        { 0 },
    };

    log_write(level, c, event, fields);
}

/* The older it is the longer, so that many who wait for one thing do not come again and again. */
static int64_t
put_back_pause_ms(int64_t ms, int64_t age_ms)
{
    ms = MAX(ms, MIN(age_ms / 2, PUT_BACK_MAX_MS));
    return ms + (int64_t)rng_below((uint64_t)ms / 2 + 1);
}

/*
 * The database refused what the handler had just seen to be possible: another transaction was faster.  That says nothing about the job,
 * which looks again.  Not for ever: a row that is refused each time is no matter of the moment.
 */
static bool
is_raced(const struct ctx *c, const struct queue_row *row, int tries_max, enum err e)
{
    return ctx_is_raced(c, e) && row->tries < tries_max;
}

static bool
failed(struct ctx *c, const struct queue_row *row, enum job_kind kind, enum err e)
{
    const struct queue_kind *k = &queue_kinds[kind];
    struct str detail = c->fail.err == e ? c->fail.detail : STR_NONE, error;
    bool raced = is_raced(c, row, k->tries_max, e);
    int64_t pause, age;

    error = str_fmt(
        c->mem, "%s%s%.*s", err_name(e), detail.n > 0 ? ": " : "", (int)MIN(detail.n, DETAIL_BYTES_MAX), detail.p);
    if (err_fate(e) != FATE_RETRY && !raced) {
        log_job(c, ctx_is_raced(c, e) ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, "job.drop", row, error, 0);
        metric_add(METRIC_JOBS_DROPPED, 1);
        return true;
    }
    age = clock_ms() - row->created_ms;
    if (c->fail.err == e && c->fail.put_back_ms > 0 && age < PUT_BACK_FOR_MS) {
        pause = put_back_pause_ms(c->fail.put_back_ms, age);
        log_job(c, LOG_LEVEL_DEBUG, "job.later", row, error, pause);
        settle(c, row, PUT_BACK, clock_ms() + pause, error);
        return false;
    }
    if (row->tries >= k->tries_max) {
        log_job(c, LOG_LEVEL_ERROR, "job.dead", row, error, 0);
        metric_add(METRIC_JOBS_DROPPED, 1);
        settle(c, row, BURY, 0, error);
        return false;
    }
    pause = raced ? SECOND_MS << MIN(row->tries, RACED_PAUSES)
                  : MAX(queue_pause_ms(k->backoff, row->tries), c->fail.retry_after_ms);
    log_job(c, raced ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "job.retry", row, error, pause);
    metric_add(METRIC_JOBS_RETRIED, 1);
    settle(c, row, PUT_OFF, clock_ms() + pause, error);
    return false;
}

bool
queue_run_row(struct ctx *c, struct queue_row *row, const queue_fn *handlers)
{
    enum job_kind kind;
    enum err e;

    if (!queue_kind_find(row->kind, &kind) || handlers[kind] == NULL) {
        log_job(c, LOG_LEVEL_WARN, "job.unknown", row, S("this program has no handler"), UNKNOWN_PAUSE_MS);
        settle(c, row, PUT_BACK, clock_ms() + UNKNOWN_PAUSE_MS, S("no handler"));
        return false;
    }
    c->deadline_mono_ms = clock_mono_ms() + queue_kinds[kind].lease_ms;
    e = call(c, row, kind, handlers[kind]);
    if (e != ERR_OK)
        return failed(c, row, kind, e);
    metric_add(METRIC_JOBS_DONE, 1);
    return true;
}

enum err
queue_run_due(struct ctx *c, const queue_fn *handlers, int *out_n)
{
    struct arena *mem = arena_new_heap();
    enum err e = ERR_OK;
    size_t n = 1;

    *out_n = 0;
    CHECK(c->tx == 0);
    db_rollback(c); /* gives the connection back */
    while (n > 0 && e == ERR_OK) {
        n = 0;
        for (int lane = 0; lane < JOB_LANE_COUNT && n == 0 && e == ERR_OK; lane++) {
            struct queue_row *rows;
            struct ctx job;

            e = db_begin(c, DB_WRITE);
            if (e == ERR_OK)
                e = db_end(c, queue_claim(c, (enum job_lane)lane, 1, &rows, &n));
            if (e != ERR_OK || n == 0)
                continue;
            ctx_begin(&job, mem, c->env);
            if (queue_run_row(&job, &rows[0], handlers)) {
                e = db_begin(c, DB_WRITE);
                if (e == ERR_OK)
                    e = db_end(c, queue_finish(c, &rows[0].id, 1));
            }
            ctx_end(&job);
            ++*out_n;
        }
    }
    db_rollback(c);
    arena_free(mem);
    return e;
}
