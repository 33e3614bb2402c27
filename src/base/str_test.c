#include "base/str.h"

#include "base/b64.h"
#include "base/buf.h"
#include "base/page.h"
#include "unit.h"

UNIT(str_cut_keeps_empty_parts)
{
    struct str rest = S("a,,b,"), part;

    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "b");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "");
    assert_false(str_cut(&rest, ',', &part));
}

UNIT(str_int_is_strict)
{
    int64_t v;

    assert_true(str_int(S("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(str_int(S("9223372036854775807"), &v) && v == INT64_MAX);
    assert_false(str_int(S("9223372036854775808"), &v));
    assert_false(str_int(S("-9223372036854775809"), &v));
    assert_false(str_int(S("+1"), &v));
    assert_false(str_int(S(" 1"), &v));
    assert_false(str_int(S(""), &v));
    assert_false(str_int(S("-"), &v));
    assert_false(str_int(S("1e3"), &v));
}

UNIT(strs_find_what_is_in_them)
{
    struct str room[4];
    struct strs v = { room, 0 };

    assert_false(strs_has(&v, S("a")));
    assert_false(strs_has_sorted(&v, S("a")));
    strs_sort(&v);
    for (const char *z = "bcab"; *z != '\0'; z++)
        strs_add(&v, (struct str){ z, 1 });
    assert_int_equal(v.n, 3);
    assert_str(v.v[2], "a");
    strs_sort(&v);
    assert_str(v.v[0], "a");
    assert_str(v.v[2], "c");
    for (size_t i = 0; i < v.n; i++)
        assert_true(strs_has(&v, v.v[i]) && strs_has_sorted(&v, v.v[i]));
    assert_false(strs_has(&v, S("")));
    assert_false(strs_has_sorted(&v, S("ab")));
    assert_false(strs_has_sorted(&v, S("d")));
    v = strs_cat(unit_mem(), &v, &(struct strs){ 0 }, &(struct strs){ &room[1], 1 }, NULL);
    assert_int_equal(v.n, 4);
    assert_str(v.v[2], "c");
    assert_str(v.v[3], "b");
}

UNIT(ids_are_sets)
{
    const int64_t given[] = { 7, 3, 0, 7, INT64_MIN, 3 };
    struct ids v = ids_new(unit_mem(), lengthof(given));

    ids_sort(&v);
    assert_false(ids_has(&v, 0));
    for (size_t i = 0; i < lengthof(given); i++)
        ids_add(&v, given[i]);
    ids_sort(&v);
    assert_int_equal(v.n, 3);
    assert_true(v.v[0] == INT64_MIN && v.v[1] == 3 && v.v[2] == 7);
    assert_true(ids_find(&v, 7) == &v.v[2]);
    assert_true(ids_has(&v, INT64_MIN));
    assert_false(ids_has(&v, 4));
    assert_false(ids_has(&v, 0));
}

UNIT(str_hash_differs_by_content)
{
    assert_true(str_hash(S("abc")) == str_hash(S("abc")));
    assert_true(str_hash(S("abc")) != str_hash(S("abd")));
    assert_true(str_hash(S("12345678")) != str_hash(S("123456789")));
}

UNIT(b64_is_strict)
{
    struct str out;

    assert_str(b64_encode(unit_mem(), S("f")), "Zg==");
    assert_str(b64_encode(unit_mem(), S("foobar")), "Zm9vYmFy");
    assert_true(b64_decode(unit_mem(), S("Zm9vYg=="), &out));
    assert_str(out, "foob");
    assert_false(b64_decode(unit_mem(), S("Zm9vYg"), &out));
    assert_false(b64_decode(unit_mem(), S("Zm9vYh=="), &out)); /* bits left over */
    assert_false(b64_decode(unit_mem(), S("Zm 9vYg="), &out));
    assert_true(b64url_decode(unit_mem(), S("-_8"), &out));
    assert_int_equal(out.n, 2);
}

UNIT(buf_full_sticks)
{
    struct buf b;

    buf_init(&b, unit_mem(), 8);
    buf_putz(&b, "12345");
    buf_putz(&b, "6789");
    buf_putz(&b, "x");
    assert_false(buf_ok(&b));
    assert_str(buf_str(&b), "12345");
    buf_clear(&b);
    buf_put_int(&b, INT64_MIN + 1);
    assert_false(buf_ok(&b));
    buf_clear(&b);
    buf_put_utf8(&b, 0x1f600);
    buf_put_utf8(&b, 0xd800);
    assert_str(buf_str(&b), "\xf0\x9f\x98\x80\xef\xbf\xbd");
}
