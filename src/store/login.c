/* Who logged in, and who tried to. */
#include "store/login.h"

#include "base/arena.h"
#include "store/internal.h"

#define COLS "id, user_id, method, success, ip, user_agent, created_ms"

enum { Q_INSERT, Q_TRIM, Q_DELETE, Q_LIST, Q_SUCCESSES, Q_GET, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_INSERT] = SQL("INSERT INTO login (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7)"),
    [Q_TRIM] = SQL("DELETE FROM login WHERE user_id = $1 AND success = $2 AND id <= (SELECT o.id FROM login o WHERE "
                   "o.user_id = $1 AND o.success = $2 ORDER BY o.id DESC LIMIT 1 OFFSET $3)"),
    [Q_DELETE] = SQL("DELETE FROM login WHERE id = $1"),
    [Q_LIST] = SQL("SELECT " COLS " FROM login WHERE user_id = $1 ORDER BY id DESC LIMIT $2"),
    [Q_SUCCESSES] = SQL("SELECT " COLS " FROM login WHERE user_id = $1 AND success = TRUE ORDER BY id DESC LIMIT $2"),
    [Q_GET] = SQL("SELECT " COLS " FROM login WHERE id = $1"),
    [Q_PRUNE] = SQL("DELETE FROM login WHERE created_ms < $1"),
};
DB_STATEMENTS(store_login, sql);

static struct login
read_row(const struct db_row *r)
{
    return (struct login){ .id = db_int(r, 0),
        .user_id = db_int(r, 1),
        .method = (enum login_method)db_int(r, 2),
        .success = db_bool(r, 3),
        .ip = db_str(r, 4),
        .user_agent = db_str(r, 5),
        .created_ms = db_int(r, 6) };
}

enum err
store_login_put(struct ctx *c, const struct login *l, int64_t keep)
{
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(l->id), D_INTN(l->user_id), D_INT(l->method), D_BOOL(l->success), D_STR(l->ip),
            D_STR(l->user_agent), D_INT(l->created_ms)),
        NULL));
    if (l->user_id == 0)
        return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(l->id)), NULL);
    return db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(l->user_id), D_BOOL(l->success), D_INT(keep)), NULL);
}

static enum err
list(struct ctx *c, int q, int64_t user_id, int64_t limit, struct logins *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], DB_ARGS(D_INT(user_id), D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct login, read_row, out);
    return ERR_OK;
}

enum err
store_login_list(struct ctx *c, int64_t user_id, int64_t limit, struct logins *out)
{
    return list(c, Q_LIST, user_id, limit, out);
}

enum err
store_login_successes(struct ctx *c, int64_t user_id, int64_t limit, struct logins *out)
{
    return list(c, Q_SUCCESSES, user_id, limit, out);
}

enum err
store_login_get(struct ctx *c, int64_t id, struct login *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = read_row(r);
    return ERR_OK;
}

enum err
store_login_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
