/*
 * JSON (RFC 8259), the reader.  One pass over the text: values are collected on a scratch stack and copied into an exact array when
 * their container closes.  A document of a stranger costs at most its limits.  The writer is in json_write.c.
 */
#include "base/json.h"

#include "base/arena.h"
#include "base/json_scan.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { SCRATCH_FIRST = 64, DEPTH_LIMIT = 48 /* json_val() can write whatever was read, inside something else */ };

struct item {
    struct val v;
    struct str key;
};

struct reader {
    struct arena *mem;
    const char *p, *end;
    struct json_limits lim;
    size_t depth, nodes;
    struct item *items; /* the scratch stack: members of all containers that are still open */
    size_t n_items, cap_items;
};

static void
skip_space(struct reader *r)
{
    while (r->p < r->end && (*r->p == ' ' || *r->p == '\n' || *r->p == '\r' || *r->p == '\t'))
        r->p++;
}

static bool
take(struct reader *r, char c)
{
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* ---- strings --------------------------------------------------------------------------------------------------- */

/* Move to the next byte that ends a run of plain ASCII in a string: quote, backslash, control or non-ASCII. */
static inline const char *
skip_plain(const char *p, const char *end)
{
    while (end - p >= 8) {
        uint64_t stops;

        memcpy(&stops, p, 8);
        stops = json_stops(stops);
        if (stops != 0) {
            p += json_first_stop(stops);
            break;
        }
        p += 8;
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80)
        p++;
    return p;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p, or -1. */
static int32_t
hex4(const char *p, const char *end)
{
    int32_t v = 0;

    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int d = hex_digit(p[i]);

        if (d < 0)
            return -1;
        v = v << 4 | d;
    }
    return v;
}

/* What \c stands for, or 0 when it is not a simple escape. */
static char
simple_escape(char c)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *at = c == '\0' ? NULL : strchr(from, c);

    return at == NULL ? '\0' : to[at - from];
}

/* Find the closing quote, checking everything between; r->p is behind the opening one and ends behind the closing one. */
static enum err
scan_string(struct reader *r, struct str *raw, bool *escaped)
{
    const char *from = r->p;

    *escaped = false;
    for (;;) {
        r->p = skip_plain(r->p, r->end);
        if (r->p == r->end)
            return ERR_BAD_REQUEST;
        if (*r->p == '"')
            break;
        if (*r->p == '\\') {
            *escaped = true;
            if (r->end - r->p < 2)
                return ERR_BAD_REQUEST;
            if (r->p[1] == 'u' && hex4(r->p + 2, r->end) >= 0)
                r->p += 6;
            else if (simple_escape(r->p[1]) != '\0')
                r->p += 2;
            else
                return ERR_BAD_REQUEST;
        } else {
            struct str rest = { r->p, (size_t)(r->end - r->p) }, one = rest;
            uint32_t cp;

            /* utf8_next gives U+FFFD for one bad byte; the real character has three. */
            if ((unsigned char)*r->p < 0x20 || !utf8_next(&rest, &cp) || rest.n == one.n - 1)
                return ERR_BAD_REQUEST;
            r->p = rest.p;
        }
    }
    *raw = (struct str){ from, (size_t)(r->p - from) };
    r->p++;
    return ERR_OK;
}

/* \uXXXX at *p (checked before), joined with the low surrogate behind it; -1 for half a pair. */
static int32_t
decode_unit(const char **p, const char *end)
{
    int32_t hi = hex4(*p + 2, end), lo;

    *p += 6;
    if (hi < 0xd800 || hi > 0xdfff)
        return hi;
    if (hi > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
        return -1;
    lo = hex4(*p + 2, end);
    if (lo < 0xdc00 || lo > 0xdfff)
        return -1;
    *p += 6;
    return 0x10000 + ((hi - 0xd800) << 10) + (lo - 0xdc00);
}

static enum err
decode_string(struct reader *r, struct str raw, struct str *out)
{
    const char *p = raw.p, *end = raw.p + raw.n;
    struct buf b;

    buf_init(&b, r->mem, MIN(raw.n, r->lim.string_bytes)); /* decoding never makes it longer */
    while (p < end) {
        const char *slash = memchr(p, '\\', (size_t)(end - p));

        buf_put(&b, (struct str){ p, (size_t)((slash == NULL ? end : slash) - p) });
        if (slash == NULL)
            break;
        p = slash;
        if (p[1] == 'u') {
            int32_t cp = decode_unit(&p, end);

            if (cp < 0 && r->lim.refuse_lone_surrogates)
                return ERR_BAD_REQUEST;
            buf_put_utf8(&b, cp < 0 ? 0xfffd : (uint32_t)cp);
        } else {
            buf_putc(&b, simple_escape(p[1]));
            p += 2;
        }
    }
    *out = buf_str(&b);
    return buf_ok(&b) ? ERR_OK : ERR_TOO_LARGE;
}

static enum err
read_string(struct reader *r, struct str *out)
{
    bool escaped;

    TRY(scan_string(r, out, &escaped));
    if (escaped)
        return decode_string(r, *out, out);
    return out->n > r->lim.string_bytes ? ERR_TOO_LARGE : ERR_OK;
}

/* ---- numbers, words -------------------------------------------------------------------------------------------- */

static bool
skip_digits(struct reader *r)
{
    const char *from = r->p;

    while (r->p < r->end && *r->p >= '0' && *r->p <= '9')
        r->p++;
    return r->p > from;
}

static enum err
read_number(struct reader *r, struct val *out)
{
    const char *from = r->p;

    take(r, '-');
    if (!take(r, '0') && !skip_digits(r))
        return ERR_BAD_REQUEST;
    if (take(r, '.') && !skip_digits(r))
        return ERR_BAD_REQUEST;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '+'))
            take(r, '-');
        if (!skip_digits(r))
            return ERR_BAD_REQUEST;
    }
    out->kind = VAL_NUM;
    out->s = (struct str){ from, (size_t)(r->p - from) };
    return out->s.n > r->lim.string_bytes ? ERR_TOO_LARGE : ERR_OK;
}

static enum err
read_word(struct reader *r, struct str word)
{
    if ((size_t)(r->end - r->p) < word.n || memcmp(r->p, word.p, word.n) != 0)
        return ERR_BAD_REQUEST;
    r->p += word.n;
    return ERR_OK;
}

/* ---- containers ------------------------------------------------------------------------------------------------ */

static struct item *
push_item(struct reader *r)
{
    if (r->n_items == r->cap_items) {
        size_t cap = r->cap_items * 2;
        struct item *v = arena_vec(r->mem, struct item, cap);

        memcpy(v, r->items, r->n_items * sizeof(*v));
        r->items = v;
        r->cap_items = cap;
    }
    r->items[r->n_items] = (struct item){ 0 };
    return &r->items[r->n_items++];
}

static int
compare_keys(const void *a, const void *b)
{
    const struct str *x = a, *y = b;

    return str_cmp(*x, *y);
}

static bool
has_duplicate(struct reader *r, const struct str *keys, size_t n)
{
    struct str *sorted = arena_vec(r->mem, struct str, n);

    if (n > 0)
        memcpy(sorted, keys, n * sizeof(*keys));
    qsort(sorted, n, sizeof(*sorted), compare_keys);
    for (size_t i = 1; i < n; i++)
        if (str_eq(sorted[i - 1], sorted[i]))
            return true;
    return false;
}

/* Move the items above `from` into arrays of their own. */
static enum err
close_container(struct reader *r, size_t from, struct val *out)
{
    size_t n = r->n_items - from;
    struct val *v = arena_vec(r->mem, struct val, n);
    struct str *keys = out->kind == VAL_OBJ ? arena_vec(r->mem, struct str, n) : NULL;

    for (size_t i = 0; i < n; i++) {
        v[i] = r->items[from + i].v;
        if (keys != NULL)
            keys[i] = r->items[from + i].key;
    }
    r->n_items = from;
    out->n = n;
    out->v = v;
    out->keys = keys;
    return keys != NULL && r->lim.refuse_duplicates && has_duplicate(r, keys, n) ? ERR_BAD_REQUEST : ERR_OK;
}

static enum err read_value(struct reader *r, struct val *out);

static enum err
read_members(struct reader *r, char close, struct val *out)
{
    size_t from = r->n_items;

    r->p++;
    skip_space(r);
    if (take(r, close))
        return close_container(r, from, out);
    do {
        struct val v = { 0 };
        struct str key = STR_NONE;
        struct item *item;

        skip_space(r);
        if (close == '}') {
            if (!take(r, '"'))
                return ERR_BAD_REQUEST;
            TRY(read_string(r, &key));
            skip_space(r);
            if (!take(r, ':'))
                return ERR_BAD_REQUEST;
            skip_space(r);
        }
        TRY(read_value(r, &v));
        item = push_item(r); /* only now: children were on the stack above */
        item->v = v;
        item->key = key;
        skip_space(r);
    } while (take(r, ','));
    if (!take(r, close))
        return ERR_BAD_REQUEST;
    return close_container(r, from, out);
}

static enum err
read_container(struct reader *r, struct val *out)
{
    char open = *r->p;

    if (++r->depth > r->lim.depth)
        return ERR_TOO_LARGE;
    out->kind = open == '{' ? VAL_OBJ : VAL_ARR;
    TRY(read_members(r, open == '{' ? '}' : ']', out));
    r->depth--;
    return ERR_OK;
}

static enum err
read_value(struct reader *r, struct val *out)
{
    if (++r->nodes > r->lim.nodes)
        return ERR_TOO_LARGE;
    if (r->p == r->end)
        return ERR_BAD_REQUEST;
    switch (*r->p) {
    case '{':
    case '[':
        return read_container(r, out);
    case '"':
        r->p++;
        out->kind = VAL_STR;
        return read_string(r, &out->s);
    case 't':
        out->kind = VAL_BOOL;
        out->b = true;
        return read_word(r, S("true"));
    case 'f':
        out->kind = VAL_BOOL;
        return read_word(r, S("false"));
    case 'n':
        return read_word(r, S("null"));
    default:
        return read_number(r, out);
    }
}

enum err
json_parse(struct arena *a, struct str text, const struct json_limits *lim, const struct val **out)
{
    struct item first[SCRATCH_FIRST];
    struct reader r = {
        .mem = a,
        .items = first,
        .cap_items = SCRATCH_FIRST,
    };
    struct val *v = arena_new(a, struct val);

    if (lim != NULL)
        r.lim = *lim;
    if (r.lim.depth == 0)
        r.lim.depth = JSON_DEPTH_MAX;
    if (r.lim.nodes == 0)
        r.lim.nodes = JSON_NODES_MAX;
    if (r.lim.string_bytes == 0)
        r.lim.string_bytes = JSON_STRING_BYTES_MAX;
    CHECK(r.lim.depth <= DEPTH_LIMIT);
    if (text.n == 0)
        return ERR_BAD_REQUEST;
    r.p = text.p;
    r.end = text.p + text.n;
    skip_space(&r);
    TRY(read_value(&r, v));
    skip_space(&r);
    if (r.p != r.end)
        return ERR_BAD_REQUEST;
    *out = v;
    return ERR_OK;
}
