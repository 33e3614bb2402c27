#include "db/internal.h"

#include "unit_db.h"

enum { Q_A, Q_B };
static const struct db_sql sql[] = {
    [Q_A] = SQL("SELECT x FROM a"),
    [Q_B] = SQL("SELECT y FROM b"),
};

static const struct db_migration list[] = {
    { .version = 1, .name = "a", .sql = "CREATE TABLE a (x {id} PRIMARY KEY) {strict}; INSERT INTO a (x) VALUES (1);" },
    { .version = 2,
        .name = "b",
        .sql_sqlite = "CREATE TABLE b (y INTEGER) STRICT; INSERT INTO b (y) VALUES (2);",
        .sql_postgres = "CREATE TABLE b (y BIGINT); INSERT INTO b (y) VALUES (2);" },
    { .version = 5, .name = "one_engine", .sql_sqlite = "CREATE INDEX b_y ON b (y)" },
};

static enum err
migrate(struct ctx *c, const struct db_migration *v, size_t n, int *applied, struct str *why)
{
    enum err e = db_migrate(c, v, n, applied, why);

    assert_null(c->conn);
    return e;
}

UNIT_DB(migrate_applies_what_is_missing)
{
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;
    struct str why;
    int n, version;

    assert_ok(c, db_schema_version(c, &version));
    assert_int_equal(version, 0);
    db_rollback(c);
    assert_ok(c, migrate(c, list, 1, &n, &why));
    assert_int_equal(n, 1);
    assert_ok(c, migrate(c, list, 3, &n, &why));
    assert_int_equal(n, 2);
    assert_ok(c, migrate(c, list, 3, &n, &why));
    assert_int_equal(n, 0);
    assert_ok(c, db_schema_version(c, &version));
    assert_int_equal(version, 5);
    assert_ok(c, db_one(c, &sql[Q_B], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 2);
}

UNIT_DB(migrate_refuses_a_newer_database)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int n;

    assert_ok(c, migrate(c, list, 3, &n, &why));
    assert_err(db_migrate(c, list, 2, &n, &why), ERR_INVALID);
    assert_true(str_find(why, S("schema 5")) >= 0);
}

#define GOOD_A                                                                                                         \
    {                                                                                                                  \
        .version = 1, .name = "a", .sql = "CREATE TABLE a (x {id} PRIMARY KEY) {strict}"                               \
    }

UNIT_DB(migrate_failure_rolls_back)
{
    static const struct db_migration bad[] = {
        GOOD_A,
        { .version = 2, .name = "bad", .sql = "CREATE TABLE b (y {int}) {strict}; INSERT INTO nosuch (y) VALUES (1);" },
    };
    static const struct db_migration macro[] = { GOOD_A,
        { .version = 2, .name = "macro", .sql = "CREATE TABLE b (y {nosuch})" } };
    static const struct db_migration later[] = { GOOD_A,
        { .version = 2,
            .name = "later",
            .sql = "CREATE TABLE b (y {int} REFERENCES a (x) DEFERRABLE INITIALLY DEFERRED)" } };
    static const struct db_migration good[] = { GOOD_A,
        { .version = 2, .name = "b", .sql = "CREATE TABLE b (y {int}) {strict}" } };
    struct ctx *c = unit_db_ctx(db);
    struct db_rows rows;
    struct str why;
    int n, version;

    assert_err(migrate(c, bad, 2, &n, &why), ERR_INTERNAL);
    assert_int_equal(n, 1); /* the first is there */
    assert_true(str_starts(why, S("migration 2 bad: ")));
    assert_err(migrate(c, macro, 2, &n, &why), ERR_INTERNAL);
    assert_err(migrate(c, later, 2, &n, &why), ERR_INVALID);
    assert_ok(c, db_schema_version(c, &version));
    assert_int_equal(version, 1);
    db_rollback(c);
    assert_ok(c, migrate(c, good, 2, &n, &why)); /* b does not exist yet */
    assert_ok(c, db_query(c, &sql[Q_B], DB_NO_ARGS, &rows));
    assert_int_equal(rows.n, 0);
}

/* Injected failures at each statement: a second run always finishes the work. */
UNIT_DB(migrate_can_be_repeated_after_any_failure)
{
    struct ctx *c = unit_db_ctx(db);
    struct str why;
    int n, version;

    for (int64_t i = 1; i < 40; i++) {
        enum err e;

        db_test_fail_at(db, i);
        e = db_migrate(c, list, 3, &n, &why);
        db_test_fail_at(db, 0);
        db_rollback(c);
        if (e == ERR_OK && n == 0)
            break;
    }
    assert_ok(c, db_schema_version(c, &version));
    assert_int_equal(version, 5);
}
