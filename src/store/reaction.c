/* Reactions to posts. */
#include "store/reaction.h"

#include "base/clock.h"
#include "store/count.h"
#include "store/internal.h"
#include "store/status.h"

#define COLS "id, status_id, account_id, name, domain"

enum {
    Q_PUT,
    Q_PUT_COUNT,
    Q_DELETE,
    Q_LESS,
    Q_NO_COUNT,
    Q_URI,
    Q_SET_URI,
    Q_BY_URI,
    Q_OF_ACCOUNT,
    Q_OF_STATUS,
    Q_NUMBERS,
    Q_LIKES,
    Q_FILL,
    Q_COUNT
};

#define ONE "status_id = $1 AND account_id = $2 AND name = $3 AND domain = $4"

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO status_reaction (" COLS ", uri, created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT DO NOTHING"),
    [Q_PUT_COUNT] = SQL("INSERT INTO status_reaction_count (status_id, name, domain, shown, count, first_id) "
                        "VALUES ($1, $2, $3, $4, 1, $5) ON CONFLICT (status_id, name, domain) "
                        "DO UPDATE SET count = status_reaction_count.count + 1"),
    [Q_DELETE] = SQL("DELETE FROM status_reaction WHERE " ONE " RETURNING id"),
    [Q_LESS] = SQL("UPDATE status_reaction_count SET count = count - 1 "
                   "WHERE status_id = $1 AND name = $2 AND domain = $3"),
    [Q_NO_COUNT] = SQL("DELETE FROM status_reaction_count WHERE status_id = $1 AND name = $2 AND domain = $3 "
                       "AND count <= 0"),
    [Q_URI] = SQL("SELECT uri FROM status_reaction WHERE " ONE),
    [Q_SET_URI] = SQL("UPDATE status_reaction SET uri = $5 WHERE " ONE),
    [Q_BY_URI] = SQL("SELECT " COLS " FROM status_reaction WHERE uri = $1"),
    [Q_OF_ACCOUNT] = SQL("SELECT " COLS " FROM status_reaction WHERE account_id = $1 ORDER BY id LIMIT $2"),
    [Q_OF_STATUS] = SQL("SELECT r.id, r.status_id, r.account_id, r.name, r.domain, k.shown FROM status_reaction r "
                        "JOIN status_reaction_count k ON k.status_id = r.status_id AND k.name = r.name "
                        "AND k.domain = r.domain WHERE r.status_id = $1 ORDER BY r.id DESC LIMIT $2"),
    [Q_NUMBERS] = SQL("SELECT (SELECT count(*) FROM status_reaction_count WHERE status_id = $1), "
                      "(SELECT count(*) FROM status_reaction WHERE status_id = $1 AND account_id = $2), "
                      "(SELECT count(*) FROM status_reaction_count WHERE status_id = $1 AND name = $3 "
                      "AND domain = $4)"),
    [Q_LIKES] = SQL("SELECT 1 FROM favourite WHERE status_id = $1 AND account_id = $2 UNION ALL "
                    "SELECT 1 FROM status_reaction WHERE status_id = $1 AND account_id = $2"),
    [Q_FILL] =
        SQL("SELECT k.status_id, k.name, k.domain, k.shown, k.count, EXISTS (SELECT 1 FROM status_reaction r "
            "WHERE r.status_id = k.status_id AND r.account_id = $2 AND r.name = k.name AND r.domain = k.domain), "
            "e.id, e.file, e.file_static, e.remote_url FROM {each:$1} status_reaction_count k "
            "LEFT JOIN emoji e ON e.domain = k.domain AND e.shortcode = k.name AND e.disabled = FALSE "
            "WHERE k.status_id = each.value ORDER BY k.status_id, k.first_id"),
};
DB_STATEMENTS(store_reaction, sql);

static struct reaction_row
read_row(const struct db_row *r)
{
    struct str name = db_str(r, 3);

    return (struct reaction_row){ db_int(r, 0), db_int(r, 1), db_int(r, 2), { name, db_str(r, 4), name } };
}

enum err
store_reaction_put(struct ctx *c, const struct reaction_row *r, struct str uri, bool *added)
{
    TRY(db_change(c, &sql[Q_PUT],
        DB_ARGS(D_INT(r->id), D_INT(r->status_id), D_INT(r->account_id), D_STR(r->what.name), D_STR(r->what.domain),
            D_STRN(uri.n > 0 ? uri : STR_NONE), D_INT(clock_ms())),
        added));
    if (!*added)
        return ERR_OK;
    TRY(db_exec(c, &sql[Q_PUT_COUNT],
        DB_ARGS(D_INT(r->status_id), D_STR(r->what.name), D_STR(r->what.domain), D_STR(r->what.shown), D_INT(r->id)),
        NULL));
    store_count_status(c, r->status_id, (struct status_counts){ .reactions = 1 });
    return ERR_OK;
}

enum err
store_reaction_delete(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, int64_t *id, bool *removed)
{
    struct db_rows r;

    TRY(store_status_hold(c, &(struct ids){ &status_id, 1 }));
    TRY(db_query(
        c, &sql[Q_DELETE], DB_ARGS(D_INT(status_id), D_INT(account_id), D_STR(what->name), D_STR(what->domain)), &r));
    *removed = r.n > 0;
    *id = r.n > 0 ? db_int(&r.v[0], 0) : 0;
    if (r.n == 0)
        return ERR_OK;
    TRY(db_exec(c, &sql[Q_LESS], DB_ARGS(D_INT(status_id), D_STR(what->name), D_STR(what->domain)), NULL));
    TRY(db_exec(c, &sql[Q_NO_COUNT], DB_ARGS(D_INT(status_id), D_STR(what->name), D_STR(what->domain)), NULL));
    store_count_status(c, status_id, (struct status_counts){ .reactions = -1 });
    return ERR_OK;
}

enum err
store_reaction_uri(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, struct str *uri)
{
    const struct db_row *r;

    TRY(db_maybe(
        c, &sql[Q_URI], DB_ARGS(D_INT(status_id), D_INT(account_id), D_STR(what->name), D_STR(what->domain)), &r));
    *uri = r != NULL ? db_str(r, 0) : S("");
    return ERR_OK;
}

enum err
store_reaction_set_uri(
    struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what, struct str uri)
{
    return db_exec(c, &sql[Q_SET_URI],
        DB_ARGS(D_INT(status_id), D_INT(account_id), D_STR(what->name), D_STR(what->domain), D_STRN(uri)), NULL);
}

enum err
store_reaction_by_uri(struct ctx *c, struct str uri, struct reaction_row **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_URI], DB_ARGS(D_STR(uri)), &r));
    *out = arena_new(c->mem, struct reaction_row);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_reaction_of_account(struct ctx *c, int64_t account_id, int64_t limit, struct reaction_rows *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OF_ACCOUNT], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct reaction_row, read_row, out);
    return ERR_OK;
}

enum err
store_reaction_of_status(struct ctx *c, int64_t status_id, int64_t limit, struct reaction_rows *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OF_STATUS], DB_ARGS(D_INT(status_id), D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct reaction_row, read_row, out);
    for (size_t i = 0; i < r.n; i++)
        out->v[i].what.shown = db_str(&r.v[i], 5);
    return ERR_OK;
}

enum err
store_reaction_numbers(struct ctx *c, int64_t status_id, int64_t account_id, const struct reaction_name *what,
    int64_t *on_status, int64_t *of_account, bool *has_it)
{
    const struct db_row *r;

    TRY(db_one(
        c, &sql[Q_NUMBERS], DB_ARGS(D_INT(status_id), D_INT(account_id), D_STR(what->name), D_STR(what->domain)), &r));
    *on_status = db_int(r, 0);
    *of_account = db_int(r, 1);
    *has_it = db_int(r, 2) > 0;
    return ERR_OK;
}

enum err
store_reaction_likes(struct ctx *c, int64_t status_id, int64_t account_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_LIKES], DB_ARGS(D_INT(status_id), D_INT(account_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

static struct reaction
read_shown(struct ctx *c, const struct db_row *r)
{
    struct str domain = db_str(r, 2), shown = db_str(r, 3);
    struct reaction out = { .name = domain.n > 0 ? str_cat(c->mem, shown, S("@"), domain, STR_NONE) : shown,
        .count = db_int(r, 4),
        .me = db_bool(r, 5) };

    if (db_is_null(r, 6))
        return out;
    out.emoji = arena_new(c->mem, struct emoji_ref);
    *out.emoji = (struct emoji_ref){ .id = db_int(r, 6),
        .shortcode = db_str(r, 1),
        .file = db_str(r, 7),
        .file_static = db_str(r, 8),
        .remote_url = db_str(r, 9) };
    return out;
}

enum err
store_reaction_fill_statuses(struct ctx *c, struct status **v, size_t n, int64_t viewer)
{
    struct ids ids = ids_new(c->mem, n);
    struct reaction *all;
    struct db_rows r;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i]->n_reactions > 0 ? v[i]->id : 0);
    if (ids.n == 0)
        return ERR_OK;
    ids_sort(&ids);
    TRY(db_query(c, &sql[Q_FILL], DB_ARGS(D_IDS(ids.v, ids.n), D_INT(viewer)), &r));
    all = arena_vec(c->mem, struct reaction, r.n);
    for (size_t k = 0; k < r.n; k++) {
        int64_t id = db_int(&r.v[k], 0);

        all[k] = read_shown(c, &r.v[k]);
        for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++)
            if (v[i]->reactions.n++ == 0)
                v[i]->reactions.v = &all[k];
    }
    return ERR_OK;
}
