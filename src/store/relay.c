/* Relays. */
#include "store/relay.h"

#include "store/internal.h"

enum { Q_LIST, Q_GET, Q_INSERT, Q_UPDATE, Q_DELETE, Q_TAKE, Q_COUNTED, Q_COUNT };

#define COLS "id, kind, state, url, inbox, actor_uri, follow_uri, posts, heard_ms, created_ms, last_error"

static const struct db_sql sql[Q_COUNT] = {
    [Q_LIST] = SQL("SELECT " COLS " FROM relay ORDER BY id LIMIT 1000"),
    [Q_GET] = SQL("SELECT " COLS " FROM relay WHERE id = $1"),
    [Q_INSERT] = SQL("INSERT INTO relay (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
    [Q_UPDATE] = SQL("UPDATE relay SET state = $2, inbox = $3, actor_uri = $4, last_error = $5 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM relay WHERE id = $1"),
    [Q_TAKE] = SQL("UPDATE relay SET used = CASE WHEN window_ms = $2 THEN used + 1 ELSE 1 END, window_ms = $2, "
                   "heard_ms = $4 WHERE id = $1 AND (window_ms <> $2 OR used < $3)"),
    [Q_COUNTED] = SQL("UPDATE relay SET posts = posts + 1 WHERE id = $1"),
};
DB_STATEMENTS(store_relay, sql);

static struct relay
read_relay(const struct db_row *r)
{
    return (struct relay){ .id = db_int(r, 0),
        .kind = (enum relay_kind)db_int(r, 1),
        .state = (enum relay_state)db_int(r, 2),
        .url = db_str(r, 3),
        .inbox = db_str(r, 4),
        .actor_uri = db_str(r, 5),
        .follow_uri = db_str(r, 6),
        .posts = db_int(r, 7),
        .heard_ms = db_int(r, 8),
        .created_ms = db_int(r, 9),
        .last_error = db_str(r, 10) };
}

enum err
store_relay_list(struct ctx *c, struct relays *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_NO_ARGS, &r));
    ROWS_READ(c->mem, &r, struct relay, read_relay, out);
    return ERR_OK;
}

enum err
store_relay_get(struct ctx *c, int64_t id, struct relay **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct relay);
    **out = read_relay(r);
    return ERR_OK;
}

enum err
store_relay_insert(struct ctx *c, const struct relay *r)
{
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(r->id), D_INT(r->kind), D_INT(r->state), D_STR(r->url), D_STR(r->inbox), D_STR(r->actor_uri),
            D_STR(r->follow_uri), D_INT(r->posts), D_INT(r->heard_ms), D_INT(r->created_ms), D_STR(r->last_error)),
        NULL);
}

enum err
store_relay_update(struct ctx *c, const struct relay *r)
{
    return db_exec(c, &sql[Q_UPDATE],
        DB_ARGS(D_INT(r->id), D_INT(r->state), D_STR(r->inbox), D_STR(r->actor_uri), D_STR(r->last_error)), NULL);
}

enum err
store_relay_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_relay_take(struct ctx *c, int64_t id, int64_t window_ms, int64_t max, int64_t now_ms, bool *ok)
{
    return db_change(c, &sql[Q_TAKE], DB_ARGS(D_INT(id), D_INT(window_ms), D_INT(max), D_INT(now_ms)), ok);
}

enum err
store_relay_counted(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_COUNTED], DB_ARGS(D_INT(id)), NULL);
}
