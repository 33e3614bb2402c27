/* Threads that were looked for at other servers. */
#include "store/thread.h"

#include "db/db.h"

enum { Q_GET, Q_NEWEST, Q_LOCK, Q_PUT, Q_PUT_DONE, Q_UPDATE, Q_PRUNE, Q_POSTS, Q_WALKED, Q_ASKED, Q_COUNTED, Q_COUNT };

#define COLS "status_id, opened_id, started_ms, done_ms, portions, pages, found"
#define GET "SELECT " COLS " FROM thread_fetch WHERE status_id = $1"
#define PUT                                                                                                            \
    "INSERT INTO thread_fetch (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7) "                                         \
    "ON CONFLICT (status_id) DO UPDATE SET opened_id = $2, started_ms = $3, done_ms = $4, portions = $5, "             \
    "pages = $6, found = $7"
#define MEMBERS(t)                                                                                                     \
    D_INT((t)->status_id), D_INT((t)->opened_id), D_INT((t)->started_ms), D_INTN((t)->done_ms), D_INT((t)->portions),  \
        D_INT((t)->pages), D_INT((t)->found)

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL(GET),
    [Q_NEWEST] = SQL("SELECT " COLS " FROM thread_fetch WHERE status_id IN {ids:$1} ORDER BY started_ms DESC LIMIT 1"),
    [Q_LOCK] = SQL2(GET, GET " FOR UPDATE"),
    [Q_PUT] = SQL(PUT),
    [Q_PUT_DONE] = SQL(PUT " WHERE thread_fetch.done_ms IS NOT NULL OR thread_fetch.started_ms <= $8"),
    [Q_UPDATE] =
        SQL("UPDATE thread_fetch SET done_ms = $2, portions = $3, pages = $4, found = $5 WHERE status_id = $1"),
    [Q_PRUNE] = SQL("DELETE FROM thread_fetch WHERE started_ms < $1"),
    [Q_POSTS] = SQL("SELECT s.id, s.created_ms, t.walked_ms, s.visibility, s.local, s.uri FROM {each:$1} status s "
                    "JOIN status_stat t ON t.status_id = s.id WHERE s.id = each.value ORDER BY s.id"),
    [Q_WALKED] = SQL("UPDATE status_stat SET walked_ms = $2, counted_ms = $2 WHERE status_id = $1"),
    [Q_ASKED] = SQL("SELECT counted_ms, walked_ms FROM status_stat WHERE status_id = $1"),
    [Q_COUNTED] = SQL("UPDATE status_stat SET counted_ms = $2 WHERE status_id = $1"),
};
DB_STATEMENTS(store_thread, sql);

static enum err
get(struct ctx *c, int q, struct db_arg which, struct thread_fetch **out)
{
    const struct db_row *r;

    *out = NULL;
    TRY(db_maybe(c, &sql[q], DB_ARGS(which), &r));
    if (r == NULL)
        return ERR_OK;
    *out = arena_new(c->mem, struct thread_fetch);
    **out = (struct thread_fetch){ .status_id = db_int(r, 0),
        .opened_id = db_int(r, 1),
        .started_ms = db_int(r, 2),
        .done_ms = db_int(r, 3),
        .portions = db_int(r, 4),
        .pages = db_int(r, 5),
        .found = db_int(r, 6) };
    return ERR_OK;
}

enum err
store_thread_get(struct ctx *c, int64_t status_id, struct thread_fetch **out)
{
    return get(c, Q_GET, D_INT(status_id), out);
}

enum err
store_thread_lock(struct ctx *c, int64_t status_id, struct thread_fetch **out)
{
    return get(c, Q_LOCK, D_INT(status_id), out);
}

enum err
store_thread_newest(struct ctx *c, const struct ids *statuses, struct thread_fetch **out)
{
    return get(c, Q_NEWEST, D_IDS(statuses->v, statuses->n), out);
}

enum err
store_thread_put(struct ctx *c, const struct thread_fetch *t)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(MEMBERS(t)), NULL);
}

enum err
store_thread_put_done(struct ctx *c, const struct thread_fetch *t, int64_t lost_ms)
{
    return db_exec(c, &sql[Q_PUT_DONE], DB_ARGS(MEMBERS(t), D_INT(lost_ms)), NULL);
}

enum err
store_thread_update(struct ctx *c, const struct thread_fetch *t)
{
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(t->status_id), D_INTN(t->done_ms), D_INT(t->portions), D_INT(t->pages), D_INT(t->found)), NULL);
}

enum err
store_thread_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_thread_posts(struct ctx *c, const struct ids *ids, struct thread_post **out, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_POSTS], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    *out = arena_vec(c->mem, struct thread_post, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct thread_post){ .id = db_int(&r.v[i], 0),
            .created_ms = db_int(&r.v[i], 1),
            .walked_ms = db_int(&r.v[i], 2),
            .visibility = (enum visibility)db_int(&r.v[i], 3),
            .local = db_bool(&r.v[i], 4),
            .uri = db_str(&r.v[i], 5) };
    return ERR_OK;
}

enum err
store_thread_walked(struct ctx *c, int64_t status_id, int64_t now_ms)
{
    return db_exec(c, &sql[Q_WALKED], DB_ARGS(D_INT(status_id), D_INT(now_ms)), NULL);
}

enum err
store_status_asked(struct ctx *c, int64_t status_id, int64_t *counted_ms, int64_t *walked_ms)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ASKED], DB_ARGS(D_INT(status_id)), &r));
    *counted_ms = db_int(r, 0);
    *walked_ms = db_int(r, 1);
    return ERR_OK;
}

enum err
store_status_counted(struct ctx *c, int64_t status_id, int64_t now_ms)
{
    return db_exec(c, &sql[Q_COUNTED], DB_ARGS(D_INT(status_id), D_INT(now_ms)), NULL);
}
