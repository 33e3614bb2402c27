/* Reports. */
#include "store/report.h"

#include "store/internal.h"

#define COLS                                                                                                           \
    "id, uri, account_id, target_id, category, comment, status_ids, rule_ids, forwarded, action_taken_ms, "            \
    "created_ms, collection_ids"

enum { Q_INSERT, Q_GET, Q_LIST, Q_OPEN, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_INSERT] = SQL("INSERT INTO report (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, $10, $11)"),
    [Q_GET] = SQL("SELECT " COLS " FROM report WHERE id = $1"),
    [Q_LIST] = SQL("SELECT " COLS " FROM report WHERE id IN {ids:$1}"),
    [Q_OPEN] = SQL("SELECT count(*) FROM report WHERE account_id = $1 AND action_taken_ms IS NULL"),
};
DB_STATEMENTS(store_report, sql);

static struct str
put_ids(struct arena *mem, const struct ids *ids)
{
    struct strs v = { arena_vec(mem, struct str, ids->n), ids->n };

    for (size_t i = 0; i < ids->n; i++)
        v.v[i] = str_fmt(mem, "%lld", (long long)ids->v[i]);
    return column_put_strs(mem, &v);
}

static struct ids
read_ids(struct arena *mem, struct str text)
{
    struct strs v = column_strs(mem, text);
    struct ids out = ids_new(mem, v.n);
    int64_t id;

    for (size_t i = 0; i < v.n; i++)
        if (str_int(v.v[i], &id))
            ids_add(&out, id);
    return out;
}

static struct report
read_row(struct arena *mem, const struct db_row *r)
{
    return (struct report){ .id = db_int(r, 0),
        .uri = db_str(r, 1),
        .account_id = db_int(r, 2),
        .target_id = db_int(r, 3),
        .category = (enum report_category)db_int(r, 4),
        .comment = db_str(r, 5),
        .status_ids = read_ids(mem, db_str(r, 6)),
        .rule_ids = read_ids(mem, db_str(r, 7)),
        .forwarded = db_bool(r, 8),
        .action_taken_ms = db_int(r, 9),
        .created_ms = db_int(r, 10),
        .collection_ids = read_ids(mem, db_str(r, 11)) };
}

enum err
store_report_insert(struct ctx *c, const struct report *r)
{
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(r->id), D_STRN(r->uri), D_INT(r->account_id), D_INT(r->target_id), D_INT(r->category),
            D_STR(r->comment), D_STR(put_ids(c->mem, &r->status_ids)), D_STR(put_ids(c->mem, &r->rule_ids)),
            D_BOOL(r->forwarded), D_INT(r->created_ms), D_STR(put_ids(c->mem, &r->collection_ids))),
        NULL);
}

enum err
store_report_get(struct ctx *c, int64_t id, struct report **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct report);
    **out = read_row(c->mem, r);
    return ERR_OK;
}

enum err
store_report_list(struct ctx *c, const struct ids *ids, struct report **v, size_t *n)
{
    struct db_rows r;

    *v = NULL;
    *n = 0;
    if (ids->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    *v = arena_vec(c->mem, struct report, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = read_row(c->mem, &r.v[i]);
    return ERR_OK;
}

enum err
store_report_open_count(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_OPEN], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}
