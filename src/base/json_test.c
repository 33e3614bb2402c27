#include "base/json.h"

#include "base/date.h"
#include "base/utf8.h"
#include "unit.h"

#include <float.h>
#include <math.h>

static const struct val *
parse(struct str text)
{
    const struct val *v;

    assert_int_equal(json_parse(unit_mem(), text, NULL, &v), ERR_OK);
    return v;
}

static enum err
try_parse(struct str text, const struct json_limits *lim)
{
    const struct val *v;

    return json_parse(unit_mem(), text, lim, &v);
}

static struct str
write_val(const struct val *v)
{
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), MB(16));
    json_init(&j, &b);
    json_val(&j, NULL, v);
    assert_true(json_done(&j));
    return buf_str(&b);
}

static bool
same(const struct val *x, const struct val *y)
{
    if (x->kind != y->kind || x->b != y->b || !str_eq(x->s, y->s) || x->n != y->n)
        return false;
    for (size_t i = 0; i < x->n; i++)
        if (!same(&x->v[i], &y->v[i]) || (x->kind == VAL_OBJ && !str_eq(x->keys[i], y->keys[i])))
            return false;
    return true;
}

UNIT(json_test_suite)
{
    struct strs names = unit_shared_dir("corpora/json/JSONTestSuite/test_parsing");
    size_t yes = 0, no = 0;

    for (size_t i = 0; i < names.n; i++) {
        struct str name = names.v[i];
        struct str text =
            unit_shared(str_fmt(unit_mem(), "corpora/json/JSONTestSuite/test_parsing/%.*s", STR_ARG(name)).p);
        const struct val *v, *again;
        enum err e;

        if (!str_ends(name, S(".json")))
            continue;
        e = json_parse(unit_mem(), text, NULL, &v);
        if ((name.p[0] == 'y' && e != ERR_OK) || (name.p[0] == 'n' && e == ERR_OK))
            fail_msg("%.*s: %s", STR_ARG(name), err_name(e));
        yes += name.p[0] == 'y';
        no += name.p[0] == 'n';
        if (e == ERR_OK) { /* what was read is written so that it reads the same */
            again = parse(write_val(v));
            assert_true(same(v, again));
        }
    }
    assert_true(yes > 90 && no > 180);
}

UNIT(json_reads_values)
{
    const struct val *v =
        parse(S(" {\"a\": [1, -2.5e3, true, false, null, \"x\"], \"b\": {\"c\": \"\\u00e9\\n\"}, \"a2\":\"\"} "));
    const struct val *a = val_get(v, S("a"));

    assert_int_equal(a->n, 6);
    assert_int_equal(val_int(val_at(a, 0), 7), 1);
    assert_int_equal(val_int(val_at(a, 1), 7), 7); /* has an exponent */
    assert_true(val_num(val_at(a, 1), 0) == -2500.0);
    assert_true(val_bool(val_at(a, 2), false));
    assert_false(val_bool(val_at(a, 3), true));
    assert_true(val_is_null(val_at(a, 4)));
    assert_str(val_str(val_at(a, 5)), "x");
    assert_true(val_is_null(val_at(a, 6)));
    assert_str(val_str(val_get(val_get(v, S("b")), S("c"))), "\xc3\xa9\n");
    assert_true(val_is_null(val_get(val_get(v, S("no")), S("c"))));
    assert_true(val_has(v, S("a2")) && !val_has(v, S("a3")));
    assert_true(val_str(val_get(v, S("a2"))).p != NULL);
    assert_true(val_num(parse(S("1e400")), 3) == 3); /* not finite: the other value */
}

UNIT(json_last_duplicate_wins_or_is_refused)
{
    struct json_limits strict = { .refuse_duplicates = true };

    assert_int_equal(val_int(val_get(parse(S("{\"a\":1,\"b\":2,\"a\":3}")), S("a")), 0), 3);
    assert_int_equal(try_parse(S("{\"a\":1,\"b\":2,\"a\":3}"), &strict), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("{\"a\":1,\"\\u0061\":3}"), &strict), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}"), &strict), ERR_OK);
}

UNIT(json_surrogates)
{
    struct json_limits strict = { .refuse_lone_surrogates = true };

    assert_str(val_str(parse(S("\"\\ud83d\\ude00\""))), "\xf0\x9f\x98\x80");
    assert_str(val_str(parse(S("\"a\\ud83d\\u0041\""))), "a\xef\xbf\xbd"
                                                         "A");
    assert_str(val_str(parse(S("\"\\ude00\\ud83d\""))), "\xef\xbf\xbd\xef\xbf\xbd");
    assert_int_equal(try_parse(S("\"\\ud83d\""), &strict), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("\"\\ud83d\\ude00\""), &strict), ERR_OK);
}

UNIT(json_refuses_bad_utf8_and_bom)
{
    assert_int_equal(try_parse(S("\"\xff\""), NULL), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("\"\xed\xa0\x80\""), NULL), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("\"\xc0\xaf\""), NULL), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("{\"\xe2\x82\":1}"), NULL), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("\xef\xbb\xbf{}"), NULL), ERR_BAD_REQUEST);
    assert_int_equal(try_parse(S("\"\xef\xbf\xbd\""), NULL), ERR_OK); /* a real U+FFFD */
}

static struct str
nested(size_t depth)
{
    char *p = arena_alloc(unit_mem(), 2 * depth, 1);

    for (size_t i = 0; i < depth; i++) {
        p[i] = '[';
        p[2 * depth - 1 - i] = ']';
    }
    return (struct str){ p, 2 * depth };
}

UNIT(json_limits_hold)
{
    struct json_limits lim = { .depth = 3, .nodes = 5, .string_bytes = 4 };

    assert_int_equal(try_parse(nested(JSON_DEPTH_MAX), NULL), ERR_OK);
    assert_int_equal(try_parse(nested(JSON_DEPTH_MAX + 1), NULL), ERR_TOO_LARGE);
    assert_int_equal(try_parse(nested(100000), NULL), ERR_TOO_LARGE);
    assert_int_equal(try_parse(S("[[[1]]]"), &lim), ERR_OK);
    assert_int_equal(try_parse(S("[[[[]]]]"), &lim), ERR_TOO_LARGE);
    assert_int_equal(try_parse(S("[1,2,3,4]"), &lim), ERR_OK);
    assert_int_equal(try_parse(S("[1,2,3,4,5]"), &lim), ERR_TOO_LARGE);
    assert_int_equal(try_parse(S("\"abcd\""), &lim), ERR_OK);
    assert_int_equal(try_parse(S("\"abcde\""), &lim), ERR_TOO_LARGE);
    assert_int_equal(try_parse(S("\"\\u0061bcd\""), &lim), ERR_OK);
    assert_int_equal(try_parse(S("\"\\u0061bcde\""), &lim), ERR_TOO_LARGE);
    assert_int_equal(try_parse(S("{\"abcde\":1}"), &lim), ERR_TOO_LARGE);
    assert_int_equal(try_parse(STR_NONE, NULL), ERR_BAD_REQUEST);
}

UNIT(json_many_members)
{
    struct buf b;
    const struct val *v;

    buf_init(&b, unit_mem(), MB(4));
    buf_putc(&b, '{');
    for (int i = 0; i < 20000; i++)
        buf_putf(&b, "%s\"k%d\":[%d]", i > 0 ? "," : "", i, i);
    buf_putc(&b, '}');
    assert_int_equal(
        json_parse(unit_mem(), buf_str(&b), &(struct json_limits){ .refuse_duplicates = true }, &v), ERR_OK);
    assert_int_equal(v->n, 20000);
    assert_int_equal(val_int(val_at(val_get(v, S("k12345")), 0), 0), 12345);
}

UNIT(json_writes)
{
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), 10000);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "s", S("q\" b\\ n\n t\t c\x01 d\x7f \xc3\xa9 \xff </script>"));
    json_str_or_null(&j, "e", S(""));
    json_int(&j, "i", INT64_MIN);
    json_id(&j, "id", 42);
    json_id_or_null(&j, "none", 0);
    json_time(&j, "t", 1767323045678);
    json_time_or_null(&j, "t0", 0);
    json_bool(&j, "b", true);
    json_arr(&j, "a");
    json_end(&j);
    json_arr(&j, "a2");
    json_int(&j, NULL, 1);
    json_obj(&j, NULL);
    json_end(&j);
    json_raw(&j, NULL, S("[2]"));
    json_end(&j);
    json_member(&j, S("k\"y"));
    json_null(&j, NULL);
    json_end(&j);
    assert_true(json_done(&j));
    assert_str(buf_str(&b),
        "{\"s\":\"q\\\" b\\\\ n\\n t\\t c\\u0001 d\x7f \xc3\xa9 \xef\xbf\xbd </script>\",\"e\":null,"
        "\"i\":-9223372036854775808,\"id\":\"42\",\"none\":null,\"t\":\"2026-01-02T03:04:05.678Z\",\"t0\":null,"
        "\"b\":true,\"a\":[],\"a2\":[1,{},[2]],\"k\\\"y\":null}");
}

UNIT(json_full_buffer_is_noticed)
{
    struct buf b;
    struct json j;

    buf_init(&b, unit_mem(), 8);
    json_init(&j, &b);
    json_str(&j, NULL, S("longer than eight"));
    assert_false(json_done(&j));
}

UNIT(json_numbers_read_back)
{
    static const double cases[] = { 0, -0.0, 1, 0.1, 1e21, 1.5e300, DBL_MIN, DBL_MAX, 4.9e-324, 123456789.125,
        1.0 / 3 };

    for (size_t i = 0; i < lengthof(cases); i++) {
        struct buf b;
        struct json j;

        buf_init(&b, unit_mem(), 100);
        json_init(&j, &b);
        json_num(&j, NULL, cases[i]);
        assert_true(json_done(&j));
        assert_true(val_num(parse(buf_str(&b)), NAN) == cases[i]);
    }
    {
        struct buf b;
        struct json j;

        buf_init(&b, unit_mem(), 100);
        json_init(&j, &b);
        json_num(&j, NULL, INFINITY);
        assert_true(json_done(&j));
        assert_str(buf_str(&b), "null");
    }
}

UNIT(utf8_walks)
{
    struct str s = S("a\xc3\xa9\xff\xf0\x9f\x98\x80\xe2\x82");
    uint32_t want[] = { 'a', 0xe9, 0xfffd, 0x1f600, 0xfffd, 0xfffd }, cp;

    for (size_t i = 0; i < lengthof(want); i++) {
        assert_true(utf8_next(&s, &cp));
        assert_int_equal(cp, want[i]);
    }
    assert_false(utf8_next(&s, &cp));
}

UNIT(utf8_valid_is_strict)
{
    assert_true(utf8_valid(S("plain ascii that is longer than eight \xf4\x8f\xbf\xbf")));
    assert_false(utf8_valid(S("\xf4\x90\x80\x80"))); /* above U+10FFFF */
    assert_false(utf8_valid(S("\xed\xa0\x80")));     /* surrogate */
    assert_false(utf8_valid(S("\xc1\xbf")));         /* overlong */
    assert_false(utf8_valid(S("\xe0\x9f\xbf")));
    assert_false(utf8_valid(S("\xf0\x8f\xbf\xbf")));
    assert_false(utf8_valid(S("12345678\x80")));
    assert_int_equal(utf8_prefix(S("12345678\xc3\xa9\x80z")), 10);
    assert_int_equal(utf8_count(S("a\xc3\xa9\xf0\x9f\x98\x80")), 3);
}

UNIT(utf8_clean_replaces)
{
    assert_str(utf8_clean(unit_mem(), S("a\xff\xe2\x82z"), false), "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz");
    assert_str(utf8_clean(unit_mem(), S("a\0z"), true), "a\xef\xbf\xbdz");
    assert_int_equal(utf8_clean(unit_mem(), S("a\0z"), false).n, 3);
}

UNIT(utf8_cut_keeps_characters)
{
    struct str s = S("a\xc3\xa9\xf0\x9f\x98\x80"); /* 1 + 2 + 4 bytes */
    size_t want[] = { 0, 1, 1, 3, 3, 3, 3, 7, 7 };

    for (size_t n = 0; n < lengthof(want); n++)
        assert_int_equal(utf8_cut(s, n).n, want[n]);
    assert_int_equal(utf8_cut(S("\x80\x80\x80\x80\x80"), 4).n, 4); /* not UTF-8: cut where asked */
}
