#include "db/internal.h"

#include "unit.h"

static const char *
expand(const char *text, bool sqlite)
{
    const char *out;
    struct str why;

    assert_int_equal(db_expand(unit_mem(), text, sqlite, &out, &why), ERR_OK);
    return out;
}

UNIT(expand_differs_by_engine)
{
    const char *text = "SELECT a FROM t WHERE id IN {ids:$2} ORDER BY a {skip_locked}";

    assert_string_equal(expand(text, true), "SELECT a FROM t WHERE id IN (SELECT value FROM ids($2)) ORDER BY a ");
    assert_string_equal(expand(text, false),
        "SELECT a FROM t WHERE id IN (SELECT unnest(CAST($2 AS BIGINT[]))) ORDER BY a FOR UPDATE SKIP LOCKED");
    assert_string_equal(expand("FROM {each:$1} t", true), "FROM ids($1) AS each CROSS JOIN t");
    assert_string_equal(
        expand("FROM {each:$1} t", false), "FROM unnest(CAST($1 AS BIGINT[])) AS each (value) CROSS JOIN t");
    assert_string_equal(expand("x IN {strs:$3}", true), "x IN (SELECT value FROM json_each($3))");
    assert_string_equal(expand("x IN {strs:$3}", false),
        "x IN (SELECT unnest(ARRAY(SELECT json_array_elements_text(CAST($3 AS JSON)))))");
    assert_string_equal(expand("a {id} b {bytes}, c {bool}, d {real}) {strict};", true),
        "a INTEGER b BLOB, c INTEGER, d REAL) STRICT;");
    assert_string_equal(expand("a {int}, b {bytes}, c {bool}, d {real}, e {text}) {strict};", false),
        "a BIGINT, b BYTEA, c BOOLEAN, d DOUBLE PRECISION, e TEXT COLLATE \"C\") ;");
}

UNIT(expand_leaves_quotes_and_comments_alone)
{
    static const char *const same[] = {
        "SELECT '{id}', 'it''s {int}', \"{bool}\" -- {text} isn't\n, 1 /* {real} ' */, 2",
        "DEFAULT '{}'",
        "-- {open",
        "/* {open",
        "'{open",
        "no braces at all",
        "",
    };

    for (size_t i = 0; i < lengthof(same); i++)
        assert_string_equal(expand(same[i], i % 2 == 0), same[i]);
    assert_string_equal(expand("-- don't\n{id}", true), "-- don't\nINTEGER");
}

UNIT(expand_refuses_what_it_does_not_know)
{
    static const char *const bad[] = {
        "{nosuch}",
        "{ids}",
        "{each}",
        "{ids:}",
        "{ids:$}",
        "{ids:$x}",
        "{ids:1}",
        "{id:$1}",
        "{",
        "{id",
        "{}",
        "{ids:$1:$2}",
        "{ id }",
    };
    const char *out;
    struct str why;

    for (size_t i = 0; i < lengthof(bad); i++) {
        why = STR_NONE;
        assert_int_equal(db_expand(unit_mem(), bad[i], i % 2 == 0, &out, &why), ERR_INTERNAL);
        assert_true(why.n > 0);
    }
}

static void
count_drop(void *arg, void *stmt UNUSED)
{
    ++*(int *)arg;
}

UNIT(cache_keeps_the_recently_used)
{
    enum { N = DB_STATEMENTS_MAX * 3 };
    static struct db_sql sql[N];
    static int values[N];
    struct db_cache k = { 0 };
    int pushed_out = 0, dropped = 0;

    for (int i = 0; i < N; i++) {
        sql[i] = (struct db_sql){ "x", "x" };
        assert_null(db_cache_get(&k, &sql[i], sql[i].sqlite));
        pushed_out += db_cache_put(&k, &sql[i], sql[i].sqlite, &values[i]) != NULL;
        for (int j = MAX(1, i - DB_STATEMENTS_MAX + 2); j <= i; j++)
            assert_ptr_equal(db_cache_get(&k, &sql[j], sql[j].sqlite), &values[j]);
        assert_ptr_equal(db_cache_get(&k, &sql[0], sql[0].sqlite), &values[0]); /* used all the time: stays */
    }
    assert_int_equal(pushed_out, N - DB_STATEMENTS_MAX);
    assert_int_equal(k.n, DB_STATEMENTS_MAX);
    db_cache_clear(&k, count_drop, &dropped);
    assert_int_equal(dropped, DB_STATEMENTS_MAX);
}
