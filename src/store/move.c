/* Moves of accounts. */
#include "store/move.h"

#include "store/internal.h"

enum { BLOCKERS_MAX = 5000 };

enum {
    Q_LAST,
    Q_PUT,
    Q_PRUNE,
    Q_ROWS,
    Q_REQUEST = Q_ROWS + MOVE_PARTS,
    Q_SET_REQUEST,
    Q_BLOCKERS,
    Q_COUNT,
};

/* Of the local ones that have a row about $1. */
#define ROWS(cursor, more, table)                                                                                      \
    SQL("SELECT " cursor ", x.account_id, " more " FROM " table " x JOIN account a ON a.id = x.account_id "            \
        "WHERE x.target_id = $1 AND " cursor " > $2 AND a.domain = '' ORDER BY " cursor " LIMIT $3")

static const struct db_sql sql[Q_COUNT] = {
    [Q_LAST] = SQL("SELECT id, account_id, target_uri, created_ms FROM account_move WHERE account_id = $1 "
                   "AND created_ms >= $2 ORDER BY created_ms DESC LIMIT 1"),
    [Q_PUT] = SQL("INSERT INTO account_move (id, account_id, target_uri, created_ms) VALUES ($1, $2, $3, $4)"),
    [Q_PRUNE] = SQL("DELETE FROM account_move WHERE created_ms < $1"),
    [Q_ROWS + MOVE_FOLLOWS] = ROWS("x.id", "FALSE, NULL, ''", "follow"),
    [Q_ROWS + MOVE_BLOCKS] = ROWS("x.id", "FALSE, NULL, ''", "block"),
    [Q_ROWS + MOVE_MUTES] = ROWS("x.id", "x.hide_notifications, x.expires_ms, ''", "mute"),
    [Q_ROWS + MOVE_NOTES] = ROWS("x.account_id", "FALSE, NULL, x.note", "account_note"),
    [Q_REQUEST] = SQL("SELECT moved_from_id FROM follow_request WHERE account_id = $1 AND target_id = $2"),
    [Q_SET_REQUEST] = SQL("UPDATE follow_request SET moved_from_id = $3 WHERE account_id = $1 AND target_id = $2"),
    [Q_BLOCKERS] = SQL("SELECT b.account_id FROM block b JOIN account a ON a.id = b.account_id WHERE b.target_id = $1 "
                       "AND a.domain <> '' LIMIT $2"),
};
DB_STATEMENTS(store_move, sql);

enum err
store_move_last(struct ctx *c, int64_t account_id, int64_t since_ms, struct account_move **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_LAST], DB_ARGS(D_INT(account_id), D_INT(since_ms)), &r));
    *out = NULL;
    if (r == NULL)
        return ERR_OK;
    *out = arena_new(c->mem, struct account_move);
    **out = (struct account_move){ db_int(r, 0), db_int(r, 1), db_str(r, 2), db_int(r, 3) };
    return ERR_OK;
}

enum err
store_move_put(struct ctx *c, const struct account_move *m)
{
    return db_exec(
        c, &sql[Q_PUT], DB_ARGS(D_INT(m->id), D_INT(m->account_id), D_STR(m->target_uri), D_INT(m->created_ms)), NULL);
}

enum err
store_move_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_move_rows(
    struct ctx *c, enum move_part part, int64_t from_id, int64_t after, int64_t limit, struct move_row **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ROWS + (int)part], DB_ARGS(D_INT(from_id), D_INT(after), D_INT(limit)), &r));
    *v = arena_vec(c->mem, struct move_row, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct move_row){ db_int(&r.v[i], 0), db_int(&r.v[i], 1), db_bool(&r.v[i], 2), db_int(&r.v[i], 3),
            db_str(&r.v[i], 4) };
    return ERR_OK;
}

enum err
store_move_of_request(struct ctx *c, int64_t account_id, int64_t target_id, int64_t *from_id)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_REQUEST], DB_ARGS(D_INT(account_id), D_INT(target_id)), &r));
    *from_id = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_move_set_request(struct ctx *c, int64_t account_id, int64_t target_id, int64_t from_id)
{
    return db_exec(c, &sql[Q_SET_REQUEST], DB_ARGS(D_INT(account_id), D_INT(target_id), D_INTN(from_id)), NULL);
}

enum err
store_move_blockers(struct ctx *c, int64_t account_id, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_BLOCKERS], DB_ARGS(D_INT(account_id), D_INT(BLOCKERS_MAX)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}
