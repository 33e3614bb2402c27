/* What the operator sees of the queue: counts, and the dead jobs. */
#include "queue/internal.h"

#include "base/clock.h"

enum { Q_COUNTS, Q_OLDEST, Q_DEAD, Q_RETRY, Q_DELETE, Q_COUNT };
static const struct db_sql sql[Q_COUNT] = {
    [Q_COUNTS] = SQL("SELECT lane, state, count(*) FROM job GROUP BY lane, state"),
    [Q_OLDEST] = SQL("SELECT lane, min(run_at_ms) FROM job WHERE state = 0 AND run_at_ms <= $1 GROUP BY lane"),
    [Q_DEAD] = SQL("SELECT id, kind, args, last_error, tries, created_ms, last_ms FROM job WHERE state = 2"
                   " ORDER BY last_ms DESC, id DESC LIMIT $1"),
    [Q_RETRY] = SQL("UPDATE job SET state = 0, unique_key = NULL, tries = 0, run_at_ms = $2 WHERE id = $1 AND state = 2"
                    " RETURNING kind"),
    [Q_DELETE] = SQL("DELETE FROM job WHERE id = $1 AND state = 2"),
};
DB_STATEMENTS(queue_operator, sql);

static bool
find_lane(struct str name, size_t *out)
{
    for (*out = 0; *out < JOB_LANE_COUNT; ++*out)
        if (str_eqz(name, queue_lanes[*out].name))
            return true;
    return false;
}

enum err
queue_counts(struct ctx *c, struct job_count out[JOB_LANE_COUNT])
{
    struct db_rows rows;
    size_t lane;

    for (lane = 0; lane < JOB_LANE_COUNT; lane++)
        out[lane] = (struct job_count){ .lane = (enum job_lane)lane };
    TRY(db_query(c, &sql[Q_COUNTS], DB_NO_ARGS, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct db_row *r = &rows.v[i];

        if (!find_lane(db_str(r, 0), &lane))
            continue;
        switch (db_int(r, 1)) {
        case 0:
            out[lane].waiting = db_int(r, 2);
            break;
        case 1:
            out[lane].running = db_int(r, 2);
            break;
        default:
            out[lane].dead = db_int(r, 2);
        }
    }
    TRY(db_query(c, &sql[Q_OLDEST], DB_ARGS(D_INT(clock_ms())), &rows));
    for (size_t i = 0; i < rows.n; i++)
        if (find_lane(db_str(&rows.v[i], 0), &lane))
            out[lane].oldest_due_ms = db_int(&rows.v[i], 1);
    return ERR_OK;
}

enum err
queue_dead(struct ctx *c, int64_t limit, struct dead_job **out, size_t *out_n)
{
    struct db_rows rows;

    TRY(db_query(c, &sql[Q_DEAD], DB_ARGS(D_INT(limit)), &rows));
    *out = arena_vec(c->mem, struct dead_job, rows.n);
    *out_n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct db_row *r = &rows.v[i];

        (*out)[i] = (struct dead_job){
            .id = db_int(r, 0),
            .kind = db_str(r, 1),
            .args = db_str(r, 2),
            .last_error = db_str(r, 3),
            .tries = (int)db_int(r, 4),
            .created_ms = db_int(r, 5),
            .died_ms = db_int(r, 6),
        };
    }
    return ERR_OK;
}

enum err
queue_dead_retry(struct ctx *c, int64_t id)
{
    const struct db_row *r;
    enum job_kind kind;

    TRY(db_one(c, &sql[Q_RETRY], DB_ARGS(D_INT(id), D_INT(clock_ms())), &r));
    if (c->env->queue != NULL && queue_kind_find(db_str(r, 0), &kind))
        ctx_after_commit(c, queue_wake_lane, (void *)(uintptr_t)&queue_kinds[kind]);
    return ERR_OK;
}

enum err
queue_dead_delete(struct ctx *c, int64_t id)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), &n));
    return n > 0 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "no dead job %lld", (long long)id);
}
