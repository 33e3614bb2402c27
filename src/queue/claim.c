/* The statements of the runner: claim, finish, put off, bury, reap. */
#include "queue/internal.h"

#include "base/clock.h"

enum { Q_CLAIM, Q_FINISH, Q_COVERED, Q_PUT_OFF, Q_BURY, Q_TRIM, Q_RENEW, Q_REAP, Q_NEXT_DUE, Q_DEPTH, Q_BUSY, Q_COUNT };

/*
 * The lease depends on the kind: "WHEN 'fan_out' THEN 60000" for each.  MATERIALIZED: PostgreSQL may otherwise run the inner query
 * again for each row, and lock more than the limit.
 */
static const char claim[] =
    "WITH due AS MATERIALIZED (SELECT id FROM job WHERE lane = $1 AND state = 0 AND run_at_ms <= $2"
    " ORDER BY run_at_ms, id LIMIT $3 {skip_locked})"
    " UPDATE job SET state = 1, tries = tries + 1, last_ms = $2, lease_until_ms = CAST($2 AS BIGINT) + CASE kind"
#define JOB(id, name, lane, tries, backoff, lease_s, unique) " WHEN '" #name "' THEN " #lease_s "000"
#include "queue/kinds.def"
#undef JOB
    " ELSE 60000 END WHERE id IN (SELECT id FROM due)"
    " RETURNING id, kind, args, request_id, run_at_ms, lease_until_ms, created_ms, tries";

static const struct db_sql sql[Q_COUNT] = {
    [Q_CLAIM] = SQL(claim),
    [Q_FINISH] = SQL("DELETE FROM job WHERE id IN {ids:$1} AND state = 1"),
    /* The attempt is over and another with the same key waits: that one stands for both. */
    [Q_COVERED] = SQL("DELETE FROM job WHERE id = $1 AND state = 1 AND lease_until_ms = $2 AND EXISTS"
                      " (SELECT 1 FROM job w WHERE w.unique_key = job.unique_key AND w.state = 0)"),
    [Q_PUT_OFF] = SQL("UPDATE job SET state = 0, run_at_ms = $3, tries = tries - $4, last_error = $5, last_ms = $6"
                      " WHERE id = $1 AND state = 1 AND lease_until_ms = $2"),
    [Q_BURY] = SQL(
        "UPDATE job SET state = 2, last_error = $3, last_ms = $4 WHERE id = $1 AND state = 1 AND lease_until_ms = $2"),
    [Q_TRIM] = SQL("DELETE FROM job WHERE id IN (SELECT id FROM job WHERE state = 2 ORDER BY last_ms DESC, id DESC"
                   " LIMIT 1000 OFFSET $1)"),
    [Q_RENEW] = SQL("UPDATE job SET lease_until_ms = $3 WHERE id = $1 AND state = 1 AND lease_until_ms = $2"),
    /* Without the key: another with the same one may wait already, and to run twice is harmless. */
    [Q_REAP] = SQL("UPDATE job SET state = 0, unique_key = NULL, run_at_ms = $1, last_error = 'the lease ran out'"
                   " WHERE state = 1 AND lease_until_ms < $1 AND id NOT IN {ids:$2}"),
    [Q_NEXT_DUE] = SQL("SELECT run_at_ms FROM job WHERE lane = $1 AND state = 0 ORDER BY run_at_ms, id LIMIT 1"),
    [Q_DEPTH] = SQL("SELECT count(*) FROM (SELECT 1 AS one FROM job WHERE lane = $1 AND state = 0 LIMIT $2) w"),
    [Q_BUSY] = SQL("SELECT EXISTS (SELECT 1 FROM job WHERE state = 1) OR EXISTS"
                   " (SELECT 1 FROM job WHERE state = 0 AND run_at_ms <= $1)"),
};
DB_STATEMENTS(queue_claim, sql);

static struct db_arg
lane_arg(enum job_lane lane)
{
    return D_STR(str_z(queue_lanes[lane].name));
}

static struct queue_row
read_row(const struct db_row *r)
{
    return (struct queue_row){
        .id = db_int(r, 0),
        .kind = db_str(r, 1),
        .args = db_str(r, 2),
        .request_id = db_str(r, 3),
        .run_at_ms = db_int(r, 4),
        .lease_until_ms = db_int(r, 5),
        .created_ms = db_int(r, 6),
        .tries = (int)db_int(r, 7),
    };
}

static int
by_due(const void *a, const void *b)
{
    const struct queue_row *x = a, *y = b;

    if (x->run_at_ms != y->run_at_ms)
        return x->run_at_ms < y->run_at_ms ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

enum err
queue_claim(struct ctx *c, enum job_lane lane, int64_t limit, struct queue_row **out, size_t *out_n)
{
    struct queue_row *rows;
    struct db_rows r;
    size_t n = 0;

    TRY(db_query(c, &sql[Q_CLAIM], DB_ARGS(lane_arg(lane), D_INT(clock_ms()), D_INT(limit)), &r));
    rows = arena_vec(c->mem, struct queue_row, r.n);
    for (size_t i = 0; i < r.n; i++) {
        struct queue_row row = read_row(&r.v[i]);
        enum job_kind kind;

        if (queue_kind_find(row.kind, &kind)) {
            TRY(queue_cron_put(c, kind));
            if (row.tries >
                queue_kinds[kind].tries_max) { /* its lease ran out each time: it kills its process, or hangs */
                TRY(queue_bury(c, &row, S("never came to an end within its lease")));
                continue;
            }
        }
        rows[n++] = row;
    }
    if (n > 0)
        qsort(rows, n, sizeof(rows[0]), by_due);
    *out = rows;
    *out_n = n;
    return ERR_OK;
}

enum err
queue_finish(struct ctx *c, const int64_t *ids, size_t n)
{
    return n == 0 ? ERR_OK : db_exec(c, &sql[Q_FINISH], DB_ARGS(D_IDS(ids, n)), NULL);
}

enum err
queue_put_off(struct ctx *c, const struct queue_row *row, int64_t run_at_ms, bool counts, struct str error)
{
    int64_t covered;

    TRY(db_exec(c, &sql[Q_COVERED], DB_ARGS(D_INT(row->id), D_INT(row->lease_until_ms)), &covered));
    if (covered > 0)
        return ERR_OK;
    return db_exec(c, &sql[Q_PUT_OFF],
        DB_ARGS(D_INT(row->id), D_INT(row->lease_until_ms), D_INT(run_at_ms), D_INT(counts ? 0 : 1), D_STR(error),
            D_INT(clock_ms())),
        NULL);
}

enum err
queue_bury(struct ctx *c, const struct queue_row *row, struct str error)
{
    TRY(db_exec(
        c, &sql[Q_BURY], DB_ARGS(D_INT(row->id), D_INT(row->lease_until_ms), D_STR(error), D_INT(clock_ms())), NULL));
    return db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(QUEUE_DEAD_MAX)), NULL);
}

enum err
queue_renew(struct ctx *c, struct queue_row *row, int64_t lease_ms)
{
    int64_t until = clock_ms() + lease_ms, n;

    TRY(db_exec(c, &sql[Q_RENEW], DB_ARGS(D_INT(row->id), D_INT(row->lease_until_ms), D_INT(until)), &n));
    if (n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "job %lld was claimed by another process", (long long)row->id);
    row->lease_until_ms = until;
    return ERR_OK;
}

enum err
queue_reap(struct ctx *c, const int64_t *ours, size_t n)
{
    return db_exec(c, &sql[Q_REAP], DB_ARGS(D_INT(clock_ms()), D_IDS(ours, n)), NULL);
}

enum err
queue_next_due(struct ctx *c, enum job_lane lane, int64_t *out_ms)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_NEXT_DUE], DB_ARGS(lane_arg(lane)), &r));
    *out_ms = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
queue_depth(struct ctx *c, enum job_lane lane, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_DEPTH], DB_ARGS(lane_arg(lane), D_INT(QUEUE_DEPTH_MAX + 1)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
queue_is_busy(struct ctx *c, bool *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BUSY], DB_ARGS(D_INT(clock_ms())), &r));
    *out = db_bool(r, 0);
    return ERR_OK;
}
