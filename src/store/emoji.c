/* Custom emoji. */
#include "store/emoji.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"
#include "store/media.h"

#include <stdlib.h>

#define COLS "id, shortcode, domain, file, file_static, remote_url, category, visible, updated_ms"

enum { Q_BY_CODES, Q_MANY, Q_LIST, Q_GET, Q_BY_CODE, Q_PUT, Q_FETCHED, Q_DELETE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_BY_CODES] = SQL("SELECT " COLS " FROM emoji WHERE domain = $1 AND disabled = FALSE AND shortcode IN {strs:$2}"),
    [Q_MANY] =
        SQL("SELECT " COLS " FROM emoji WHERE disabled = FALSE AND domain IN {strs:$1} AND shortcode IN {strs:$2}"),
    [Q_LIST] = SQL(
        "SELECT " COLS " FROM emoji WHERE domain = '' AND disabled = FALSE ORDER BY COALESCE(category, ''), shortcode"),
    [Q_GET] = SQL("SELECT " COLS " FROM emoji WHERE id = $1 AND disabled = FALSE"),
    [Q_BY_CODE] = SQL("SELECT " COLS " FROM emoji WHERE domain = $1 AND shortcode = $2"),
    [Q_PUT] = SQL("INSERT INTO emoji (id, shortcode, domain, uri, file, file_static, remote_url, category, visible, "
                  "updated_ms, created_ms) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                  "ON CONFLICT (domain, shortcode) DO UPDATE SET uri = $4, file = $5, file_static = $6, remote_url = "
                  "$7, category = $8, updated_ms = $10 "
                  "WHERE emoji.updated_ms <= $10"),
    [Q_FETCHED] = SQL("UPDATE emoji SET file = $3, file_static = $4 WHERE id = $1 AND remote_url = $2 AND file = ''"),
    [Q_DELETE] = SQL("DELETE FROM emoji WHERE id = $1"),
};
DB_STATEMENTS(store_emoji, sql);

static struct emoji_ref
read_row(const struct db_row *r)
{
    return (struct emoji_ref){ .id = db_int(r, 0),
        .shortcode = db_str(r, 1),
        .file = db_str(r, 3),
        .file_static = db_str(r, 4),
        .remote_url = db_str(r, 5),
        .category = db_str(r, 6),
        .visible = db_bool(r, 7),
        .updated_ms = db_int(r, 8) };
}

enum err
store_emoji_by_codes(struct ctx *c, struct str domain, const struct strs *codes, struct emoji_refs *out)
{
    struct db_rows r;

    *out = (struct emoji_refs){ 0 };
    if (codes->n == 0)
        return ERR_OK;
    TRY(db_query(c, &sql[Q_BY_CODES], DB_ARGS(D_STR(domain), D_STR(column_put_strs(c->mem, codes))), &r));
    ROWS_READ(c->mem, &r, struct emoji_ref, read_row, out);
    return ERR_OK;
}

/* What both fills share: owners with a domain, codes, and where the result goes. */
struct owner {
    struct str domain;
    const struct strs *codes;
    struct emoji_refs *out;
};

static int
by_name(const void *a, const void *b)
{
    const struct db_row *x = *(const struct db_row *const *)a, *y = *(const struct db_row *const *)b;
    int way = str_cmp(db_str(x, 2), db_str(y, 2));

    return way != 0 ? way : str_cmp(db_str(x, 1), db_str(y, 1));
}

static const struct db_row **
sorted(struct arena *mem, const struct db_rows *r)
{
    const struct db_row **v = arena_vec(mem, const struct db_row *, r->n);

    for (size_t i = 0; i < r->n; i++)
        v[i] = &r->v[i];
    if (r->n > 0)
        qsort(v, r->n, sizeof(*v), by_name);
    return v;
}

static const struct db_row *
find(const struct db_row **v, size_t n, struct str domain, struct str code)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int way = str_cmp(db_str(v[mid], 2), domain);

        if (way == 0)
            way = str_cmp(db_str(v[mid], 1), code);
        if (way == 0)
            return v[mid];
        if (way < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

static enum err
fill_portion(struct ctx *c, struct owner *v, size_t n, const struct strs *domains, const struct strs *codes)
{
    const struct db_row **rows;
    struct db_rows r;

    TRY(db_query(
        c, &sql[Q_MANY], DB_ARGS(D_STR(column_put_strs(c->mem, domains)), D_STR(column_put_strs(c->mem, codes))), &r));
    rows = sorted(c->mem, &r);
    for (size_t i = 0; i < n; i++) {
        v[i].out->v = arena_vec(c->mem, struct emoji_ref, v[i].codes->n);
        v[i].out->n = 0;
        for (size_t k = 0; k < v[i].codes->n; k++) {
            const struct db_row *found = find(rows, r.n, v[i].domain, v[i].codes->v[k]);

            if (found != NULL)
                v[i].out->v[v[i].out->n++] = read_row(found);
        }
    }
    return ERR_OK;
}

/* A query gives each code of each domain, so a portion ends before that could be more than DB_ROWS_MAX. */
static enum err
fill(struct ctx *c, struct owner *v, size_t n)
{
    struct strs domains = { arena_vec(c->mem, struct str, n), 0 }, codes = { 0 };
    size_t total = 0, from = 0;

    for (size_t i = 0; i < n; i++)
        total += v[i].codes->n;
    codes.v = arena_vec(c->mem, struct str, total);
    for (size_t i = 0; i < n; i++) {
        if (codes.n > 0 && (codes.n + v[i].codes->n) * (domains.n + 1) > DB_ROWS_MAX) {
            TRY(fill_portion(c, &v[from], i - from, &domains, &codes));
            from = i;
            codes.n = domains.n = 0;
        }
        if (v[i].codes->n > 0 && !strs_has(&domains, v[i].domain))
            domains.v[domains.n++] = v[i].domain;
        for (size_t k = 0; k < v[i].codes->n; k++)
            codes.v[codes.n++] = v[i].codes->v[k];
    }
    return codes.n == 0 ? ERR_OK : fill_portion(c, &v[from], n - from, &domains, &codes);
}

enum err
store_emoji_fill_accounts(struct ctx *c, struct account **v, size_t n)
{
    struct owner *owners = arena_vec(c->mem, struct owner, n);

    for (size_t i = 0; i < n; i++)
        owners[i] = (struct owner){ v[i]->domain, &v[i]->emoji_codes, &v[i]->emojis };
    return fill(c, owners, n);
}

enum err
store_emoji_fill_statuses(struct ctx *c, struct status **v, size_t n)
{
    struct owner *owners = arena_vec(c->mem, struct owner, n);

    for (size_t i = 0; i < n; i++)
        owners[i] = (struct owner){ v[i]->account->domain, &v[i]->emoji_codes, &v[i]->emojis };
    return fill(c, owners, n);
}

enum err
store_emoji_list(struct ctx *c, struct emoji_refs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_NO_ARGS, &r));
    ROWS_READ(c->mem, &r, struct emoji_ref, read_row, out);
    return ERR_OK;
}

enum err
store_emoji_get(struct ctx *c, int64_t id, struct emoji_ref **out, struct str *domain)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct emoji_ref);
    **out = read_row(r);
    *domain = db_str(r, 2);
    return ERR_OK;
}

/* Both files of an emoji that is replaced or goes; a still picture may be the same file. */
static enum err
bury_files(struct ctx *c, const struct emoji_ref *e)
{
    if (e->file.n > 0)
        TRY(store_dead_file_put(c, e->file));
    return e->file_static.n > 0 ? store_dead_file_put(c, e->file_static) : ERR_OK;
}

enum err
store_emoji_put(struct ctx *c, struct str domain, struct str uri, const struct emoji_ref *e, int64_t updated_ms)
{
    struct str file = e->file, file_static = e->file_static;
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_BY_CODE], DB_ARGS(D_STR(domain), D_STR(e->shortcode)), &r));
    if (r != NULL && read_row(r).updated_ms <= updated_ms) {
        struct emoji_ref old = read_row(r);

        if (domain.n > 0 && file.n == 0 && str_eq(old.remote_url, e->remote_url)) {
            file = old.file;
            file_static = old.file_static;
        } else if (!str_eq(old.file, file)) {
            TRY(bury_files(c, &old));
        }
    }
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(id_new()), D_STR(e->shortcode), D_STR(domain), D_STR(uri), D_STR(file), D_STR(file_static),
            D_STR(e->remote_url), D_STRN(e->category), D_BOOL(e->visible), D_INT(updated_ms), D_INT(clock_ms())),
        NULL);
}

enum err
store_emoji_fetched(
    struct ctx *c, int64_t id, struct str remote_url, struct str file, struct str file_static, bool *won)
{
    return db_change(c, &sql[Q_FETCHED], DB_ARGS(D_INT(id), D_STR(remote_url), D_STR(file), D_STR(file_static)), won);
}

enum err
store_emoji_delete(struct ctx *c, struct str domain, struct str shortcode)
{
    const struct db_row *r;
    struct emoji_ref old;

    TRY(db_one(c, &sql[Q_BY_CODE], DB_ARGS(D_STR(domain), D_STR(shortcode)), &r));
    old = read_row(r);
    TRY(bury_files(c, &old));
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(old.id)), NULL);
}
