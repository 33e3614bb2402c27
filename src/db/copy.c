/* Statements are made for each table from what SQLite says about it; names come from our migrations only. */
#include "db/copy.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"

#include <string.h>

enum { PORTION = 500, TABLES_MAX = 400, COLUMNS_MAX = 80, KEYS_MAX = 6 };

struct column {
    struct str name, type; /* type as SQLite declares it */
    bool refers_to_itself;
};

struct table {
    struct str name;
    struct column columns[COLUMNS_MAX];
    size_t n, n_keys;
    size_t keys[KEYS_MAX]; /* columns of the primary key, in its order */
    struct str parents[COLUMNS_MAX];
    size_t n_parents;
    bool done;
};

struct tables {
    struct table **v;
    size_t n;
};

enum { Q_COLUMNS, Q_PARENTS, Q_THERE, Q_COUNT };
static const struct db_sql sql[Q_COUNT] = {
    [Q_COLUMNS] = SQL2("SELECT t.name, c.name, c.type, c.pk FROM pragma_table_list t, pragma_table_xinfo(t.name) c"
                       " WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%'"
                       " AND t.name <> 'schema_version' AND c.hidden = 0 ORDER BY t.name, c.cid",
        "SELECT ''"),
    [Q_PARENTS] =
        SQL2("SELECT t.name, f.\"table\", f.\"from\" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f"
             " WHERE t.schema = 'main' AND t.type = 'table'",
            "SELECT ''"),
    [Q_THERE] =
        SQL2("SELECT t.name, c.name FROM pragma_table_list t, pragma_table_xinfo(t.name) c WHERE t.schema = 'main'"
             " AND t.type = 'table'",
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"),
};
DB_STATEMENTS(db_copy, sql);

/* ---- what there is ------------------------------------------------------------------------------------------------ */

static struct table *
find_table(const struct tables *all, struct str name)
{
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i]->name, name))
            return all->v[i];
    return NULL;
}

static bool
is_there(const struct db_rows *there, struct str table, struct str column)
{
    for (size_t i = 0; i < there->n; i++)
        if (str_eq(db_str(&there->v[i], 0), table) && (column.n == 0 || str_eq(db_str(&there->v[i], 1), column)))
            return true;
    return false;
}

static void
add_column(struct table *t, const struct db_row *r)
{
    int64_t key = db_int(r, 3);

    CHECK(t->n < COLUMNS_MAX && key <= KEYS_MAX);
    if (key > 0) {
        t->keys[key - 1] = t->n;
        t->n_keys++;
    }
    t->columns[t->n++] = (struct column){ .name = db_str(r, 1), .type = db_str(r, 2) };
}

static enum err
read_columns(struct ctx *lite, struct ctx *other, struct tables *all, struct strs *left_out)
{
    struct db_rows r, there;

    TRY(db_query(lite, &sql[Q_COLUMNS], DB_NO_ARGS, &r));
    TRY(db_query(other, &sql[Q_THERE], DB_NO_ARGS, &there));
    *all = (struct tables){ arena_vec(lite->mem, struct table *, TABLES_MAX), 0 };
    *left_out = (struct strs){ arena_vec(lite->mem, struct str, r.n + 1), 0 };
    for (size_t i = 0; i < r.n; i++) {
        struct str name = db_str(&r.v[i], 0);
        struct table *t = find_table(all, name);

        if (!is_there(&there, name, STR_NONE)) {
            if (left_out->n == 0 || !str_eq(left_out->v[left_out->n - 1], name))
                left_out->v[left_out->n++] = name;
            continue;
        }
        if (t == NULL) {
            CHECK(all->n < TABLES_MAX);
            t = all->v[all->n++] = arena_new(lite->mem, struct table);
            t->name = name;
        }
        if (is_there(&there, name, db_str(&r.v[i], 1)))
            add_column(t, &r.v[i]);
    }
    return ERR_OK;
}

static enum err
read_parents(struct ctx *lite, struct tables *all)
{
    struct db_rows r;

    TRY(db_query(lite, &sql[Q_PARENTS], DB_NO_ARGS, &r));
    for (size_t i = 0; i < r.n; i++) {
        struct table *t = find_table(all, db_str(&r.v[i], 0));
        struct str parent = db_str(&r.v[i], 1);

        if (t == NULL || find_table(all, parent) == NULL)
            continue;
        if (!str_eq(parent, t->name)) {
            CHECK(t->n_parents < COLUMNS_MAX);
            t->parents[t->n_parents++] = parent;
            continue;
        }
        for (size_t k = 0; k < t->n; k++)
            if (str_eq(t->columns[k].name, db_str(&r.v[i], 2)))
                t->columns[k].refers_to_itself = true;
    }
    return ERR_OK;
}

static bool
is_ready(const struct tables *all, const struct table *t)
{
    for (size_t i = 0; i < t->n_parents; i++)
        if (!find_table(all, t->parents[i])->done)
            return false;
    return true;
}

/* Parents before children. */
static enum err
sort_tables(struct ctx *c, const struct tables *all, struct tables *out)
{
    *out = (struct tables){ arena_vec(c->mem, struct table *, all->n), 0 };
    while (out->n < all->n) {
        size_t before = out->n;

        for (size_t i = 0; i < all->n; i++)
            if (!all->v[i]->done && is_ready(all, all->v[i])) {
                all->v[i]->done = true;
                out->v[out->n++] = all->v[i];
            }
        if (out->n == before)
            return ctx_fail(c, ERR_INTERNAL, "tables refer to each other in a circle");
    }
    return ERR_OK;
}

/* ---- statements ----------------------------------------------------------------------------------------------------- */

static struct db_sql *
statement(struct arena *mem, struct buf *b)
{
    struct db_sql *s = arena_new(mem, struct db_sql);

    CHECK(buf_ok(b));
    s->sqlite = s->postgres = str_cz(mem, buf_str(b));
    return s;
}

static struct db_sql *
simple(struct arena *mem, const char *before, struct str table)
{
    struct buf b;

    buf_init(&b, mem, 512);
    buf_putf(&b, "%s\"%.*s\"", before, STR_ARG(table));
    return statement(mem, &b);
}

static void
put_columns(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n; i++)
        buf_putf(b, "%s\"%.*s\"", i > 0 ? ", " : "", STR_ARG(t->columns[i].name));
}

static void
put_keys(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n_keys; i++)
        buf_putf(b, "%s\"%.*s\"", i > 0 ? ", " : "", STR_ARG(t->columns[t->keys[i]].name));
}

/* Rows that refer to others of their table come in a second pass, when those are there. */
static const char *
pass_condition(struct arena *mem, const struct table *t, int pass)
{
    struct buf b;

    buf_init(&b, mem, KB(4));
    for (size_t i = 0; i < t->n; i++)
        if (t->columns[i].refers_to_itself)
            buf_putf(&b, "%s\"%.*s\" IS NULL", b.n > 0 ? " AND " : "", STR_ARG(t->columns[i].name));
    if (b.n == 0)
        return pass == 0 ? "" : NULL;
    return str_cz(mem, str_cat(mem, pass == 0 ? S("(") : S("NOT ("), buf_str(&b), S(")"), STR_NONE));
}

static struct db_sql *
select_sql(struct arena *mem, const struct table *t, const char *condition, bool first)
{
    const char *glue = " WHERE ";
    struct buf b;

    buf_init(&b, mem, KB(16));
    buf_putz(&b, "SELECT ");
    put_columns(&b, t);
    buf_putf(&b, " FROM \"%.*s\"", STR_ARG(t->name));
    if (condition[0] != '\0') {
        buf_putf(&b, "%s%s", glue, condition);
        glue = " AND ";
    }
    if (!first) {
        buf_putf(&b, "%s(", glue);
        put_keys(&b, t);
        buf_putz(&b, ") > (");
        for (size_t i = 0; i < t->n_keys; i++)
            buf_putf(&b, "%s$%zu", i > 0 ? ", " : "", i + 1);
        buf_putz(&b, ")");
    }
    buf_putz(&b, " ORDER BY ");
    put_keys(&b, t);
    buf_putf(&b, " LIMIT %d", PORTION);
    return statement(mem, &b);
}

static struct db_sql *
insert_sql(struct arena *mem, const struct table *t)
{
    struct buf b;

    buf_init(&b, mem, KB(16));
    buf_putf(&b, "INSERT INTO \"%.*s\" (", STR_ARG(t->name));
    put_columns(&b, t);
    buf_putz(&b, ") VALUES (");
    for (size_t i = 0; i < t->n; i++)
        buf_putf(&b, "%s$%zu", i > 0 ? ", " : "", i + 1);
    buf_putz(&b, ")");
    return statement(mem, &b);
}

/* ---- copying --------------------------------------------------------------------------------------------------------- */

static struct db_arg
arg_of(const struct column *col, const struct db_cell *cell)
{
    switch (cell->kind) {
    case DB_NULL:
        return D_NULL;
    case DB_INT:
        return D_INT(cell->i);
    case DB_REAL:
        return D_REAL(cell->d);
    default:
        return str_eqi(col->type, S("BLOB")) ? D_BYTES(cell->s) : D_STR(cell->s);
    }
}

static enum err
insert_rows(struct ctx *to, const struct table *t, const struct db_sql *insert, const struct db_rows *r)
{
    struct db_arg args[COLUMNS_MAX];

    TRY(db_begin(to, DB_WRITE));
    for (size_t i = 0; i < r->n; i++) {
        for (size_t k = 0; k < t->n; k++)
            args[k] = arg_of(&t->columns[k], &r->v[i].v[k]);
        TRY(db_exec(to, insert, (struct db_args){ args, t->n }, NULL));
    }
    return db_commit(to);
}

/* The reader's snapshot stays open all the time, so its results get an arena of their own for each portion. */
static enum err
copy_pass(struct ctx *from, struct ctx *to, const struct table *t, const char *condition, int64_t *rows)
{
    struct arena *mem = from->mem, *portion = arena_new_heap(), *keep = arena_new_heap();
    const struct db_sql *first = select_sql(mem, t, condition, true), *more = select_sql(mem, t, condition, false);
    const struct db_sql *insert = insert_sql(mem, t);
    struct db_arg after[KEYS_MAX];
    struct db_rows r = { 0 };
    enum err e;

    from->mem = portion;
    e = db_query(from, first, DB_NO_ARGS, &r);
    while (e == ERR_OK && r.n > 0) {
        e = insert_rows(to, t, insert, &r);
        if (e != ERR_OK)
            break;
        *rows += (int64_t)r.n;
        arena_reset(keep);
        for (size_t i = 0; i < t->n_keys; i++) {
            after[i] = arg_of(&t->columns[t->keys[i]], &r.v[r.n - 1].v[t->keys[i]]);
            after[i].s = str_dup(keep, after[i].s);
        }
        arena_reset(portion);
        e = db_query(from, more, (struct db_args){ after, t->n_keys }, &r);
    }
    from->mem = mem;
    arena_free(portion);
    arena_free(keep);
    return e;
}

static enum err
copy_table(struct ctx *from, struct ctx *to, const struct table *t, int64_t *rows)
{
    const struct db_row *a, *b;
    struct db_sql *count = simple(from->mem, "SELECT count(*) FROM ", t->name);

    if (t->n_keys == 0)
        return ctx_fail(to, ERR_INTERNAL, "table %.*s has no primary key", STR_ARG(t->name));
    for (int pass = 0; pass < 2; pass++) {
        const char *condition = pass_condition(from->mem, t, pass);

        if (condition != NULL)
            TRY(copy_pass(from, to, t, condition, rows));
    }
    TRY(db_one(from, count, DB_NO_ARGS, &a));
    TRY(db_one(to, count, DB_NO_ARGS, &b));
    if (db_int(a, 0) != db_int(b, 0))
        return ctx_fail_public(to, ERR_INTERNAL, "Of %lld rows of %.*s %lld arrived", (long long)db_int(a, 0),
            STR_ARG(t->name), (long long)db_int(b, 0));
    log_debug(to, "db.copy", LOG_STR("table", t->name), LOG_INT("rows", db_int(a, 0)));
    return ERR_OK;
}

/* What the migrations put (roles) is in the source too; anything else is somebody's. */
static enum err
check_empty(struct ctx *to)
{
    static const struct db_sql any = SQL("SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM account) +"
                                         " (SELECT count(*) FROM status) + (SELECT count(*) FROM setting)");
    const struct db_row *r;

    TRY(db_one(to, &any, DB_NO_ARGS, &r));
    if (db_int(r, 0) > 0)
        return ctx_fail_public(to, ERR_CONFLICT, "The target is not empty");
    return ERR_OK;
}

static enum err
clear(struct ctx *to, const struct tables *sorted)
{
    TRY(db_begin(to, DB_WRITE));
    for (size_t i = sorted->n; i-- > 0;)
        TRY(db_exec(to, simple(to->mem, "DELETE FROM ", sorted->v[i]->name), DB_NO_ARGS, NULL));
    return db_commit(to);
}

static enum err
check_versions(struct ctx *from, struct ctx *to)
{
    int a, b;

    TRY(db_schema_version(from, &a));
    TRY(db_schema_version(to, &b));
    if (a != b)
        return ctx_fail_public(to, ERR_INVALID, "The databases have schemas %d and %d", a, b);
    if (!db_is_sqlite(from->env->db) && !db_is_sqlite(to->env->db))
        return ctx_fail_public(to, ERR_INVALID, "Both databases are PostgreSQL: use pg_dump and pg_restore");
    return ERR_OK;
}

static bool
is_derived(const char *const *derived, struct str table)
{
    for (; *derived != NULL; derived++)
        if (str_eqz(table, *derived))
            return true;
    return false;
}

static enum err
copy_all(struct ctx *from, struct ctx *to, const char *const *derived, struct db_copied *out)
{
    bool from_lite = db_is_sqlite(from->env->db);
    struct ctx *lite = from_lite ? from : to;
    struct tables all, sorted;

    TRY(read_columns(lite, from_lite ? to : from, &all, &out->left_out));
    TRY(read_parents(lite, &all));
    TRY(sort_tables(to, &all, &sorted));
    TRY(clear(to, &sorted));
    for (size_t i = 0; i < sorted.n; i++)
        if (!is_derived(derived, sorted.v[i]->name))
            TRY(copy_table(from, to, sorted.v[i], &out->rows));
    out->tables = (int64_t)sorted.n;
    return ERR_OK;
}

enum err
db_copy(struct ctx *from, struct ctx *to, const char *const *derived, struct db_copied *out)
{
    enum err e;

    *out = (struct db_copied){ 0 };
    TRY(check_versions(from, to));
    TRY(check_empty(to));
    TRY(db_begin(from, DB_READ));
    e = copy_all(from, to, derived, out);
    if (e != ERR_OK && from->fail.err == e && to->fail.err != e)
        to->fail = from->fail;
    db_rollback(from);
    db_rollback(to);
    return e;
}
