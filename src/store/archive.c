/* Archives. */
#include "store/archive.h"

#include "store/internal.h"

#define COLS "id, account_id, state, place, bytes, posts, files, left_out, created_ms, expires_ms"

enum { Q_PUT, Q_GET, Q_LIST, Q_END, Q_KILL, Q_DELETE_ALL, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO archive (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"),
    [Q_GET] = SQL("SELECT " COLS " FROM archive WHERE id = $1"),
    [Q_LIST] = SQL("SELECT " COLS " FROM archive WHERE account_id = $1 ORDER BY id DESC LIMIT 10"),
    [Q_END] = SQL("UPDATE archive SET state = $2, place = $3, bytes = $4, posts = $5, files = $6, left_out = $7, "
                  "expires_ms = $8 WHERE id = $1 AND state = 0"),
    [Q_KILL] = SQL("UPDATE dead_file SET created_ms = 0 WHERE file IN (SELECT place FROM archive WHERE account_id = $1 "
                   "AND place <> '')"),
    [Q_DELETE_ALL] = SQL("DELETE FROM archive WHERE account_id = $1"),
    [Q_PRUNE] = SQL("DELETE FROM archive WHERE expires_ms < $1"),
};
DB_STATEMENTS(store_archive, sql);

static struct archive
read_row(const struct db_row *r)
{
    return (struct archive){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .state = (enum archive_state)db_int(r, 2),
        .place = db_str(r, 3),
        .bytes = db_int(r, 4),
        .posts = db_int(r, 5),
        .files = db_int(r, 6),
        .left_out = db_int(r, 7),
        .created_ms = db_int(r, 8),
        .expires_ms = db_int(r, 9) };
}

enum err
store_archive_put(struct ctx *c, const struct archive *a)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(a->id), D_INT(a->account_id), D_INT(a->state), D_STR(a->place), D_INT(a->bytes), D_INT(a->posts),
            D_INT(a->files), D_INT(a->left_out), D_INT(a->created_ms), D_INT(a->expires_ms)),
        NULL);
}

enum err
store_archive_get(struct ctx *c, int64_t id, struct archive *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = read_row(r);
    return ERR_OK;
}

enum err
store_archive_list(struct ctx *c, int64_t account_id, struct archives *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(account_id)), &r));
    ROWS_READ(c->mem, &r, struct archive, read_row, out);
    return ERR_OK;
}

enum err
store_archive_end(struct ctx *c, const struct archive *a, bool *won)
{
    return db_change(c, &sql[Q_END],
        DB_ARGS(D_INT(a->id), D_INT(a->state), D_STR(a->place), D_INT(a->bytes), D_INT(a->posts), D_INT(a->files),
            D_INT(a->left_out), D_INT(a->expires_ms)),
        won);
}

enum err
store_archive_delete_all(struct ctx *c, int64_t account_id)
{
    TRY(db_exec(c, &sql[Q_KILL], DB_ARGS(D_INT(account_id)), NULL));
    return db_exec(c, &sql[Q_DELETE_ALL], DB_ARGS(D_INT(account_id)), NULL);
}

enum err
store_archive_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
