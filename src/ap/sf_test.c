#include "ap/sf.h"

#include "base/b64.h"
#include "base/buf.h"
#include "vectors.h"

/* The working group's own suite: https://github.com/httpwg/structured-field-tests */

static struct str
unbase32(struct str text)
{
    char *p = arena_alloc(unit_mem(), text.n + 1, 1);
    unsigned acc = 0, bits = 0;
    size_t n = 0;

    for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
        char c = text.p[i];

        acc = acc << 5 | (unsigned)(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            p[n++] = (char)(acc >> bits);
        }
    }
    return (struct str){ p, n };
}

static bool same_item(const struct sf_item *got, const struct val *want);

static bool
same_bare(const struct sf_item *got, const struct val *want)
{
    struct str type = member(want, "__type"), value = member(want, "value");

    switch (got->kind) {
    case SF_INT:
        return want->kind == VAL_NUM && val_int(want, INT64_MIN) == got->i;
    case SF_DECIMAL:
        return want->kind == VAL_NUM && (int64_t)(val_num(want, 0) * 1000 + (got->i < 0 ? -0.5 : 0.5)) == got->i;
    case SF_STRING:
        return want->kind == VAL_STR && str_eq(want->s, got->s);
    case SF_TOKEN:
        return str_eqz(type, "token") && str_eq(value, got->s);
    case SF_BYTES:
        return str_eqz(type, "binary") && str_eq(unbase32(value), got->s);
    case SF_BOOL:
        return want->kind == VAL_BOOL && want->b == (got->i != 0);
    case SF_LIST:
        if (want->kind != VAL_ARR || want->n != got->n)
            return false;
        for (size_t i = 0; i < got->n; i++)
            if (!same_item(&got->items[i], &want->v[i]))
                return false;
        return true;
    }
    return false;
}

static bool
same_item(const struct sf_item *got, const struct val *want)
{
    const struct val *params = val_at(want, 1);

    if (!same_bare(got, val_at(want, 0)) || params->n != got->n_params)
        return false;
    for (size_t i = 0; i < params->n; i++)
        if (!str_eq(val_str(val_at(&params->v[i], 0)), got->params[i].key) ||
            !same_bare(&got->params[i].value, val_at(&params->v[i], 1)))
            return false;
    return true;
}

/* 1 as expected, 0 another value, -1 refused */
static int
outcome(const struct val *t, struct str raw)
{
    const struct val *want = val_get(t, S("expected"));
    struct str type = member(t, "header_type");

    if (str_eqz(type, "item")) {
        struct sf_item item;

        return sf_item_parse(unit_mem(), raw, &item) ? same_item(&item, want) : -1;
    }
    if (str_eqz(type, "list")) {
        const struct sf_item *items;
        size_t n;

        if (!sf_list_parse(unit_mem(), raw, &items, &n))
            return -1;
        for (size_t i = 0; i < n; i++)
            if (n != want->n || !same_item(&items[i], &want->v[i]))
                return 0;
        return n == want->n;
    }
    struct sf_dict d;

    if (!sf_dict_parse(unit_mem(), raw, &d))
        return -1;
    for (size_t i = 0; i < d.n; i++)
        if (d.n != want->n || !str_eq(d.v[i].key, val_str(val_at(&want->v[i], 0))) ||
            !same_item(&d.v[i].value, val_at(&want->v[i], 1)))
            return 0;
    return d.n == want->n;
}

UNIT(sf_working_group_suite)
{
    static const char *const files[] = { "binary", "boolean", "dictionary", "examples", "item", "key-generated", "list",
        "listlist", "number-generated", "number", "param-dict", "param-list", "param-listlist", "string-generated",
        "string", "token-generated", "token" };
    size_t n = 0;

    for (size_t f = 0; f < lengthof(files); f++) {
        struct str path = str_fmt(unit_mem(), "corpora/text/structured-field-tests/%s.json", files[f]);
        const struct val *tests = vectors(str_cz(unit_mem(), path));

        for (size_t i = 0; i < tests->n; i++) {
            const struct val *t = &tests->v[i], *lines = val_get(t, S("raw"));
            struct arena_mark m = arena_save(unit_mem());
            struct str raw = S("");
            int got;

            for (size_t k = 0; k < lines->n; k++)
                raw = str_cat(unit_mem(), raw, k > 0 ? S(", ") : S(""), val_str(&lines->v[k]), STR_NONE);
            got = outcome(t, raw);
            if (got != (val_bool(val_get(t, S("must_fail")), false) ? -1 : 1) &&
                !(got == -1 && val_bool(val_get(t, S("can_fail")), false))) {
                print_error("%s: \"%.*s\": %d\n", files[f], STR_ARG(member(t, "name")), got);
                fail();
            }
            arena_restore(unit_mem(), m);
            n++;
        }
    }
    assert_true(n > 1000);
}

UNIT(sf_serialises_canonically)
{
    struct sf_dict d;
    struct buf b;

    assert_true(
        sf_dict_parse(unit_mem(), S("a=( \"x\"  y;q=1.50 );created=12;  keyid=\"k\\\"\";f;g=?0;h=:YQ==:, b"), &d));
    buf_init(&b, unit_mem(), 1000);
    sf_put(&b, sf_get(&d, S("a")));
    assert_str(buf_str(&b), "(\"x\" y;q=1.5);created=12;keyid=\"k\\\"\";f;g=?0;h=:YQ==:");
    assert_null(sf_get(&d, S("c")));
}
