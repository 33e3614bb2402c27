/*
 * ids(list): a table-valued function of SQLite over a list of ids in memory, behind {ids:$1} and {each:$1}.  The list comes as a
 * pointer, never as text to be written here and parsed there.  https://www.sqlite.org/vtab.html#tabfunc2
 */
#include "db/internal.h"

#include <sqlite3.h>

struct cursor {
    sqlite3_vtab_cursor base;
    const struct db_arg *list;
    size_t at;
};

enum { COL_VALUE, COL_LIST, TYPICAL_ROWS = 20 };

static int
ids_connect(sqlite3 *h, void *aux UNUSED, int argc UNUSED, const char *const *argv UNUSED, sqlite3_vtab **out,
    char **why UNUSED)
{
    int rc = sqlite3_declare_vtab(h, "CREATE TABLE x (value INTEGER, list HIDDEN)");

    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        BUG("out of memory");
    return rc;
}

static int
ids_disconnect(sqlite3_vtab *table)
{
    free(table);
    return SQLITE_OK;
}

/* Only a plan that gives the list is one. */
static int
ids_plan(sqlite3_vtab *table UNUSED, sqlite3_index_info *plan)
{
    for (int i = 0; i < plan->nConstraint; i++) {
        const struct sqlite3_index_constraint *k = &plan->aConstraint[i];

        if (k->iColumn != COL_LIST || k->op != SQLITE_INDEX_CONSTRAINT_EQ || !k->usable)
            continue;
        plan->aConstraintUsage[i].argvIndex = 1;
        plan->aConstraintUsage[i].omit = 1;
        plan->estimatedCost = 1;
        plan->estimatedRows = TYPICAL_ROWS;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int
ids_open(sqlite3_vtab *table UNUSED, sqlite3_vtab_cursor **out)
{
    struct cursor *k = calloc(1, sizeof(*k));

    if (k == NULL)
        BUG("out of memory");
    *out = &k->base;
    return SQLITE_OK;
}

static int
ids_close(sqlite3_vtab_cursor *base)
{
    free(base);
    return SQLITE_OK;
}

static int
ids_filter(sqlite3_vtab_cursor *base, int plan UNUSED, const char *name UNUSED, int argc UNUSED, sqlite3_value **argv)
{
    struct cursor *k = (struct cursor *)base;

    k->list = sqlite3_value_pointer(argv[0], DB_IDS_POINTER);
    k->at = 0;
    return k->list != NULL ? SQLITE_OK : SQLITE_MISMATCH;
}

static int
ids_next(sqlite3_vtab_cursor *base)
{
    ((struct cursor *)base)->at++;
    return SQLITE_OK;
}

static int
ids_eof(sqlite3_vtab_cursor *base)
{
    const struct cursor *k = (const struct cursor *)base;

    return k->at >= k->list->n;
}

static int
ids_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int column)
{
    const struct cursor *k = (const struct cursor *)base;

    if (column == COL_VALUE)
        sqlite3_result_int64(out, k->list->ids[k->at]);
    return SQLITE_OK;
}

static int
ids_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((const struct cursor *)base)->at;
    return SQLITE_OK;
}

int
db_sqlite_add_ids(sqlite3 *h)
{
    static const sqlite3_module module = {
        .xConnect = ids_connect, /* without xCreate: a function only */
        .xBestIndex = ids_plan,
        .xDisconnect = ids_disconnect,
        .xOpen = ids_open,
        .xClose = ids_close,
        .xFilter = ids_filter,
        .xNext = ids_next,
        .xEof = ids_eof,
        .xColumn = ids_column,
        .xRowid = ids_rowid,
    };

    return sqlite3_create_module(h, "ids", &module, NULL);
}
