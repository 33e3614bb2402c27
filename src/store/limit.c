/* Counts of rate limits that outlive a process. */
#include "store/limit.h"

#include "db/db.h"

enum { Q_PUT, Q_LIST, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] =
        SQL("INSERT INTO limit_count (key, used, end_ms) VALUES ($1, $2, $3) ON CONFLICT (key) DO UPDATE SET"
            " used = CASE WHEN limit_count.end_ms = $3 AND limit_count.used > $2 THEN limit_count.used ELSE $2 END,"
            " end_ms = $3"),
    [Q_LIST] = SQL("SELECT key, used, end_ms FROM limit_count WHERE end_ms > $1 ORDER BY used DESC LIMIT $2"),
    [Q_PRUNE] = SQL("DELETE FROM limit_count WHERE end_ms < $1"),
};
DB_STATEMENTS(store_limit, sql);

enum err
store_limit_put(struct ctx *c, const struct limit_count *l)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_INT((int64_t)l->key), D_INT(l->used), D_INT(l->end_ms)), NULL);
}

enum err
store_limit_list(struct ctx *c, int64_t now_ms, struct limit_count **out, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(now_ms), D_INT(LIMIT_COUNTS_MAX)), &r));
    *out = arena_vec(c->mem, struct limit_count, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct limit_count){ (uint64_t)db_int(&r.v[i], 0), db_int(&r.v[i], 1), db_int(&r.v[i], 2) };
    return ERR_OK;
}

enum err
store_limit_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
