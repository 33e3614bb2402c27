/* Putting and cancelling jobs inside the caller's write transaction. */
#include "queue/internal.h"

#include "base/clock.h"
#include "base/id.h"

enum { KEY_BYTES_MAX = 1000 };

/*
 * A second put with the key of a waiting job goes the way of DO UPDATE even when it changes nothing: that locks the row, so that
 * another process cannot claim and run it before this transaction, whose change it stands for, is committed.
 */
enum { Q_PUT, Q_PUT_REPLACE, Q_CANCEL, Q_COUNT };
#define INSERT                                                                                                         \
    "INSERT INTO job (id, kind, lane, args, unique_key, run_at_ms, request_id, created_ms)"                            \
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (unique_key) WHERE state = 0 DO UPDATE SET "
static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL(INSERT "run_at_ms = excluded.run_at_ms WHERE job.tries = 0 AND excluded.run_at_ms < job.run_at_ms"),
    [Q_PUT_REPLACE] = SQL(INSERT "run_at_ms = excluded.run_at_ms, args = excluded.args, tries = 0"),
    [Q_CANCEL] = SQL("DELETE FROM job WHERE unique_key = $1 AND state = 0"),
};
DB_STATEMENTS(queue_put, sql);

void
queue_wake_lane(struct ctx *c, void *arg)
{
    const struct queue_kind *kind = arg;

    queue_wake(c->env->queue, kind->lane);
}

static struct str
key_of(struct ctx *c, enum job_kind kind, struct str args, struct str own)
{
    if (own.n > 0)
        return str_cat(c->mem, str_z(queue_kinds[kind].name), S(":"), own, STR_NONE);
    if (queue_kinds[kind].is_unique)
        return str_cat(c->mem, str_z(queue_kinds[kind].name), S("="), args, STR_NONE);
    return STR_NONE;
}

enum err
queue_put(struct ctx *c, enum job_kind kind, struct str args, const struct job_opts *opts)
{
    static const struct job_opts none;
    const struct queue_kind *k = &queue_kinds[kind];
    int64_t now = clock_ms();
    struct str key;

    CHECK(kind < J_COUNT);
    if (opts == NULL)
        opts = &none;
    if (args.n > QUEUE_ARGS_BYTES_MAX)
        return ctx_fail(c, ERR_TOO_LARGE, "%zu bytes of arguments for %s", args.n, k->name);
    key = key_of(c, kind, args, opts->unique_key);
    if (key.n > KEY_BYTES_MAX)
        return ctx_fail(c, ERR_INTERNAL, "%s needs a shorter unique_key than its arguments", k->name);
    TRY(db_exec(c, &sql[opts->replace ? Q_PUT_REPLACE : Q_PUT],
        DB_ARGS(D_INT(id_new()), D_STR(str_z(k->name)), D_STR(str_z(queue_lanes[k->lane].name)), D_STR(args),
            D_STRN(key), D_INT(opts->run_at_ms != 0 ? opts->run_at_ms : now), D_STR(c->request_id), D_INT(now)),
        NULL));
    if (c->env->queue != NULL)
        ctx_after_commit(c, queue_wake_lane, (void *)(uintptr_t)k);
    return ERR_OK;
}

enum err
queue_put_id(struct ctx *c, enum job_kind kind, int64_t id)
{
    return queue_put(c, kind, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)id), NULL);
}

enum err
queue_cancel(struct ctx *c, enum job_kind kind, struct str unique_key)
{
    return db_exec(c, &sql[Q_CANCEL], DB_ARGS(D_STR(key_of(c, kind, STR_NONE, unique_key))), NULL);
}
