/* Every statement of the stores prepares on a fresh schema, on both engines; which policy holds for a domain. */
#include "base/id.h"
#include "db/db.h"
#include "store/federation.h"
#include "store/media_cache.h"
#include "store/migrations.h"
#include "store/node.h"
#include "unit_db.h"

UNIT_DB(store_statements_prepare)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why = STR_NONE;
    int applied;

    if (db_migrate(c, store_migrations, store_migrations_n, &applied, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
    assert_int_equal(applied, (int)store_migrations_n);
    if (db_test_prepare_all(c, &why) != ERR_OK)
        fail_msg("%.*s", STR_ARG(why));
}

/* ---- how statements find their rows --------------------------------------------------------------------------------- */

#define PLANS UNIT_SOURCE_ROOT "/src/store/plans.tsv"

enum { STEPS_MAX = 1024 };

struct steps {
    struct str v[STEPS_MAX];
    size_t n;
};

/* Reading all of a table, or sorting: fine for a small table or a few rows, and to be looked at. */
static void
note_step(void *arg, const char *name, struct str step)
{
    struct steps *s = arg;

    if (str_find(step, S("VIRTUAL TABLE")) >= 0 || (!str_starts(step, S("SCAN ")) && !str_starts(step, S("USE TEMP "))))
        return;
    assert_true(s->n < STEPS_MAX);
    s->v[s->n++] = str_cat(unit_mem(), str_z(name), S("\t"), step, STR_NONE);
}

static const struct db_sql release = SQL2("SELECT 'SQLite ' || substr(sqlite_version(), 1, 4)", "");

/*
 * plans.tsv names the statements that read a whole table or index, or sort.  A new one fails here: it wants an index, or a line
 * (DASSIE_PLANS=write, then look at the difference).  Other releases of SQLite plan otherwise: it is for the one that it names.
 */
UNIT(statements_find_their_rows_by_an_index)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 2);
    const char *mode = getenv("DASSIE_PLANS");
    struct steps *s = arena_new(unit_mem(), struct steps);
    struct str table = unit_file(PLANS), line, why;
    struct ctx *c = unit_db_ctx(db);
    FILE *out = NULL;
    struct db_rows of;
    int applied, wrong = 0;

    assert_ok(c, db_query(c, &release, DB_NO_ARGS, &of));
    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(c, db_test_plans(c, note_step, s));
    strs_sort(&(struct strs){ s->v, s->n });
    if (mode != NULL && str_eqz(str_z(mode), "write")) {
        assert_non_null(out = fopen(PLANS, "w"));
        fprintf(out, "%.*s\n", STR_ARG(db_str(&of.v[0], 0)));
    } else if (!str_cut(&table, '\n', &line) || !str_eq(line, db_str(&of.v[0], 0))) {
        print_message("another planner: plans.tsv was written by %.*s\n", STR_ARG(line));
        skip();
    }
    for (size_t i = 0; i < s->n; i++) {
        if (out != NULL)
            fprintf(out, "%.*s\n", STR_ARG(s->v[i]));
        else if (!str_cut(&table, '\n', &line) || !str_eq(line, s->v[i])) {
            print_error("want %.*s\ngot  %.*s\n", STR_ARG(line), STR_ARG(s->v[i]));
            wrong++;
            break;
        }
    }
    if (out != NULL)
        fclose(out);
    else
        assert_int_equal(table.n, 0);
    assert_int_equal(wrong, 0);
}

/* ---- columns ---------------------------------------------------------------------------------------------------------- */

static const struct db_sql columns =
    SQL2("SELECT m.name || '.' || p.name FROM sqlite_schema m, pragma_table_info(m.name) p "
         "WHERE m.type = 'table' ORDER BY 1",
        "");

static bool
is_known(struct str column)
{
    for (size_t i = 0; store_file_columns[i] != NULL; i++)
        if (str_eqz(column, store_file_columns[i]))
            return true;
    return false;
}

/* Whoever adds a column that names files must tell the sweeper, or it deletes them a day later. */
UNIT(store_knows_every_column_that_names_files)
{
    static const char *const ends[] = { "file", "thumb", "static", "avatar", "header", "image", "picture", "icon",
        "banner", "poster", "cover" };
    struct db *db = unit_db_open(UNIT_SQLITE, 2);
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    struct db_rows r;
    size_t found = 0;
    int applied;

    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(c, db_query(c, &columns, DB_NO_ARGS, &r));
    for (size_t i = 0; i < r.n; i++)
        for (size_t k = 0; k < lengthof(ends); k++)
            if (str_ends(db_str(&r.v[i], 0), str_z(ends[k]))) {
                if (!is_known(db_str(&r.v[i], 0)))
                    fail_msg("%.*s: in FILE_COLUMNS of store/media_cache.c?", STR_ARG(db_str(&r.v[i], 0)));
                found++;
                break;
            }
    for (size_t i = 0; store_file_columns[i] != NULL; i++)
        found--;
    assert_int_equal(found, 0);
}

static const struct db_sql by_locale = SQL2("",
    "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema() "
    "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'");

/* Else beginnings are found without the index, and an upgrade of libc may change the order under an index. */
UNIT(store_compares_text_by_bytes)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 2);
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    struct db_rows r;
    int applied;

    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(c, db_query(c, &by_locale, DB_NO_ARGS, &r));
    for (size_t i = 0; i < r.n; i++)
        print_error("%.*s: is its type {text}?\n", STR_ARG(db_str(&r.v[i], 0)));
    assert_int_equal(r.n, 0);
}

/* -1: none. */
static int
severity(struct ctx *c, const char *domain)
{
    struct domain_policy *p;

    assert_ok(c, store_domain_policy(c, str_z(domain), &p));
    return p == NULL ? -1 : (int)p->severity;
}

UNIT_DB(store_policy_of_the_nearest_parent_holds)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_domain_policy_put(c, &(struct domain_policy){ S("evil"), DOMAIN_SUSPEND, false, false }));
    assert_ok(c, store_domain_policy_put(c, &(struct domain_policy){ S("better.evil"), DOMAIN_SILENCE, false, false }));
    assert_ok(c, db_commit(c));
    assert_int_equal(severity(c, "evil"), DOMAIN_SUSPEND);
    assert_int_equal(severity(c, "a.evil"), DOMAIN_SUSPEND);
    assert_int_equal(severity(c, "better.evil"), DOMAIN_SILENCE);
    assert_int_equal(severity(c, "much.better.evil"), DOMAIN_SILENCE);
    assert_int_equal(severity(c, "a.b.c.d.e.f.g.evil"), DOMAIN_SUSPEND);
    assert_int_equal(severity(c, "a.b.c.d.e.f.better.evil"), DOMAIN_SILENCE);
    assert_int_equal(severity(c, "medevil"), -1);
    assert_int_equal(severity(c, "evil.example"), -1);
    assert_int_equal(severity(c, ""), -1);
    assert_int_equal(severity(c, "..."), -1);
}

/* ---- numbers of processes ---------------------------------------------------------------------------------------- */

static int64_t
claim(struct ctx *c, int64_t owner)
{
    int64_t number;

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_node_claim(c, owner, 60000, &number));
    assert_ok(c, db_commit(c));
    return number;
}

static bool
renew(struct ctx *c, int64_t number, int64_t owner, int64_t ms)
{
    bool ok;

    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, store_node_renew(c, number, owner, ms, &ok));
    assert_ok(c, db_commit(c));
    return ok;
}

UNIT_DB(store_node_numbers_are_each_for_one)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int applied;

    assert_ok(c, db_migrate(c, store_migrations, store_migrations_n, &applied, &why));
    for (int64_t i = 1; i < ID_NODES; i++)
        assert_int_equal(claim(c, 100 + i), i);
    assert_int_equal(claim(c, 7), 0);
    assert_true(renew(c, 5, 105, 60000));
    assert_false(renew(c, 5, 106, 60000));
    assert_true(renew(c, 9, 109, -2)); /* given back, and before this one */
    assert_true(renew(c, 5, 105, -1));
    assert_false(renew(c, 5, 105, 60000));
    assert_int_equal(claim(c, 7), 9);
    assert_int_equal(claim(c, 7), 5);
    assert_int_equal(claim(c, 7), 0);
}
