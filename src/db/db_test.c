#include "db/internal.h"

#include "base/clock.h"
#include "unit_db.h"

#include <math.h>
#include <sys/stat.h>

enum {
    Q_PUT,
    Q_GET,
    Q_ALL,
    Q_BY_IDS,
    Q_EACH,
    Q_EACH_TWICE,
    Q_BY_IDS_NEWEST,
    Q_DELETE,
    Q_COUNT_ROWS,
    Q_SWAPPED,
    Q_RETURNING,
    Q_BUMP,
    Q_NO_TABLE,
    Q_CHILD,
    Q_MANY,
    Q_AGGREGATES,
    Q_LONG,
    Q_COUNT
};
static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO thing (id, name, data, flag, ratio, note) VALUES ($1, $2, $3, $4, $5, $6)"),
    [Q_GET] = SQL("SELECT id, name, data, flag, ratio, note FROM thing WHERE id = $1"),
    [Q_ALL] = SQL("SELECT id, name FROM thing ORDER BY id"),
    [Q_BY_IDS] = SQL("SELECT id FROM thing WHERE id IN {ids:$1} ORDER BY id"),
    [Q_EACH] = SQL("SELECT each.value, id FROM {each:$1} thing WHERE id = each.value ORDER BY id"),
    [Q_EACH_TWICE] = SQL("SELECT 'even', id FROM {each:$1} thing WHERE id = each.value AND id % 2 = 0 UNION ALL "
                         "SELECT 'few', id FROM {each:$2} thing WHERE id = each.value UNION ALL "
                         "SELECT 'odd', id FROM {each:$1} thing WHERE id = each.value AND id % 2 = 1 ORDER BY 1, 2"),
    [Q_BY_IDS_NEWEST] = SQL("SELECT id FROM thing WHERE id < $2 AND id IN {ids:$1} ORDER BY id DESC LIMIT $3"),
    [Q_DELETE] = SQL("DELETE FROM thing WHERE id = $1"),
    [Q_COUNT_ROWS] = SQL("SELECT count(*) FROM thing"),
    [Q_SWAPPED] = SQL("SELECT CAST($3 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($1 AS BIGINT)"),
    [Q_RETURNING] =
        SQL("INSERT INTO thing (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name"
            " RETURNING id, name, flag"),
    [Q_BUMP] = SQL("UPDATE thing SET ratio = ratio + 1 WHERE flag = TRUE"),
    [Q_NO_TABLE] = SQL("SELECT 1 FROM nosuch"),
    [Q_CHILD] = SQL("INSERT INTO child (id, thing_id, size) VALUES ($1, $2, $3)"),
    [Q_MANY] = SQL2("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n",
        "SELECT generate_series(1, CAST($1 AS BIGINT))"),
    [Q_AGGREGATES] = SQL("SELECT sum(id), max(name), avg(ratio), count(*), min(id) = max(id) FROM thing"),
    [Q_LONG] =
        SQL2("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT count(*) FROM n",
            "SELECT CAST($1 AS BIGINT)"),
};
DB_STATEMENTS(db_test, sql);

static void
make_tables(struct db *db)
{
    unit_db_schema(db,
        "CREATE TABLE thing (id {id} PRIMARY KEY, name {text} NOT NULL, data {bytes}, flag {bool} NOT NULL DEFAULT "
        "FALSE, ratio {real} NOT NULL DEFAULT 0, note {text}) {strict};"
        "CREATE UNIQUE INDEX thing_name ON thing (name);"
        "CREATE TABLE child (id {id} PRIMARY KEY, thing_id {int} NOT NULL REFERENCES thing (id), size {int} NOT NULL"
        " CHECK (size > 0)) {strict};");
}

static enum err
put_thing(struct ctx *c, int64_t id, const char *name)
{
    return db_exec(
        c, &sql[Q_PUT], DB_ARGS(D_INT(id), D_STR(str_z(name)), D_NULL, D_BOOL(false), D_REAL(0), D_NULL), NULL);
}

static void
put_committed(struct ctx *c, int64_t id, const char *name)
{
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, put_thing(c, id, name));
    assert_ok(c, db_commit(c));
}

static int64_t
count_things(struct ctx *c)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &sql[Q_COUNT_ROWS], DB_NO_ARGS, &r));
    return db_int(r, 0);
}

UNIT_DB(db_types_round_trip)
{
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;
    char bytes[256];

    make_tables(db);
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &sql[Q_PUT],
                     DB_ARGS(D_INT(INT64_MAX), D_STR(S("it's \"ü\" \xf0\x9f\x98\x80\\")),
                         D_BYTES(((struct str){ bytes, 256 })), D_BOOL(true), D_REAL(0.1), D_STRN(STR_NONE)),
                     NULL));
    assert_ok(
        c, db_exec(c, &sql[Q_PUT],
               DB_ARGS(D_INT(INT64_MIN), D_STR(STR_NONE), D_BYTES(S("")), D_BOOL(false), D_REAL(-1e300), D_STRN(S(""))),
               NULL));
    assert_ok(c,
        db_exec(c, &sql[Q_PUT],
            DB_ARGS(D_INT(7), D_STR(S("12")), D_BYTES(STR_NONE), D_BOOL(false), D_REAL(3), D_STR(S("\\x41"))), NULL));
    assert_ok(c, db_commit(c));

    assert_ok(c, db_one(c, &sql[Q_GET], DB_ARGS(D_INT(INT64_MAX)), &r));
    assert_true(db_int(r, 0) == INT64_MAX);
    assert_str(db_str(r, 1), "it's \"ü\" \xf0\x9f\x98\x80\\");
    assert_int_equal(db_str(r, 2).n, 256);
    assert_memory_equal(db_str(r, 2).p, bytes, 256);
    assert_true(db_bool(r, 3));
    assert_true(fabs(db_real(r, 4) - 0.1) < 1e-18);
    assert_true(db_is_null(r, 5) && db_str(r, 5).p == NULL);

    assert_ok(c, db_one(c, &sql[Q_GET], DB_ARGS(D_INT(INT64_MIN)), &r));
    assert_true(db_int(r, 0) == INT64_MIN);
    assert_true(!db_is_null(r, 1) && db_str(r, 1).n == 0);
    assert_true(!db_is_null(r, 2) && db_str(r, 2).n == 0);
    assert_false(db_bool(r, 3));
    assert_true(db_real(r, 4) < -9.99e299);
    assert_true(!db_is_null(r, 5) && db_str(r, 5).n == 0 && db_str(r, 5).p != NULL);

    assert_ok(c, db_one(c, &sql[Q_GET], DB_ARGS(D_INT(7)), &r));
    assert_str(db_str(r, 1), "12"); /* stays text */
    assert_true(db_is_null(r, 2));
    assert_true(db_real(r, 4) > 2.99 && db_int(r, 4) == 3);
    assert_str(db_str(r, 5), "\\x41");
    assert_int_equal(db_str(r, 5).p[4], '\0');
}

UNIT_DB(db_parameters_by_number)
{
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;

    assert_ok(c, db_one(c, &sql[Q_SWAPPED], DB_ARGS(D_INT(1), D_INT(2), D_INT(3)), &r));
    assert_int_equal(db_int(r, 0), 3);
    assert_int_equal(db_int(r, 1), 1);
    assert_int_equal(db_int(r, 2), 2);
    assert_int_equal(db_int(r, 3), 1);
    assert_err(db_maybe(c, &sql[Q_SWAPPED], DB_ARGS(D_INT(1), D_INT(2)), &r), ERR_INTERNAL);
    assert_err(db_maybe(c, &sql[Q_NO_TABLE], DB_NO_ARGS, &r), ERR_INTERNAL);
    assert_ok(c, db_one(c, &sql[Q_SWAPPED], DB_ARGS(D_INT(1), D_INT(2), D_INT(3)), &r)); /* the connection is fine */
}

UNIT_DB(db_aggregates_have_the_same_types)
{
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;

    make_tables(db);
    put_committed(c, 40, "a");
    put_committed(c, 2, "b");
    assert_ok(c, db_one(c, &sql[Q_AGGREGATES], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 42);
    assert_str(db_str(r, 1), "b");
    assert_true(fabs(db_real(r, 2)) < 1e-9);
    assert_int_equal(db_int(r, 3), 2);
    assert_false(db_bool(r, 4));
}

UNIT_DB(db_lists_of_ids)
{
    struct ctx *c = unit_db_ctx(db);
    int64_t ids[1000];
    struct db_rows rows;

    make_tables(db);
    assert_ok(c, db_begin(c, DB_WRITE));
    for (int i = 0; i < 1000; i++) {
        ids[i] = i * 3;
        if (i % 2 == 0)
            assert_ok(c, put_thing(c, ids[i], str_fmt(c->mem, "n%d", i).p));
    }
    assert_ok(c, db_commit(c));
    assert_ok(c, db_query(c, &sql[Q_BY_IDS], DB_ARGS(D_IDS(ids, 1000)), &rows));
    assert_int_equal(rows.n, 500);
    assert_int_equal(db_int(&rows.v[499], 0), 998 * 3);
    assert_ok(c, db_query(c, &sql[Q_BY_IDS], DB_ARGS(D_IDS(ids + 2, 1)), &rows));
    assert_int_equal(rows.n, 1);
    assert_ok(c, db_query(c, &sql[Q_BY_IDS], DB_ARGS(D_IDS(NULL, 0)), &rows));
    assert_int_equal(rows.n, 0);
    assert_ok(c, db_query(c, &sql[Q_BY_IDS_NEWEST], DB_ARGS(D_IDS(ids, 1000), D_INT(100), D_INT(2)), &rows));
    assert_int_equal(rows.n, 2);
    assert_int_equal(db_int(&rows.v[0], 0), 96);
}

UNIT_DB(db_each_of_a_list)
{
    struct ctx *c = unit_db_ctx(db);
    int64_t ids[] = { 5, 1, 99, 2, 5, -7 }, few[] = { 2 };
    struct db_rows rows;

    make_tables(db);
    assert_ok(c, db_begin(c, DB_WRITE));
    for (int64_t id = 1; id < 10; id++)
        assert_ok(c, put_thing(c, id, str_fmt(c->mem, "n%d", (int)id).p));
    assert_ok(c, db_commit(c));
    assert_ok(c, db_query(c, &sql[Q_EACH], DB_ARGS(D_IDS(ids, lengthof(ids))), &rows));
    assert_int_equal(rows.n, 4); /* 5 is asked for twice */
    assert_int_equal(db_int(&rows.v[0], 0), 1);
    assert_int_equal(db_int(&rows.v[3], 1), 5);
    assert_ok(c, db_query(c, &sql[Q_EACH], DB_ARGS(D_IDS(NULL, 0)), &rows));
    assert_int_equal(rows.n, 0);

    assert_ok(c, db_query(c, &sql[Q_EACH_TWICE], DB_ARGS(D_IDS(ids, lengthof(ids)), D_IDS(few, 1)), &rows));
    assert_int_equal(rows.n, 5); /* even 2, few 2, odd 1 5 5 */
    assert_string_equal(db_str(&rows.v[1], 0).p, "few");
    assert_int_equal(db_int(&rows.v[4], 1), 5);
    assert_ok(c, db_query(c, &sql[Q_EACH_TWICE], DB_ARGS(D_IDS(few, 1), D_IDS(NULL, 0)), &rows));
    assert_int_equal(rows.n, 1); /* a statement that ran with other lists knows nothing of them */
}

UNIT_DB(db_errors_have_the_same_codes)
{
    static const struct {
        const char *what;
        int q;
        struct db_arg args[6];
        size_t n;
        enum err want;
        bool raced;
    } cases[] = {
        { "primary key", Q_RETURNING, { { .kind = DB_INT, .i = 5 }, { .kind = DB_STR, .s = { "taken", 5 } } }, 2,
            ERR_CONFLICT, true },
        { "foreign key", Q_CHILD,
            { { .kind = DB_INT, .i = 1 }, { .kind = DB_INT, .i = 99 }, { .kind = DB_INT, .i = 1 } }, 3, ERR_INVALID,
            true },
        { "check", Q_CHILD, { { .kind = DB_INT, .i = 1 }, { .kind = DB_INT, .i = 1 }, { .kind = DB_INT, .i = 0 } }, 3,
            ERR_INVALID },
        { "not null", Q_CHILD, { { .kind = DB_INT, .i = 1 }, { .kind = DB_INT, .i = 1 }, { .kind = DB_NULL } }, 3,
            ERR_INVALID },
        { "wrong type", Q_CHILD,
            { { .kind = DB_INT, .i = 1 }, { .kind = DB_INT, .i = 1 }, { .kind = DB_STR, .s = { "abc", 3 } } }, 3,
            ERR_INVALID },
        { "NUL in text", Q_RETURNING, { { .kind = DB_INT, .i = 6 }, { .kind = DB_STR, .s = { "a\0b", 3 } } }, 2,
            ERR_INVALID },
        { "not UTF-8", Q_RETURNING, { { .kind = DB_INT, .i = 6 }, { .kind = DB_STR, .s = { "a\xff", 2 } } }, 2,
            ERR_INVALID },
        { "no table", Q_NO_TABLE, { { 0 } }, 0, ERR_INTERNAL },
    };
    struct ctx *c = unit_db_ctx(db);

    make_tables(db);
    put_committed(c, 1, "taken");
    for (size_t i = 0; i < lengthof(cases); i++) {
        enum err e;

        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, put_thing(c, 50, "in the same transaction"));
        e = db_exec(c, &sql[cases[i].q], (struct db_args){ cases[i].args, cases[i].n }, NULL);
        assert_int_equal(ctx_is_raced(c, e), cases[i].raced);
        if (e != cases[i].want)
            fail_msg(
                "%s: %s, not %s: %.*s", cases[i].what, err_name(e), err_name(cases[i].want), STR_ARG(c->fail.detail));
        assert_true(c->fail.detail.n > 0);
        /* Doomed: nothing more works, and the commit says why. */
        assert_err(put_thing(c, 51, "after"), ERR_INTERNAL);
        assert_err(db_commit(c), cases[i].want);
        assert_false(db_in_write(c));
        assert_int_equal(count_things(c), 1);
    }
}

UNIT_DB(db_exec_needs_a_write)
{
    struct ctx *c = unit_db_ctx(db);
    struct db_rows rows;

    make_tables(db);
    assert_err(put_thing(c, 1, "a"), ERR_INTERNAL);
    /* Nor can a query write in secret. */
    assert_err(db_query(c, &sql[Q_RETURNING], DB_ARGS(D_INT(1), D_STR(S("a"))), &rows), ERR_INTERNAL);
    assert_ok(c, db_begin(c, DB_READ));
    assert_err(db_query(c, &sql[Q_RETURNING], DB_ARGS(D_INT(1), D_STR(S("a"))), &rows), ERR_INTERNAL);
    db_rollback(c);
    assert_int_equal(count_things(c), 0);
}

UNIT_DB(db_affected_and_returning)
{
    struct ctx *c = unit_db_ctx(db);
    struct db_rows rows;
    int64_t n = -1;

    make_tables(db);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_query(c, &sql[Q_RETURNING], DB_ARGS(D_INT(1), D_STR(S("a"))), &rows));
    assert_int_equal(rows.n, 1);
    assert_ok(c, db_query(c, &sql[Q_RETURNING], DB_ARGS(D_INT(1), D_STR(S("b"))), &rows));
    assert_str(db_str(&rows.v[0], 1), "b");
    assert_false(db_bool(&rows.v[0], 2));
    assert_ok(c, db_exec(c, &sql[Q_BUMP], DB_NO_ARGS, &n));
    assert_int_equal(n, 0);
    assert_ok(c, db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(1)), &n));
    assert_int_equal(n, 1);
    assert_ok(c, db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(1)), &n));
    assert_int_equal(n, 0);
    assert_ok(c, db_commit(c));
}

UNIT_DB(db_one_and_maybe)
{
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;
    struct db_rows rows;

    make_tables(db);
    assert_err(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(1)), &r), ERR_NOT_FOUND);
    assert_ok(c, db_maybe(c, &sql[Q_GET], DB_ARGS(D_INT(1)), &r));
    assert_null(r);
    assert_ok(c, db_query(c, &sql[Q_MANY], DB_ARGS(D_INT(DB_ROWS_MAX)), &rows));
    assert_int_equal(rows.n, DB_ROWS_MAX);
    assert_int_equal(db_int(&rows.v[DB_ROWS_MAX - 1], 0), DB_ROWS_MAX);
    assert_err(db_query(c, &sql[Q_MANY], DB_ARGS(D_INT(DB_ROWS_MAX + 1)), &rows), ERR_TOO_LARGE);
}

UNIT_DB(db_read_is_one_snapshot)
{
    struct ctx *reader = unit_db_ctx(db), *writer = unit_db_ctx(db);

    make_tables(db);
    assert_ok(reader, db_begin(reader, DB_READ));
    assert_int_equal(count_things(reader), 0);
    put_committed(writer, 1, "a");
    assert_int_equal(count_things(writer), 1); /* its own write, on another connection */
    assert_int_equal(count_things(reader), 0);
    assert_ok(reader, db_commit(reader));
    assert_int_equal(count_things(reader), 1);
}

UNIT_DB(db_rollback_undoes_and_gives_back)
{
    struct ctx *c = unit_db_ctx(db);

    make_tables(db);
    db_rollback(c); /* safe without a transaction */
    for (int i = 0; i < 50; i++) {
        assert_ok(c, db_begin(c, DB_WRITE));
        assert_ok(c, put_thing(c, i, str_fmt(c->mem, "n%d", i).p));
        assert_int_equal(count_things(c), 1);
        if (i % 2 == 0)
            db_rollback(c);
        else
            ctx_end(c);
        assert_null(c->conn);
    }
    assert_int_equal(count_things(c), 0);
}

/* Whoever forgave an error in a transaction of somebody below: nothing of it is kept, and the program lives. */
UNIT_DB(db_transactions_do_not_nest)
{
    struct ctx *c = unit_db_ctx(db);

    make_tables(db);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, put_thing(c, 1, "left open"));
    assert_err(db_begin(c, DB_WRITE), ERR_INTERNAL);
    assert_null(c->conn);
    ctx_ok(c);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_int_equal(count_things(c), 0);
    db_rollback(c);
}

static void
count_hook(struct ctx *c UNUSED, void *arg)
{
    ++*(int *)arg;
}

UNIT_DB(db_hooks_run_after_a_commit_only)
{
    struct ctx *c = unit_db_ctx(db);
    int n = 0;

    make_tables(db);
    assert_ok(c, db_begin(c, DB_WRITE));
    ctx_after_commit(c, count_hook, &n);
    db_rollback(c);
    put_committed(c, 1, "a");
    assert_int_equal(n, 0);
    assert_ok(c, db_begin(c, DB_WRITE));
    ctx_after_commit(c, count_hook, &n);
    assert_ok(c, put_thing(c, 2, "b"));
    assert_int_equal(n, 0);
    assert_ok(c, db_commit(c));
    assert_int_equal(n, 1);
    assert_ok(c, db_begin(c, DB_WRITE));
    ctx_after_commit(c, count_hook, &n);
    assert_err(put_thing(c, 2, "b"), ERR_CONFLICT);
    assert_err(db_commit(c), ERR_CONFLICT);
    assert_int_equal(n, 1);
}

/* The verb of the test: two rows and a child, or nothing. */
static enum err
three_rows(struct ctx *c)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(put_thing(c, 10, "ten"));
    TRY(put_thing(c, 11, "eleven"));
    TRY(db_exec(c, &sql[Q_CHILD], DB_ARGS(D_INT(1), D_INT(10), D_INT(1)), NULL));
    return db_commit(c);
}

UNIT_DB(db_failure_at_each_statement_leaves_nothing)
{
    struct ctx *c = unit_db_ctx(db);
    int64_t n;

    make_tables(db);
    for (n = 1; n < 20; n++) {
        enum err e;

        db_test_fail_at(db, n);
        e = three_rows(c);
        db_test_fail_at(db, 0);
        if (e == ERR_OK)
            break;
        assert_err(e, ERR_INTERNAL);
        ctx_end(c);
        assert_int_equal(count_things(c), 0);
    }
    assert_int_equal(n, 6); /* begin, three statements, commit */
    assert_int_equal(count_things(c), 2);
    db_test_count(db);
    assert_int_equal(count_things(c), 2);
    assert_int_equal(db_test_count(db), 1);
}

UNIT_DB(db_all_registered_statements_prepare)
{
    static const struct db_sql broken[] = { SQL("SELEKT 1") };
    struct ctx *c = unit_db_ctx(db);
    struct str why;

    make_tables(db);
    /* Q_NO_TABLE is broken on purpose. */
    assert_err(db_test_prepare_all(c, &why), ERR_INTERNAL);
    assert_true(str_find(why, S("nosuch")) >= 0);
    assert_true(str_starts(why, S("db_test[12]")));
    (void)broken;
}

UNIT_DB(db_no_free_connection_is_busy)
{
    struct ctx *holders[20], *c = unit_db_ctx(db);
    const struct db_row *r;

    make_tables(db);
    for (size_t i = 0; i < lengthof(holders); i++) {
        holders[i] = unit_db_ctx(db);
        assert_int_equal(count_things(holders[i]), 0);
    }
    c->deadline_mono_ms = clock_mono_ms() + 1;
    assert_err(db_maybe(c, &sql[Q_COUNT_ROWS], DB_NO_ARGS, &r), ERR_BUSY);
    db_rollback(holders[3]);
    assert_int_equal(count_things(c), 0);
}

UNIT(db_sqlite_read_stops_at_the_deadline)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 1);
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;

    c->deadline_mono_ms = clock_mono_ms() + 20;
    assert_err(db_one(c, &sql[Q_LONG], DB_ARGS(D_INT(INT64_MAX)), &r), ERR_TIMEOUT);
    c->deadline_mono_ms = 0;
    assert_ok(c, db_one(c, &sql[Q_LONG], DB_ARGS(D_INT(10)), &r));
}

UNIT_DB(db_check_finds_nothing)
{
    struct ctx *c = unit_db_ctx(db);
    struct str report;

    make_tables(db);
    put_committed(c, 1, "a");
    assert_ok(c, db_check(c, &report));
}

UNIT(db_open_explains)
{
    struct db *db;
    struct str why;

    assert_err(db_open(unit_mem(), S("mysql://x"), 1, &db, &why), ERR_INVALID);
    assert_true(str_find(why, S("sqlite:FILE")) >= 0);
    assert_err(db_open(unit_mem(), S("sqlite:"), 1, &db, &why), ERR_INVALID);
    assert_err(db_open(unit_mem(), S("sqlite:/nonexistent/dir/x.db"), 1, &db, &why), ERR_INVALID);
    assert_true(str_find(why, S("No such file")) >= 0);
}

UNIT(db_sqlite_file_is_private_and_stays)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 2), *again;
    struct ctx *c = unit_db_ctx(db);
    struct stat st;
    struct str why;

    make_tables(db);
    put_committed(c, 1, "a");
    assert_int_equal(stat(unit_db_url().p + strlen("sqlite:"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    /* As the command line does beside a running server. */
    assert_int_equal(db_open(unit_mem(), unit_db_url(), 1, &again, &why), ERR_OK);
    put_committed(unit_db_ctx(again), 2, "b");
    put_committed(c, 3, "c");
    assert_int_equal(count_things(c), 3);
    arena_defer(unit_mem(), (void (*)(void *))db_close, again);
}
