/* Imports: reading the file, and what people see of one.  The work itself is in import_run.c. */
#include "service/exchange.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/utf8.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/account.h"
#include "service/exchange_internal.h"
#include "store/account.h"
#include "text/csv.h"
#include "text/idna.h"

/* ---- reading the file ---------------------------------------------------------------------------------------------- */

struct file {
    struct import_row *v;
    size_t n;
    int at[EXPORT_CELLS]; /* which column of the file is column i of ours; -1: none */
};

/* Does the file say what its columns are?  Then they may stand in any order. */
static bool
read_head(const struct csv_row *row, enum list_kind kind, struct file *f)
{
    const char *const *names = exchange_columns[kind].names;
    bool is_head = false;

    for (size_t i = 0; i < EXPORT_CELLS; i++)
        f->at[i] = (int)i;
    for (size_t k = 0; k < row->n; k++)
        is_head = is_head || str_eqi(str_trim(row->v[k]), str_z(names[0]));
    if (!is_head)
        return false;
    for (size_t i = 0; i < EXPORT_CELLS && names[i] != NULL; i++) {
        f->at[i] = -1;
        for (size_t k = 0; k < row->n; k++)
            if (str_eqi(str_trim(row->v[k]), str_z(names[i])))
                f->at[i] = (int)k;
    }
    return true;
}

static bool
cells_fit(const struct strs *cells)
{
    for (size_t i = 0; i < cells->n; i++)
        if (cells->v[i].n > IMPORT_CELL_BYTES_MAX)
            return false;
    return true;
}

static struct str
cell(const struct file *f, const struct csv_row *row, size_t i)
{
    return f->at[i] >= 0 && (size_t)f->at[i] < row->n ? str_trim(row->v[f->at[i]]) : S("");
}

/* name@domain as the table of accounts has it. */
static bool
person_key(struct ctx *c, struct str acct, struct str *key)
{
    struct str username, domain;

    if (!service_account_parse_handle(c, acct, &username, &domain))
        return false;
    *key = str_lower(c->mem, domain.n > 0 ? str_cat(c->mem, username, S("@"), domain, STR_NONE) : username);
    return true;
}

/* What the row is about, in one spelling; false when that is nothing. */
static bool
row_key(struct ctx *c, enum list_kind kind, const struct strs *cells, struct str *key)
{
    struct str who;

    switch (kind) {
    case KIND_DOMAIN_BLOCKS:
        return text_authority_normal(c->mem, cells->v[0], key);
    case KIND_BOOKMARKS:
        *key = cells->v[0];
        return str_starts(*key, S("https://")) || str_starts(*key, S("http://"));
    case KIND_LISTS:
        if (cells->v[0].n == 0 || !person_key(c, cells->v[1], &who))
            return false;
        *key = str_cat(c->mem, cells->v[0], S("\n"), who, STR_NONE);
        return true;
    default:
        return person_key(c, cells->v[0], key);
    }
}

static enum err
read_file(struct ctx *c, enum list_kind kind, struct str csv, struct file *f)
{
    struct str rest = csv_begin(csv);
    struct csv_row row;
    bool first = true;

    *f = (struct file){ arena_vec(c->mem, struct import_row, IMPORT_ROWS_MAX), 0, { 0 } };
    while (csv_next(c->mem, &rest, &row)) {
        struct import_row *r = &f->v[f->n];
        bool is_head = first && read_head(&row, kind, f);

        first = false;
        if (is_head)
            continue;
        if (f->n == IMPORT_ROWS_MAX)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Data has more than %d rows", IMPORT_ROWS_MAX);
        *r = (struct import_row){ .position = (int64_t)f->n + 1,
            .cells = { arena_vec(c->mem, struct str, EXPORT_CELLS), EXPORT_CELLS } };
        for (size_t i = 0; i < EXPORT_CELLS; i++)
            r->cells.v[i] = cell(f, &row, i);
        if (!cells_fit(&r->cells) || !row_key(c, kind, &r->cells, &r->key))
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Row %zu of data makes no sense here", f->n + 1);
        f->n++;
    }
    if (f->n == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Data is empty");
    return ERR_OK;
}

/* ---- beginning ----------------------------------------------------------------------------------------------------- */

/* Room for one more: the oldest finished ones go. */
static enum err
make_room(struct ctx *c)
{
    struct imports v;
    size_t running = 0;

    TRY(store_account_lock(c, c->who.account_id));
    TRY(store_import_list(c, c->who.account_id, &v));
    for (size_t i = 0; i < v.n; i++)
        running += v.v[i].state != IMPORT_FINISHED;
    if (running >= IMPORTS_RUNNING_MAX)
        return ctx_fail_public(
            c, ERR_INVALID, "Validation failed: At most %d imports run at a time", IMPORTS_RUNNING_MAX);
    for (size_t i = v.n; i-- > 0 && v.n - running >= IMPORTS_MAX;)
        if (v.v[i].state == IMPORT_FINISHED) {
            TRY(store_import_delete(c, v.v[i].id));
            v.n--;
        }
    return ERR_OK;
}

static enum err
put(struct ctx *c, const struct import *i, const struct file *f)
{
    TRY(make_room(c));
    TRY(store_import_put(c, i));
    for (size_t k = 0; k < f->n; k++)
        TRY(store_import_row_put(c, i->id, &f->v[k]));
    return queue_put_id(c, J_IMPORT, i->id);
}

enum err
service_import_begin(struct ctx *c, enum list_kind kind, bool overwrite, struct str csv, struct import **out)
{
    struct import *i = arena_new(c->mem, struct import);
    struct file f;

    if (kind == KIND_FOLLOWERS)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Followers cannot be brought along, only told");
    if (overwrite && kind == KIND_LISTS)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Lists can be merged, not overwritten");
    if (!utf8_valid(csv))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Data is not UTF-8");
    TRY(read_file(c, kind, csv, &f));
    *i = (struct import){ .id = id_new(),
        .account_id = c->who.account_id,
        .user_id = c->who.user_id,
        .kind = kind,
        .overwrite = overwrite,
        .total = (int64_t)f.n,
        .created_ms = clock_ms() };
    TRY(db_begin(c, DB_WRITE));
    TRY(put(c, i, &f));
    TRY(db_commit(c));
    *out = i;
    return ERR_OK;
}

/* ---- looking ------------------------------------------------------------------------------------------------------- */

enum err
service_import_list(struct ctx *c, struct imports *out)
{
    return store_import_list(c, c->who.account_id, out);
}

enum err
service_import_get(struct ctx *c, int64_t id, struct import **out)
{
    TRY(store_import_get(c, id, out));
    return (*out)->account_id == c->who.account_id ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "somebody else's import");
}

enum err
service_import_cancel(struct ctx *c, int64_t id)
{
    struct import *i;

    TRY(db_begin(c, DB_WRITE));
    TRY(service_import_get(c, id, &i));
    TRY(store_import_delete(c, id));
    return db_commit(c);
}

enum err
service_import_failures(struct ctx *c, int64_t id, struct str *csv)
{
    struct str line[EXPORT_CELLS + 1];
    struct import_rows rows;
    struct import *i;
    size_t width = 0;
    struct buf b;

    TRY(service_import_get(c, id, &i));
    TRY(store_import_rows_failed(c, id, &rows));
    buf_init(&b, c->mem, EXPORT_BYTES_MAX);
    while (exchange_columns[i->kind].names[width] != NULL) {
        line[width] = str_z(exchange_columns[i->kind].names[width]);
        width++;
    }
    line[width] = S("Error");
    csv_put(&b, line, width + 1);
    for (size_t k = 0; k < rows.n; k++) {
        for (size_t n = 0; n < width; n++)
            line[n] = n < rows.v[k].cells.n ? rows.v[k].cells.v[n] : S("");
        line[width] = rows.v[k].error;
        csv_put(&b, line, width + 1);
    }
    *csv = buf_str(&b);
    return ERR_OK;
}
