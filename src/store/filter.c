/* Filters. */
#include "store/filter.h"

#include "store/internal.h"

#define COLS "id, account_id, title, contexts, action, expires_ms, created_ms"

enum {
    Q_LIST,
    Q_GET,
    Q_PUT,
    Q_DELETE,
    Q_KEYWORDS,
    Q_KEYWORD_GET,
    Q_KEYWORD_PUT,
    Q_KEYWORD_DELETE,
    Q_STATUSES,
    Q_STATUS_GET,
    Q_STATUS_ADD,
    Q_STATUS_DELETE,
    Q_VERSION,
    Q_TOUCH,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_LIST] = SQL("SELECT " COLS " FROM filter WHERE account_id = $1 ORDER BY id LIMIT 1000"),
    [Q_GET] = SQL("SELECT " COLS " FROM filter WHERE account_id = $1 AND id = $2"),
    [Q_PUT] = SQL("INSERT INTO filter (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7) "
                  "ON CONFLICT (id) DO UPDATE SET title = $3, contexts = $4, action = $5, expires_ms = $6"),
    [Q_DELETE] = SQL("DELETE FROM filter WHERE account_id = $1 AND id = $2"),
    [Q_KEYWORDS] = SQL("SELECT id, filter_id, keyword, whole_word FROM filter_keyword WHERE filter_id IN {ids:$1} "
                       "ORDER BY filter_id, id LIMIT 20000"),
    [Q_KEYWORD_GET] = SQL("SELECT k.id, k.filter_id, k.keyword, k.whole_word FROM filter_keyword k "
                          "JOIN filter f ON f.id = k.filter_id WHERE f.account_id = $1 AND k.id = $2"),
    [Q_KEYWORD_PUT] = SQL("INSERT INTO filter_keyword (id, filter_id, keyword, whole_word) VALUES ($1, $2, $3, $4) "
                          "ON CONFLICT (id) DO UPDATE SET keyword = $3, whole_word = $4"),
    [Q_KEYWORD_DELETE] = SQL("DELETE FROM filter_keyword WHERE id = $1"),
    [Q_STATUSES] = SQL("SELECT id, filter_id, status_id FROM filter_status WHERE filter_id IN {ids:$1} "
                       "ORDER BY filter_id, id LIMIT 20000"),
    [Q_STATUS_GET] = SQL("SELECT s.id, s.filter_id, s.status_id FROM filter_status s "
                         "JOIN filter f ON f.id = s.filter_id WHERE f.account_id = $1 AND s.id = $2"),
    [Q_STATUS_ADD] = SQL("INSERT INTO filter_status (id, filter_id, status_id) VALUES ($1, $2, $3)"),
    [Q_STATUS_DELETE] = SQL("DELETE FROM filter_status WHERE id = $1"),
    [Q_VERSION] = SQL("SELECT version FROM filter_version WHERE account_id = $1"),
    [Q_TOUCH] = SQL("INSERT INTO filter_version (account_id, version) VALUES ($1, 1) "
                    "ON CONFLICT (account_id) DO UPDATE SET version = filter_version.version + 1"),
};
DB_STATEMENTS(store_filter, sql);

static void
read_filter(const struct db_row *r, struct filter *f)
{
    *f = (struct filter){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .title = db_str(r, 2),
        .contexts = (unsigned)db_int(r, 3),
        .action = (enum filter_action)db_int(r, 4),
        .expires_ms = db_int(r, 5),
        .created_ms = db_int(r, 6) };
}

static struct filter_keyword
read_keyword(const struct db_row *r)
{
    return (struct filter_keyword){ db_int(r, 0), db_int(r, 1), db_str(r, 2), db_bool(r, 3) };
}

static struct filter_status
read_status(const struct db_row *r)
{
    return (struct filter_status){ db_int(r, 0), db_int(r, 1), db_int(r, 2) };
}

/* v is sorted by id, and so are the rows by filter. */
static enum err
fill(struct ctx *c, struct filter *v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct filter_keyword *keywords;
    struct filter_status *statuses;
    struct db_rows k, s;
    size_t at = 0;

    for (size_t i = 0; i < n; i++)
        ids_add(&ids, v[i].id);
    if (n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_KEYWORDS], DB_ARGS(D_IDS(ids.v, ids.n)), &k));
    TRY(db_query(c, &sql[Q_STATUSES], DB_ARGS(D_IDS(ids.v, ids.n)), &s));
    keywords = arena_vec(c->mem, struct filter_keyword, k.n);
    statuses = arena_vec(c->mem, struct filter_status, s.n);
    for (size_t i = 0; i < n; i++) {
        v[i].keywords = keywords + at;
        for (; at < k.n && db_int(&k.v[at], 1) == v[i].id; at++, v[i].n_keywords++)
            keywords[at] = read_keyword(&k.v[at]);
    }
    at = 0;
    for (size_t i = 0; i < n; i++) {
        v[i].statuses = statuses + at;
        for (; at < s.n && db_int(&s.v[at], 1) == v[i].id; at++, v[i].n_statuses++)
            statuses[at] = read_status(&s.v[at]);
    }
    return ERR_OK;
}

enum err
store_filter_list(struct ctx *c, int64_t account_id, struct filters *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(account_id)), &r));
    *out = (struct filters){ arena_vec(c->mem, struct filter, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        read_filter(&r.v[i], &out->v[i]);
    return fill(c, out->v, out->n);
}

enum err
store_filter_get(struct ctx *c, int64_t account_id, int64_t id, struct filter **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct filter);
    read_filter(r, *out);
    return fill(c, *out, 1);
}

enum err
store_filter_put(struct ctx *c, const struct filter *f)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(f->id), D_INT(f->account_id), D_STR(f->title), D_INT(f->contexts), D_INT(f->action),
            D_INTN(f->expires_ms), D_INT(f->created_ms)),
        NULL);
}

enum err
store_filter_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(id)), &n));
    return n > 0 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "filter %lld", (long long)id);
}

enum err
store_filter_keyword_get(struct ctx *c, int64_t account_id, int64_t id, struct filter_keyword **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_KEYWORD_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct filter_keyword);
    **out = read_keyword(r);
    return ERR_OK;
}

enum err
store_filter_keyword_put(struct ctx *c, const struct filter_keyword *k)
{
    return db_exec(c, &sql[Q_KEYWORD_PUT],
        DB_ARGS(D_INT(k->id), D_INT(k->filter_id), D_STR(k->keyword), D_BOOL(k->whole_word)), NULL);
}

enum err
store_filter_keyword_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_KEYWORD_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_filter_status_get(struct ctx *c, int64_t account_id, int64_t id, struct filter_status **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_STATUS_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = arena_new(c->mem, struct filter_status);
    **out = read_status(r);
    return ERR_OK;
}

enum err
store_filter_status_add(struct ctx *c, const struct filter_status *s)
{
    return db_exec(c, &sql[Q_STATUS_ADD], DB_ARGS(D_INT(s->id), D_INT(s->filter_id), D_INT(s->status_id)), NULL);
}

enum err
store_filter_status_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_STATUS_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_filter_version(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_VERSION], DB_ARGS(D_INT(account_id)), &r));
    *out = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_filter_touch(struct ctx *c, int64_t account_id)
{
    return db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(account_id)), NULL);
}
