/* Exports and imports of lists. */
#include "store/exchange.h"

#include "base/clock.h"
#include "store/internal.h"

#define ACCT "CASE WHEN a.domain = '' THEN a.username ELSE a.username || '@' || a.domain END"
#define KEY "CASE WHEN a.domain = '' THEN a.username_fold ELSE a.username_fold || '@' || a.domain END"
#define FLAG(x) "CASE WHEN " x " THEN 'true' ELSE 'false' END"
#define PEOPLE(cells, table, mine, theirs)                                                                             \
    SQL("SELECT t.id, " ACCT ", " cells " FROM " table " t JOIN account a ON a.id = t." theirs " WHERE t." mine        \
        " = $1 AND t.id > $2 ORDER BY t.id LIMIT $3")
#define IMPORT "id, account_id, user_id, kind, overwrite, state, total, done, failed, created_ms, finished_ms"
#define ROW "position, key, cells, error"
#define NOT_IN(key) " AND NOT EXISTS (SELECT 1 FROM import_row r WHERE r.import_id = $2 AND r.key = " key ") LIMIT $3"
/* One for each enum list_kind up to BOOKMARKS. */
#define SURPLUS(table)                                                                                                 \
    SQL("SELECT t.target_id FROM " table " t JOIN account a ON a.id = t.target_id WHERE t.account_id = $1" NOT_IN(KEY))

enum {
    Q_EXPORT, /* one for each enum list_kind */
    Q_IMPORT_PUT = Q_EXPORT + KIND_COUNT,
    Q_ROW_PUT,
    Q_IMPORT_GET,
    Q_IMPORT_LIST,
    Q_ROWS_WAITING,
    Q_ROWS_FAILED,
    Q_ROW_DONE,
    Q_IMPORT_COUNT,
    Q_IMPORT_STATE,
    Q_IMPORT_DELETE,
    Q_IMPORT_PRUNE,
    Q_SURPLUS, /* FOLLOWING, BLOCKS, MUTES, and in their order */
    Q_SURPLUS_DOMAINS = Q_SURPLUS + 3,
    Q_SURPLUS_BOOKMARKS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_EXPORT + KIND_FOLLOWING] =
        PEOPLE(FLAG("t.reblogs") ", " FLAG("t.notify") ", t.languages", "follow", "account_id", "target_id"),
    [Q_EXPORT + KIND_BLOCKS] = PEOPLE("'', '', ''", "block", "account_id", "target_id"),
    [Q_EXPORT + KIND_MUTES] = PEOPLE(FLAG("t.hide_notifications") ", '', ''", "mute", "account_id", "target_id"),
    [Q_EXPORT + KIND_DOMAIN_BLOCKS] = SQL("SELECT id, domain, '', '', '' FROM user_domain_block WHERE account_id = $1 "
                                          "AND id > $2 ORDER BY id LIMIT $3"),
    [Q_EXPORT + KIND_BOOKMARKS] =
        SQL("SELECT t.id, s.uri, '', '', '' FROM bookmark t JOIN status s ON s.id = t.status_id "
            "WHERE t.account_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3"),
    [Q_EXPORT + KIND_LISTS] =
        SQL("SELECT t.id, l.title, " ACCT ", '', '' FROM list l JOIN list_member t ON t.list_id = l.id "
            "JOIN account a ON a.id = t.account_id "
            "WHERE l.account_id = $1 AND t.id > $2 ORDER BY t.id LIMIT $3"),
    [Q_EXPORT + KIND_FOLLOWERS] = PEOPLE("'', '', ''", "follow", "target_id", "account_id"),
    [Q_IMPORT_PUT] = SQL("INSERT INTO import (" IMPORT ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"),
    [Q_ROW_PUT] = SQL("INSERT INTO import_row (import_id, position, key, cells) VALUES ($1, $2, $3, $4)"),
    [Q_IMPORT_GET] = SQL("SELECT " IMPORT " FROM import WHERE id = $1"),
    [Q_IMPORT_LIST] = SQL("SELECT " IMPORT " FROM import WHERE account_id = $1 ORDER BY id DESC LIMIT 100"),
    [Q_ROWS_WAITING] =
        SQL("SELECT " ROW " FROM import_row WHERE import_id = $1 AND state = 0 ORDER BY position LIMIT $2"),
    [Q_ROWS_FAILED] = SQL("SELECT " ROW " FROM import_row WHERE import_id = $1 AND state = 2 ORDER BY position"),
    [Q_ROW_DONE] = SQL("UPDATE import_row SET state = CASE WHEN CAST($3 AS TEXT) = '' THEN 1 ELSE 2 END, error = $3 "
                       "WHERE import_id = $1 AND position = $2 AND state = 0"),
    [Q_IMPORT_COUNT] = SQL("UPDATE import SET done = done + 1, failed = failed + $2 WHERE id = $1"),
    [Q_IMPORT_STATE] = SQL("UPDATE import SET state = $2, finished_ms = CASE WHEN CAST($2 AS BIGINT) = 2 THEN "
                           "CAST($3 AS BIGINT) END WHERE id = $1"),
    [Q_IMPORT_DELETE] = SQL("DELETE FROM import WHERE id = $1"),
    [Q_IMPORT_PRUNE] = SQL("DELETE FROM import WHERE finished_ms < $1"),
    [Q_SURPLUS + KIND_FOLLOWING] = SURPLUS("follow"),
    [Q_SURPLUS + KIND_BLOCKS] = SURPLUS("block"),
    [Q_SURPLUS + KIND_MUTES] = SURPLUS("mute"),
    [Q_SURPLUS_DOMAINS] = SQL("SELECT t.domain FROM user_domain_block t WHERE t.account_id = $1" NOT_IN("t.domain")),
    [Q_SURPLUS_BOOKMARKS] = SQL("SELECT s.id FROM bookmark t JOIN status s ON s.id = t.status_id "
                                "WHERE t.account_id = $1" NOT_IN("s.uri")),
};
DB_STATEMENTS(store_exchange, sql);

enum err
store_export_page(struct ctx *c, enum list_kind kind, int64_t account_id, int64_t after, int64_t limit,
    struct export_row **out, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_EXPORT + kind], DB_ARGS(D_INT(account_id), D_INT(after), D_INT(limit)), &r));
    *out = arena_vec(c->mem, struct export_row, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++) {
        (*out)[i].id = db_int(&r.v[i], 0);
        for (size_t k = 0; k < EXPORT_CELLS; k++)
            (*out)[i].cells[k] = db_str(&r.v[i], 1 + k);
    }
    return ERR_OK;
}

/* ---- imports ------------------------------------------------------------------------------------------------------- */

static struct import
read_import(const struct db_row *r)
{
    return (struct import){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .user_id = db_int(r, 2),
        .kind = (enum list_kind)db_int(r, 3),
        .overwrite = db_bool(r, 4),
        .state = (enum import_state)db_int(r, 5),
        .total = db_int(r, 6),
        .done = db_int(r, 7),
        .failed = db_int(r, 8),
        .created_ms = db_int(r, 9),
        .finished_ms = db_int(r, 10) };
}

enum err
store_import_put(struct ctx *c, const struct import *i)
{
    return db_exec(c, &sql[Q_IMPORT_PUT],
        DB_ARGS(D_INT(i->id), D_INT(i->account_id), D_INT(i->user_id), D_INT(i->kind), D_BOOL(i->overwrite),
            D_INT(i->state), D_INT(i->total), D_INT(i->done), D_INT(i->failed), D_INT(i->created_ms),
            D_INTN(i->finished_ms)),
        NULL);
}

enum err
store_import_row_put(struct ctx *c, int64_t import_id, const struct import_row *r)
{
    return db_exec(c, &sql[Q_ROW_PUT],
        DB_ARGS(D_INT(import_id), D_INT(r->position), D_STR(r->key), D_STR(column_put_strs(c->mem, &r->cells))), NULL);
}

enum err
store_import_get(struct ctx *c, int64_t id, struct import **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_IMPORT_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct import);
    **out = read_import(r);
    return ERR_OK;
}

enum err
store_import_list(struct ctx *c, int64_t account_id, struct imports *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_IMPORT_LIST], DB_ARGS(D_INT(account_id)), &r));
    ROWS_READ(c->mem, &r, struct import, read_import, out);
    return ERR_OK;
}

static void
read_rows(struct ctx *c, const struct db_rows *r, struct import_rows *out)
{
    *out = (struct import_rows){ arena_vec(c->mem, struct import_row, r->n), r->n };
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = (struct import_row){ .position = db_int(&r->v[i], 0),
            .key = db_str(&r->v[i], 1),
            .cells = column_strs(c->mem, db_str(&r->v[i], 2)),
            .error = db_str(&r->v[i], 3) };
}

enum err
store_import_rows_waiting(struct ctx *c, int64_t import_id, int64_t limit, struct import_rows *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ROWS_WAITING], DB_ARGS(D_INT(import_id), D_INT(limit)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_import_rows_failed(struct ctx *c, int64_t import_id, struct import_rows *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ROWS_FAILED], DB_ARGS(D_INT(import_id)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_import_row_done(struct ctx *c, int64_t import_id, int64_t position, struct str error)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_ROW_DONE], DB_ARGS(D_INT(import_id), D_INT(position), D_STR(error)), &n));
    return n == 0 ? ERR_OK
                  : db_exec(c, &sql[Q_IMPORT_COUNT], DB_ARGS(D_INT(import_id), D_INT(error.n > 0 ? 1 : 0)), NULL);
}

enum err
store_import_state(struct ctx *c, int64_t id, enum import_state state)
{
    return db_exec(c, &sql[Q_IMPORT_STATE], DB_ARGS(D_INT(id), D_INT(state), D_INT(clock_ms())), NULL);
}

enum err
store_import_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_IMPORT_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_import_prune(struct ctx *c, int64_t finished_before_ms)
{
    return db_exec(c, &sql[Q_IMPORT_PRUNE], DB_ARGS(D_INT(finished_before_ms)), NULL);
}

enum err
store_import_surplus(struct ctx *c, const struct import *i, int64_t limit, struct strs *out)
{
    struct db_rows r;

    *out = (struct strs){ 0 };
    if (i->kind > KIND_BOOKMARKS)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_SURPLUS + i->kind], DB_ARGS(D_INT(i->account_id), D_INT(i->id), D_INT(limit)), &r));
    out->v = arena_vec(c->mem, struct str, r.n);
    for (size_t k = 0; k < r.n; k++)
        out->v[out->n++] =
            i->kind == KIND_DOMAIN_BLOCKS ? db_str(&r.v[k], 0) : str_fmt(c->mem, "%lld", (long long)db_int(&r.v[k], 0));
    return ERR_OK;
}
