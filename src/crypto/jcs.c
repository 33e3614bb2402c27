/* Canonical JSON: members sorted by UTF-16 code units, numbers as ECMAScript writes them, the shortest escapes. */
#include "crypto/jcs.h"

#include "base/arena.h"
#include "base/utf8.h"

#include <math.h>

enum { DIGITS_MAX = 17 };

/* ---- numbers (ECMA-262, Number::toString) ---------------------------------------------------------------------------- */

struct decimal { /* 0.d1d2d3… × 10^point */
    char digits[DIGITS_MAX + 2];
    int n, point;
};

static void
split(double v, int precision, struct decimal *d)
{
    char text[40];
    int64_t exp10 = 0;
    char *e;

    snprintf(text, sizeof(text), "%.*e", precision - 1, v);
    e = strchr(text, 'e');
    CHECK(e != NULL && str_int(str_z(e[1] == '+' ? e + 2 : e + 1), &exp10));
    d->n = 0;
    for (const char *p = text; p < e; p++)
        if (*p >= '0' && *p <= '9')
            d->digits[d->n++] = *p;
    d->point = (int)exp10 + 1;
}

static double
join(const struct decimal *d)
{
    char text[40];

    snprintf(text, sizeof(text), "%.*se%d", d->n, d->digits, d->point - d->n);
    return strtod(text, NULL);
}

static void
increment(struct decimal *d)
{
    int i = d->n - 1;

    while (i >= 0 && d->digits[i] == '9')
        d->digits[i--] = '0';
    if (i >= 0) {
        d->digits[i]++;
    } else { /* 99 becomes 100, kept at two digits */
        d->digits[0] = '1';
        d->point++;
    }
}

/*
 * The shortest digits that read back as v.  The nearest decimal of a length is the right one, but for powers of two, whose
 * lower neighbour is twice as near: then the next decimal above may fit when the nearest does not.
 */
static void
shortest(double v, struct decimal *d)
{
    for (int precision = 1; precision <= DIGITS_MAX; precision++) {
        split(v, precision, d);
        if (join(d) == v)
            break;
        increment(d);
        if (join(d) == v)
            break;
    }
    while (d->n > 1 && d->digits[d->n - 1] == '0')
        d->n--;
}

struct str
jcs_number(struct arena *a, double v)
{
    struct decimal d;
    struct buf b;

    CHECK(isfinite(v));
    if (v == 0)
        return S("0");
    buf_init(&b, a, 64);
    if (v < 0)
        buf_putc(&b, '-');
    shortest(fabs(v), &d);
    if (d.point > 21 || d.point < -5) {
        buf_putc(&b, d.digits[0]);
        if (d.n > 1)
            buf_putc(&b, '.');
        buf_put(&b, (struct str){ d.digits + 1, (size_t)d.n - 1 });
        buf_putz(&b, d.point > 0 ? "e+" : "e-");
        buf_put_int(&b, d.point > 0 ? d.point - 1 : 1 - d.point);
        return buf_str(&b);
    }
    if (d.point <= 0) {
        buf_putz(&b, "0.");
        for (int i = d.point; i < 0; i++)
            buf_putc(&b, '0');
    }
    for (int i = 0; i < d.n || i < d.point; i++) {
        if (i == d.point && i > 0)
            buf_putc(&b, '.');
        buf_putc(&b, i < d.n ? d.digits[i] : '0');
    }
    return buf_str(&b);
}

/* ---- strings and members --------------------------------------------------------------------------------------------- */

static void
put_string(struct buf *b, struct str s)
{
    static const char escapes[32] = { [8] = 'b', [9] = 't', [10] = 'n', [12] = 'f', [13] = 'r' };

    buf_putc(b, '"');
    for (size_t i = 0, from = 0; i <= s.n; i++) {
        unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;

        if (i < s.n && c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_put(b, str_sub(s, from, i));
        from = i + 1;
        if (i == s.n)
            break;
        buf_putc(b, '\\');
        if (c >= 0x20)
            buf_putc(b, (char)c);
        else if (escapes[c] != 0)
            buf_putc(b, escapes[c]);
        else {
            buf_putz(b, "u00");
            buf_put_hex(b, str_sub(s, i, i + 1));
        }
    }
    buf_putc(b, '"');
}

static uint32_t
first_unit(uint32_t cp)
{
    return cp >= 0x10000 ? 0xd800 + ((cp - 0x10000) >> 10) : cp;
}

/* By UTF-16 code units: as by code points, but that U+10000 and above come before U+E000. */
static int
compare_utf16(struct str x, struct str y)
{
    uint32_t cx, cy;

    for (;;) {
        bool more_x = utf8_next(&x, &cx), more_y = utf8_next(&y, &cy);

        if (!more_x || !more_y)
            return (int)more_x - (int)more_y;
        if (cx != cy) {
            uint32_t ux = first_unit(cx), uy = first_unit(cy);

            if (ux != uy)
                return ux < uy ? -1 : 1;
            return cx < cy ? -1 : 1;
        }
    }
}

struct member {
    struct str key;
    const struct val *v;
};

static int
by_key(const void *p, const void *q)
{
    const struct member *x = p, *y = q;

    return compare_utf16(x->key, y->key);
}

static enum err put(struct buf *b, const struct val *v, const struct str *without, size_t n_without);

static enum err
put_object(struct buf *b, const struct val *v, const struct str *without, size_t n_without)
{
    struct member *m = arena_vec(b->mem, struct member, v->n);
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++) {
        bool skip = false;

        for (size_t k = 0; k < n_without; k++)
            skip = skip || str_eq(v->keys[i], without[k]);
        if (!skip)
            m[n++] = (struct member){ v->keys[i], &v->v[i] };
    }
    qsort(m, n, sizeof(*m), by_key);
    buf_putc(b, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && str_eq(m[i].key, m[i - 1].key))
            return ERR_INVALID;
        if (i > 0)
            buf_putc(b, ',');
        put_string(b, m[i].key);
        buf_putc(b, ':');
        TRY(put(b, m[i].v, NULL, 0));
    }
    buf_putc(b, '}');
    return ERR_OK;
}

static enum err
put(struct buf *b, const struct val *v, const struct str *without, size_t n_without)
{
    double d;

    switch (v->kind) {
    case VAL_NULL:
        buf_putz(b, "null");
        break;
    case VAL_BOOL:
        buf_putz(b, v->b ? "true" : "false");
        break;
    case VAL_NUM:
        d = strtod(str_cz(b->mem, v->s), NULL);
        if (!isfinite(d))
            return ERR_INVALID;
        buf_put(b, jcs_number(b->mem, d));
        break;
    case VAL_STR:
        put_string(b, v->s);
        break;
    case VAL_ARR:
        buf_putc(b, '[');
        for (size_t i = 0; i < v->n; i++) {
            if (i > 0)
                buf_putc(b, ',');
            TRY(put(b, &v->v[i], NULL, 0));
        }
        buf_putc(b, ']');
        break;
    case VAL_OBJ:
        return put_object(b, v, without, n_without);
    }
    return ERR_OK;
}

enum err
jcs_write_without(struct arena *a, const struct val *v, const struct str *without, size_t n, struct str *out)
{
    struct buf b;

    buf_init(&b, a, JCS_BYTES_MAX);
    TRY(put(&b, v, without, n));
    if (!buf_ok(&b))
        return ERR_TOO_LARGE;
    *out = buf_str(&b);
    return ERR_OK;
}

enum err
jcs_write(struct arena *a, const struct val *v, struct str *out)
{
    return jcs_write_without(a, v, NULL, 0, out);
}
