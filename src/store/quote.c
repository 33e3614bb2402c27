/* Quotes: rows, and the counter of what is quoted. */
#include "store/quote.h"

#include "store/count.h"
#include "store/internal.h"
#include "store/status.h"

enum { APPROVALS_MAX = 100 };

#define COLS                                                                                                           \
    "q.id, q.status_id, q.account_id, q.quoted_id, q.quoted_account_id, q.quoted_uri, q.state, q.legacy, "             \
    "q.approval_uri, q.request_uri, q.checked_ms, q.created_ms, s.url, coalesce(s.local, FALSE), a.uri"
#define JOINS "LEFT JOIN status s ON s.id = q.quoted_id LEFT JOIN account a ON a.id = q.quoted_account_id "
#define FROM " FROM quote q " JOINS

enum {
    Q_BY_ID,
    Q_LOCK_BY_ID,
    Q_BY_STATUS,
    Q_LOCK_BY_STATUS,
    Q_FILL,
    Q_INSERT,
    Q_SET,
    Q_DELETE,
    Q_MARK_DELETED,
    Q_PAGE,
    Q_PAGE_UP,
    Q_LOCAL,
    Q_BETWEEN,
    Q_BY_APPROVAL,
    Q_SET_POLICY,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_ID] = SQL("SELECT " COLS FROM "WHERE q.id = $1"),
    [Q_LOCK_BY_ID] = SQL2("SELECT " COLS FROM "WHERE q.id = $1", "SELECT " COLS FROM "WHERE q.id = $1 FOR UPDATE OF q"),
    [Q_BY_STATUS] = SQL("SELECT " COLS FROM "WHERE q.status_id = $1"),
    [Q_LOCK_BY_STATUS] = SQL2(
        "SELECT " COLS FROM "WHERE q.status_id = $1", "SELECT " COLS FROM "WHERE q.status_id = $1 FOR UPDATE OF q"),
    [Q_FILL] = SQL("SELECT " COLS " FROM {each:$1} quote q " JOINS "WHERE q.status_id = each.value"),
    [Q_INSERT] =
        SQL("INSERT INTO quote (id, status_id, account_id, quoted_id, quoted_account_id, quoted_uri, state, legacy, "
            "approval_uri, request_uri, checked_ms, created_ms) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"),
    [Q_SET] =
        SQL("UPDATE quote SET quoted_id = $2, quoted_account_id = $3, state = $4, legacy = $5, approval_uri = $6, "
            "request_uri = $7, checked_ms = $8 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM quote WHERE id = $1"),
    [Q_MARK_DELETED] = SQL("UPDATE quote SET state = $2 WHERE quoted_id = $1"),
    [Q_PAGE] = SQL("SELECT status_id, id FROM quote WHERE quoted_id = $4 AND state = 1 AND id < $1 AND id > $2 "
                   "ORDER BY id DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL("SELECT status_id, id FROM quote WHERE quoted_id = $4 AND state = 1 AND id < $1 AND id > $2 "
                      "ORDER BY id ASC LIMIT $3"),
    [Q_LOCAL] = SQL("SELECT " COLS FROM "JOIN account b ON b.id = q.account_id "
                    "WHERE q.quoted_id = $1 AND q.state = 1 AND q.id > $2 AND b.domain = '' ORDER BY q.id LIMIT $3"),
    [Q_BETWEEN] =
        SQL("SELECT " COLS FROM "WHERE q.quoted_account_id = $1 AND q.account_id = $2 AND q.state = 1 LIMIT $3"),
    [Q_BY_APPROVAL] = SQL("SELECT " COLS FROM "WHERE q.approval_uri = $1 AND q.approval_uri <> '' LIMIT $2"),
    [Q_SET_POLICY] = SQL("UPDATE status SET quote_policy = $2 WHERE id = $1"),
};
DB_STATEMENTS(store_quote, sql);

static void
read_row(const struct db_row *r, struct quote *q)
{
    *q = (struct quote){ .id = db_int(r, 0),
        .status_id = db_int(r, 1),
        .account_id = db_int(r, 2),
        .quoted_id = db_int(r, 3),
        .quoted_account_id = db_int(r, 4),
        .quoted_uri = db_str(r, 5),
        .state = (enum quote_state)db_int(r, 6),
        .legacy = db_bool(r, 7),
        .approval_uri = db_str(r, 8),
        .request_uri = db_str(r, 9),
        .checked_ms = db_int(r, 10),
        .created_ms = db_int(r, 11),
        .quoted_url = db_str(r, 12),
        .quoted_local = db_bool(r, 13),
        .quoted_author_uri = db_str(r, 14) };
    q->shown = q->state;
}

static enum err
one(struct ctx *c, int q, int64_t key, struct quote **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q], DB_ARGS(D_INT(key)), &r));
    *out = arena_new(c->mem, struct quote);
    read_row(r, *out);
    return ERR_OK;
}

static void
read_rows(struct ctx *c, const struct db_rows *r, struct quotes *out)
{
    *out = (struct quotes){ arena_vec(c->mem, struct quote, r->n), r->n };
    for (size_t i = 0; i < r->n; i++)
        read_row(&r->v[i], &out->v[i]);
}

enum err
store_quote_get(struct ctx *c, int64_t id, bool lock, struct quote **out)
{
    return one(c, lock ? Q_LOCK_BY_ID : Q_BY_ID, id, out);
}

enum err
store_quote_of(struct ctx *c, int64_t status_id, bool lock, struct quote **out)
{
    return one(c, lock ? Q_LOCK_BY_STATUS : Q_BY_STATUS, status_id, out);
}

enum err
store_quote_fill(struct ctx *c, const struct ids *ids, struct status **v, size_t n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_FILL], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    for (size_t k = 0; k < r.n; k++) {
        int64_t id = db_int(&r.v[k], 1);

        for (size_t i = store_status_first(v, n, id); i < n && v[i]->id == id; i++) {
            v[i]->quote = arena_new(c->mem, struct quote);
            read_row(&r.v[k], v[i]->quote);
        }
    }
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------------------------- */

static void
count(struct ctx *c, const struct quote *q, int by)
{
    if (q->state == QUOTE_ACCEPTED && q->quoted_id != 0)
        store_count_status(c, q->quoted_id, (struct status_counts){ .quotes = by });
}

enum err
store_quote_insert(struct ctx *c, const struct quote *q)
{
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(q->id), D_INT(q->status_id), D_INT(q->account_id), D_INTN(q->quoted_id),
            D_INTN(q->quoted_account_id), D_STR(q->quoted_uri), D_INT(q->state), D_BOOL(q->legacy),
            D_STR(q->approval_uri), D_STR(q->request_uri), D_INT(q->checked_ms), D_INT(q->created_ms)),
        NULL));
    count(c, q, 1);
    return ERR_OK;
}

enum err
store_quote_set(struct ctx *c, const struct quote *q)
{
    struct quote *now;

    TRY(store_quote_get(c, q->id, true, &now));
    count(c, now, -1);
    TRY(db_exec(c, &sql[Q_SET],
        DB_ARGS(D_INT(q->id), D_INTN(q->quoted_id), D_INTN(q->quoted_account_id), D_INT(q->state), D_BOOL(q->legacy),
            D_STR(q->approval_uri), D_STR(q->request_uri), D_INT(q->checked_ms)),
        NULL));
    count(c, q, 1);
    return ERR_OK;
}

enum err
store_quote_delete(struct ctx *c, const struct quote *q)
{
    struct quote *now;

    TRY(store_quote_get(c, q->id, true, &now));
    count(c, now, -1);
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(q->id)), NULL);
}

enum err
store_quote_status_gone(struct ctx *c, int64_t status_id)
{
    struct quote *own;
    enum err e = store_quote_of(c, status_id, true, &own);

    if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    else
        TRY(e);
    if (e == ERR_OK)
        count(c, own, -1);
    return db_exec(c, &sql[Q_MARK_DELETED], DB_ARGS(D_INT(status_id), D_INT(QUOTE_DELETED)), NULL);
}

enum err
store_status_set_quote_policy(struct ctx *c, int64_t status_id, int policy)
{
    return db_exec(c, &sql[Q_SET_POLICY], DB_ARGS(D_INT(status_id), D_INT(policy)), NULL);
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

enum err
store_quote_page(struct ctx *c, int64_t quoted_id, const struct page *p, struct cursor_ids *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[Q_PAGE + (page_is_up(p) ? 1 : 0)],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(quoted_id)), &r));
    return store_cursor_ids(c, p, &r, out);
}

enum err
store_quote_local(struct ctx *c, int64_t quoted_id, int64_t after, int64_t limit, struct quotes *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LOCAL], DB_ARGS(D_INT(quoted_id), D_INT(after), D_INT(limit)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_quote_between(struct ctx *c, int64_t quoted_account_id, int64_t account_id, int64_t limit, struct quotes *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_BETWEEN], DB_ARGS(D_INT(quoted_account_id), D_INT(account_id), D_INT(limit)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_quote_by_approval(struct ctx *c, struct str uri, struct quotes *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_BY_APPROVAL], DB_ARGS(D_STR(uri), D_INT(APPROVALS_MAX)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}
