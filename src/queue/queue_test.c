#include "queue/internal.h"

#include "queue/migration.h"

#include "base/clock.h"
#include "unit_db.h"

#include <pthread.h>
#include <sched.h>

/* ---- a world with handlers that the tests look into -------------------------------------------------------------- */

enum { SEEN_MAX = 4096 };

static struct {
    pthread_mutex_t m;
    int64_t ids[SEEN_MAX];
    int tries[SEEN_MAX];
    size_t n;
    enum err result; /* of fan_out */
    int64_t put_back_ms;
    bool raced;
    pthread_barrier_t *at_start, *at_end;
} world = { .m = PTHREAD_MUTEX_INITIALIZER };

static void
note(const struct job *job)
{
    pthread_mutex_lock(&world.m);
    if (world.n < SEEN_MAX) {
        world.ids[world.n] = job->arg_id;
        world.tries[world.n] = job->tries;
    }
    world.n++;
    pthread_mutex_unlock(&world.m);
}

static enum err
job_note(struct ctx *c, const struct job *job)
{
    assert_true(c->deadline_mono_ms > clock_mono_ms());
    note(job);
    if (world.result == ERR_OK)
        return ERR_OK;
    (void)ctx_fail(c, world.result, "as the test wants");
    c->fail.put_back_ms = world.put_back_ms;
    c->fail.raced = world.raced;
    return world.result;
}

/* Puts another job in a transaction of its own; leaves a second transaction open, which must not be kept. */
static enum err
job_chain(struct ctx *c, const struct job *job)
{
    note(job);
    TRY(db_begin(c, DB_WRITE));
    if (job->arg_id > 0)
        TRY(queue_put_id(c, J_NOTIFY_PUSH, job->arg_id - 1));
    TRY(db_commit(c));
    TRY(db_begin(c, DB_WRITE));
    return queue_put_id(c, J_FAN_OUT, 999999);
}

static enum err
job_meet(struct ctx *c UNUSED, const struct job *job)
{
    note(job);
    pthread_barrier_wait(world.at_start);
    pthread_barrier_wait(world.at_end);
    return ERR_OK;
}

/* At first: puts another job, waits until the other thread has run it and removed it, and has not got its own turn. */
static enum err
job_late(struct ctx *c, const struct job *job)
{
    bool is_first = world.n == 0;
    struct job_count all[JOB_LANE_COUNT];

    note(job);
    if (!is_first)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(queue_put_id(c, J_FAN_OUT, 2));
    TRY(db_commit(c));
    do {
        sched_yield();
        TRY(queue_counts(c, all));
        db_rollback(c);
    } while (all[JOB_LANE_FAST].waiting + all[JOB_LANE_FAST].running > 1);
    (void)ctx_fail(c, ERR_BUSY, "not its turn");
    c->fail.put_back_ms = 1;
    return ERR_BUSY;
}

static const queue_fn handlers[J_COUNT] = {
    [J_ANNOUNCE] = job_late,
    [J_FAN_OUT] = job_note,
    [J_NOTIFY_PUSH] = job_chain,
    [J_FETCH_MEDIA] = job_meet,
    [J_SEND_MAIL] = job_note,
    [J_PRUNE] = job_note,
};

static struct ctx *
fresh(struct db *db)
{
    world.n = 0;
    world.result = ERR_OK;
    world.put_back_ms = 0;
    world.raced = false;
    unit_db_schema(db, QUEUE_SCHEMA);
    return unit_db_ctx(db);
}

static void
put_id(struct ctx *c, enum job_kind kind, int64_t id)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put_id(c, kind, id));
    assert_ok(c, db_commit(c));
}

static struct job_count
counts(struct ctx *c, enum job_lane lane)
{
    struct job_count all[JOB_LANE_COUNT];

    assert_ok(c, queue_counts(c, all));
    return all[lane];
}

static int
run_due(struct ctx *c)
{
    int n;

    assert_ok(c, queue_run_due(c, handlers, &n));
    return n;
}

/* ---- putting ----------------------------------------------------------------------------------------------------- */

UNIT_DB(queue_put_belongs_to_the_transaction)
{
    struct ctx *c = fresh(db);

    assert_err(queue_put_id(c, J_FAN_OUT, 1), ERR_INTERNAL); /* no transaction */
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put_id(c, J_FAN_OUT, 1));
    db_rollback(c);
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 0);
    put_id(c, J_FAN_OUT, INT64_MAX);
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 1);
    assert_int_equal(run_due(c), 1);
    assert_true(world.ids[0] == INT64_MAX && world.tries[0] == 1);
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting + counts(c, JOB_LANE_FAST).running, 0);
}

UNIT_DB(queue_unique_while_waiting)
{
    struct job_opts later = { .run_at_ms = clock_ms() + HOUR_MS, .unique_key = S("k") };
    struct job_opts replace = { .unique_key = S("k"), .replace = true };
    struct ctx *c = fresh(db);

    for (int i = 0; i < 3; i++) {
        put_id(c, J_FAN_OUT, 5);
        put_id(c, J_FAN_OUT, 6);
        put_id(c, J_SEND_MAIL, 5); /* MANY */
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 2);
    assert_int_equal(counts(c, JOB_LANE_MAIL).waiting, 3);
    assert_int_equal(run_due(c), 5);

    /* Later stays later, earlier pulls forward, replace changes the arguments. */
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put(c, J_SEND_MAIL, S("{\"id\":1}"), &later));
    assert_ok(c, queue_put(c, J_SEND_MAIL, S("{\"id\":2}"), &later));
    assert_ok(c, db_commit(c));
    assert_int_equal(counts(c, JOB_LANE_MAIL).waiting, 1);
    assert_int_equal(run_due(c), 0);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put(c, J_SEND_MAIL, S("{\"id\":3}"), &replace));
    assert_ok(c, db_commit(c));
    world.n = 0;
    assert_int_equal(run_due(c), 1);
    assert_int_equal(world.ids[0], 3);

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put(c, J_SEND_MAIL, S("{}"), &later));
    assert_ok(c, queue_cancel(c, J_SEND_MAIL, S("k")));
    assert_ok(c, queue_cancel(c, J_SEND_MAIL, S("k")));
    assert_ok(c, db_commit(c));
    assert_int_equal(counts(c, JOB_LANE_MAIL).waiting, 0);
}

/* Once a job runs, the same may wait again: the handler may have read the state of before. */
UNIT_DB(queue_unique_ends_when_it_runs)
{
    struct ctx *c = fresh(db);
    struct queue_row *rows;
    size_t n;

    put_id(c, J_FAN_OUT, 5);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_claim(c, JOB_LANE_FAST, 10, &rows, &n));
    assert_int_equal(n, 1);
    assert_ok(c, queue_put_id(c, J_FAN_OUT, 5));
    assert_ok(c, db_commit(c));
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 1);
    assert_int_equal(counts(c, JOB_LANE_FAST).running, 1);
    /* The first one fails: the waiting one stands for both. */
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put_off(c, &rows[0], clock_ms(), true, S("x")));
    assert_ok(c, db_commit(c));
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 1);
    assert_int_equal(counts(c, JOB_LANE_FAST).running, 0);
}

UNIT_DB(queue_put_has_limits)
{
    struct ctx *c = fresh(db);
    char *big = arena_alloc(c->mem, QUEUE_ARGS_BYTES_MAX + 1, 1);

    memset(big, 'x', QUEUE_ARGS_BYTES_MAX + 1);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_err(queue_put(c, J_SEND_MAIL, (struct str){ big, QUEUE_ARGS_BYTES_MAX + 1 }, NULL), ERR_TOO_LARGE);
    assert_err(queue_put(c, J_FAN_OUT, (struct str){ big, 2000 }, NULL), ERR_INTERNAL);
    db_rollback(c);
    assert_false(queue_is_full(NULL, JOB_LANE_INBOX));
}

/* ---- claiming, leases, fates ------------------------------------------------------------------------------------- */

UNIT_DB(queue_claims_oldest_due_first_and_once)
{
    struct ctx *c = fresh(db), *other = unit_db_ctx(db);
    struct queue_row *a, *b;
    size_t n, m;
    int64_t now = clock_ms();

    assert_ok(c, db_begin(c, DB_WRITE));
    for (int i = 0; i < 10; i++) {
        struct job_opts o = { .run_at_ms = now - 10 * SECOND_MS + (i * 7 % 10) * SECOND_MS };

        assert_ok(c, queue_put(c, J_FAN_OUT, str_fmt(c->mem, "{\"id\":%d}", i * 7 % 10), &o));
    }
    assert_ok(c, queue_put(c, J_FAN_OUT, S("{\"id\":99}"), &(struct job_opts){ .run_at_ms = now + DAY_MS }));
    assert_ok(c, db_commit(c));
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_claim(c, JOB_LANE_FAST, 4, &a, &n));
    assert_ok(c, db_commit(c));
    assert_ok(other, db_begin(other, DB_WRITE));
    assert_ok(other, queue_claim(other, JOB_LANE_FAST, 100, &b, &m));
    assert_ok(other, db_commit(other));
    assert_int_equal(n, 4);
    assert_int_equal(m, 6);
    for (size_t i = 0; i < 10; i++)
        assert_str(i < 4 ? a[i].args : b[i - 4].args, str_fmt(c->mem, "{\"id\":%zu}", i).p);
}

/* On PostgreSQL two processes claim at the same time; neither waits for the other. */
UNIT(queue_claims_side_by_side_postgres)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 4);
    struct ctx *c = fresh(db), *other = unit_db_ctx(db);
    struct queue_row *a, *b;
    size_t n, m;

    for (int i = 0; i < 6; i++)
        put_id(c, J_FAN_OUT, i);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_claim(c, JOB_LANE_FAST, 4, &a, &n));
    assert_ok(other, db_begin(other, DB_WRITE));
    assert_ok(other, queue_claim(other, JOB_LANE_FAST, 4, &b, &m));
    assert_int_equal(n, 4);
    assert_int_equal(m, 2);
    assert_ok(other, db_commit(other));
    assert_ok(c, db_commit(c));
}

UNIT_DB(queue_lease_runs_out_after_a_crash)
{
    struct ctx *c = fresh(db);
    struct queue_row *rows, stale;
    struct dead_job *dead;
    size_t n;

    put_id(c, J_FAN_OUT, 5);
    for (int i = 1; i <= queue_kinds[J_FAN_OUT].tries_max + 1; i++) {
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_reap(c, NULL, 0));
        assert_ok(c, queue_claim(c, JOB_LANE_FAST, 10, &rows, &n)); /* and then the process dies */
        assert_ok(c, db_commit(c));
        if (i > queue_kinds[J_FAN_OUT].tries_max)
            break;
        assert_int_equal(n, 1);
        assert_int_equal(rows[0].tries, i);
        stale = rows[0];
        /* While the lease runs, nobody else gets it; nor when it is one of ours. */
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_reap(c, NULL, 0));
        assert_ok(c, db_commit(c));
        assert_int_equal(counts(c, JOB_LANE_FAST).running, 1);
        clock_shift(queue_kinds[J_FAN_OUT].lease_ms + 1);
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_reap(c, &stale.id, 1));
        assert_ok(c, db_commit(c));
        assert_int_equal(counts(c, JOB_LANE_FAST).running, 1);
    }
    assert_int_equal(n, 0); /* it kills its process each time: buried */
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 1);
    /* The one from before the crash may not touch it any more. */
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put_off(c, &stale, 0, true, S("late")));
    assert_err(queue_renew(c, &stale, 1000), ERR_NOT_FOUND);
    assert_ok(c, db_commit(c));
    assert_ok(c, queue_dead(c, 10, &dead, &n));
    assert_int_equal(n, 1);
    assert_str(dead[0].kind, "fan_out");
    assert_str(dead[0].args, "{\"id\":\"5\"}");
}

/* A verdict ends a job; a row that another transaction put or took away in that moment is none.  But not for ever. */
UNIT_DB(queue_looks_again_after_a_race)
{
    struct ctx *c = fresh(db);
    int tries_max = queue_kinds[J_FAN_OUT].tries_max;
    int64_t at, pause;

    world.result = ERR_INVALID;
    put_id(c, J_FAN_OUT, 5);
    assert_int_equal(run_due(c), 1);
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 0);

    world.raced = true;
    put_id(c, J_FAN_OUT, 6);
    for (int i = 1; i <= tries_max; i++) {
        assert_int_equal(run_due(c), 1);
        assert_int_equal(counts(c, JOB_LANE_FAST).waiting, i < tries_max);
        if (i == tries_max)
            break;
        assert_ok(c, queue_next_due(c, JOB_LANE_FAST, &at));
        pause = at - clock_ms();
        assert_true(pause > 0 && pause <= 32 * SECOND_MS);
        clock_shift(pause + 1);
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 0); /* no work for an operator */
}

UNIT_DB(queue_retries_with_growing_pauses_then_dies)
{
    struct ctx *c = fresh(db);
    int tries_max = queue_kinds[J_FAN_OUT].tries_max;
    struct dead_job *dead;
    int64_t last = 0;
    size_t n;

    world.result = ERR_REMOTE;
    put_id(c, J_FAN_OUT, 5);
    for (int i = 1; i <= tries_max; i++) {
        int64_t at, pause, begin = clock_ms();

        assert_int_equal(run_due(c), 1);
        assert_int_equal(world.tries[world.n - 1], i);
        if (i == tries_max)
            break;
        assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 1);
        assert_ok(c, queue_next_due(c, JOB_LANE_FAST, &at));
        pause = at - clock_ms();
        assert_true(at - begin > (i * i * i * i + 14) * SECOND_MS && pause <= (i * i * i * i + 15) * SECOND_MS * 3 / 2);
        assert_true(i < 3 || pause > last);
        last = pause;
        assert_int_equal(run_due(c), 0);
        clock_shift(pause);
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 1);
    assert_ok(c, queue_dead(c, 10, &dead, &n));
    assert_str(dead[0].last_error, "REMOTE: as the test wants");
    assert_int_equal(dead[0].tries, tries_max);

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_dead_retry(c, dead[0].id));
    assert_err(queue_dead_retry(c, dead[0].id), ERR_NOT_FOUND);
    db_rollback(c);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_dead_retry(c, dead[0].id));
    assert_ok(c, db_commit(c));
    world.result = ERR_OK;
    assert_int_equal(run_due(c), 1);
    assert_int_equal(world.tries[world.n - 1], 1);
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 0);
}

/* Who does not get a turn comes again, later each time, as if nothing had been; but not for ever. */
UNIT_DB(queue_puts_back_without_counting)
{
    struct ctx *c = fresh(db);
    int64_t pause = 3 * SECOND_MS;

    world.result = ERR_BUSY;
    world.put_back_ms = pause;
    put_id(c, J_FAN_OUT, 1);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(run_due(c), 1);
        assert_int_equal(world.tries[world.n - 1], 1);
        assert_int_equal(run_due(c), 0);
        clock_shift(MAX(2 * pause, 20 * MINUTE_MS));
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 0);
    clock_shift(DAY_MS);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(run_due(c), 1);
        assert_int_equal(world.tries[world.n - 1], i + 1);
        clock_shift(DAY_MS);
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, 1);
}

UNIT_DB(queue_fate_by_the_table)
{
    struct ctx *c = fresh(db);

    for (int e = 0; e < ERR_COUNT; e++) {
        world.result = (enum err)e;
        put_id(c, J_SEND_MAIL, e);
        assert_int_equal(run_due(c), 1);
        assert_int_equal(counts(c, JOB_LANE_MAIL).waiting, err_fate((enum err)e) == FATE_RETRY ? 1 : 0);
        assert_int_equal(counts(c, JOB_LANE_MAIL).running, 0);
        world.result = ERR_OK;
        clock_shift(HOUR_MS);
        assert_int_equal(run_due(c), err_fate((enum err)e) == FATE_RETRY ? 1 : 0);
    }
}

UNIT_DB(queue_keeps_what_it_cannot_run)
{
    struct ctx *c = fresh(db);

    put_id(c, J_VERIFY_LINKS, 1); /* no handler in this program */
    assert_int_equal(run_due(c), 1);
    assert_int_equal(world.n, 0);
    assert_int_equal(counts(c, JOB_LANE_SLOW).waiting, 1);
    assert_int_equal(run_due(c), 0);
    /* Arguments that are not JSON are dropped. */
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, queue_put(c, J_SEND_MAIL, S("{"), NULL));
    assert_ok(c, db_commit(c));
    assert_int_equal(run_due(c), 1);
    assert_int_equal(world.n, 0);
    assert_int_equal(counts(c, JOB_LANE_MAIL).waiting, 0);
}

UNIT_DB(queue_handlers_chain_and_loose_ends_are_undone)
{
    struct ctx *c = fresh(db);

    put_id(c, J_NOTIFY_PUSH, 3);
    assert_int_equal(run_due(c), 4);
    assert_int_equal(world.ids[3], 0);
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting, 0);
}

UNIT_DB(queue_cron_runs_once_an_hour)
{
    struct ctx *c = fresh(db);
    int64_t at;

    for (int i = 0; i < 3; i++) { /* three processes start */
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_cron_put(c, J_PRUNE));
        assert_ok(c, db_commit(c));
    }
    assert_int_equal(run_due(c), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(counts(c, JOB_LANE_SLOW).waiting, 1);
        assert_ok(c, queue_next_due(c, JOB_LANE_SLOW, &at));
        assert_true(at > clock_ms() && at <= clock_ms() + HOUR_MS && at % HOUR_MS == 0);
        clock_shift(at - clock_ms() + 1);
        assert_int_equal(run_due(c), 1);
    }
}

/* ---- threads ----------------------------------------------------------------------------------------------------- */

/* look_ms: how often a lane looks that nobody woke; 0: as in a server. */
static struct queue *
start_looking(struct ctx *c, int64_t look_ms)
{
    struct env *env = (struct env *)(uintptr_t)c->env;

    env->queue = queue_new(unit_mem(), env);
    if (look_ms > 0)
        queue_set_look_for_tests(env->queue, look_ms);
    assert_int_equal(queue_start(env->queue, handlers), ERR_OK);
    return env->queue;
}

static struct queue *
start(struct ctx *c)
{
    return start_looking(c, 0);
}

UNIT_DB(queue_threads_run_everything_once)
{
    enum { N = 1500 };
    struct ctx *c = fresh(db);
    struct queue *q = start(c);
    bool seen[N] = { 0 };

    for (int i = 0; i < N; i++) {
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_put_id(c, i % 2 == 0 ? J_FAN_OUT : J_SEND_MAIL, i));
        assert_ok(c, db_commit(c));
    }
    queue_drain_for_tests(q);
    queue_stop(q);
    assert_int_equal(world.n, N);
    for (int i = 0; i < N; i++) {
        assert_false(seen[world.ids[i]]);
        seen[world.ids[i]] = true;
    }
    assert_int_equal(counts(c, JOB_LANE_FAST).waiting + counts(c, JOB_LANE_FAST).running, 0);
    assert_int_equal(counts(c, JOB_LANE_MAIL).waiting + counts(c, JOB_LANE_MAIL).running, 0);
}

static size_t
ran(void)
{
    size_t n;

    pthread_mutex_lock(&world.m);
    n = world.n;
    pthread_mutex_unlock(&world.m);
    return n;
}

/* Nothing wakes the lane in these two but what happened in it; the patience of the whole run is their limit. */
UNIT_DB(queue_looks_again_for_what_was_put_off)
{
    struct ctx *c = fresh(db);
    struct queue *q;

    put_id(c, J_ANNOUNCE, 1);
    q = start_looking(c, DAY_MS);
    while (ran() < 3)
        sched_yield();
    queue_stop(q);
    assert_int_equal(world.ids[0], 1);
    assert_int_equal(world.ids[1], 2);
    assert_int_equal(world.ids[2], 1);
}

UNIT_DB(queue_looks_behind_what_it_buries)
{
    static const struct db_sql wear_out = SQL("UPDATE job SET tries = 99, run_at_ms = run_at_ms - 1000");
    struct ctx *c = fresh(db);
    struct queue *q;

    for (int i = 0; i < queue_lanes[JOB_LANE_FAST].batch; i++)
        put_id(c, J_FAN_OUT, i);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &wear_out, DB_NO_ARGS, NULL));
    assert_ok(c, db_commit(c));
    put_id(c, J_FAN_OUT, 1000);
    q = start_looking(c, DAY_MS);
    while (ran() < 1)
        sched_yield();
    queue_stop(q);
    assert_int_equal(world.ids[0], 1000);
    assert_int_equal(counts(c, JOB_LANE_FAST).dead, queue_lanes[JOB_LANE_FAST].batch);
}

UNIT_DB(queue_wakes_on_a_clock_shift)
{
    struct ctx *c = fresh(db);
    struct queue *q = start(c);

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c,
        queue_put(c, J_FAN_OUT, S("{\"id\":1}"), &(struct job_opts){ .run_at_ms = clock_ms() + 30 * (int64_t)DAY_MS }));
    assert_ok(c, db_commit(c));
    queue_drain_for_tests(q);
    assert_int_equal(world.n, 0);
    clock_shift(31 * (int64_t)DAY_MS);
    queue_drain_for_tests(q); /* the job, and the hourly one once */
    queue_stop(q);
    assert_int_equal(world.n, 2);
}

/* What the runner puts by itself, all of it into the lane SLOW. */
enum {
    CRONS = 0
#define CRON(job, every_ms) +1
#include "queue/cron.def"
#undef CRON
};

UNIT_DB(queue_stop_waits_for_what_runs_and_gives_the_rest_back)
{
    struct ctx *c = fresh(db);
    int threads = queue_lanes[JOB_LANE_SLOW].threads;
    pthread_barrier_t at_start, at_end;
    struct queue *q;

    pthread_barrier_init(&at_start, NULL, (unsigned)threads + 1);
    pthread_barrier_init(&at_end, NULL, (unsigned)threads + 1);
    world.at_start = &at_start;
    world.at_end = &at_end;
    for (int i = 0; i < threads * 3; i++)
        put_id(c, J_FETCH_MEDIA, i);
    q = start(c);
    pthread_barrier_wait(&at_start); /* all threads of the lane are in a handler */
    queue_stop_claiming(q);
    pthread_barrier_wait(&at_end);
    queue_stop(q);
    assert_int_equal(world.n, threads);
    assert_int_equal(counts(c, JOB_LANE_SLOW).running, 0);
    assert_int_equal(counts(c, JOB_LANE_SLOW).waiting, threads * 2 + CRONS);
    pthread_barrier_destroy(&at_start);
    pthread_barrier_destroy(&at_end);
}

/* Failures of the database at each statement in turn: nothing is lost, nothing is stuck. */
UNIT(queue_survives_database_failures)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 8);
    struct ctx *c = fresh(db);
    int n;

    for (int64_t i = 1; i <= 12; i++) {
        put_id(c, J_SEND_MAIL, i);
        db_test_fail_at(db, i);
        (void)!queue_run_due(c, handlers, &n);
        db_test_fail_at(db, 0);
        clock_shift(2 * HOUR_MS); /* leases and pauses are over */
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, queue_reap(c, NULL, 0));
        assert_ok(c, db_commit(c));
        run_due(c);
        assert_int_equal(counts(c, JOB_LANE_MAIL).waiting + counts(c, JOB_LANE_MAIL).running, 0);
        assert_int_equal(world.ids[world.n - 1], i);
    }
}
