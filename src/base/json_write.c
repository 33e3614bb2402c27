/*
 * JSON, the writer: appends to a buf, so that code which writes a document reads like the document.  Commas, nesting and missing names
 * are checked here; a mistake of the program aborts, a full buffer is noticed once at json_done().  The reader is in json.c.
 */
#include "base/json.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MAX = 64 };

void
json_init(struct json *j, struct buf *b)
{
    *j = (struct json){ .b = b };
}

/* A run of bytes that need no escape: plain ASCII, 8 at a time, or whole valid sequences. */
static size_t
plain_run(const char *p, size_t n)
{
    const uint64_t ones = 0x0101010101010101u, high = ones * 0x80;
    size_t i = 0;

    while (i + 8 <= n) {
        uint64_t w, quote, slash;

        memcpy(&w, p + i, 8);
        quote = w ^ ones * '"';
        slash = w ^ ones * '\\';
        if (((w | (w - ones * 0x20) | (quote - ones) | (slash - ones)) & high) != 0)
            break;
        i += 8;
    }
    while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x80 && p[i] != '"' && p[i] != '\\')
        i++;
    return i;
}

static void
put_escape(struct buf *b, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c == '\0' ? NULL : strchr(from, c);

    if (at != NULL) {
        buf_put(b, (struct str){ (const char[]){ '\\', to[at - from] }, 2 });
        return;
    }
    buf_put(b, (struct str){ (const char[]){ '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] }, 6 });
}

static void
put_string(struct buf *b, struct str s)
{
    buf_putc(b, '"');
    while (s.n > 0) {
        size_t n = plain_run(s.p, s.n);

        buf_put(b, str_sub(s, 0, n));
        s = str_sub(s, n, s.n);
        if (s.n == 0)
            break;
        if ((unsigned char)*s.p < 0x80) {
            put_escape(b, (unsigned char)*s.p);
            s = str_sub(s, 1, s.n);
        } else {
            uint32_t cp;

            utf8_next(&s, &cp);
            buf_put_utf8(b, cp);
        }
    }
    buf_putc(b, '"');
}

/* What stands before a value: a comma and, in objects, the name. */
static void
begin_value(struct json *j, const char *key)
{
    uint64_t bit = (uint64_t)1 << j->depth;

    if (j->member) {
        CHECK(key == NULL);
        j->member = false;
        return;
    }
    CHECK((j->is_obj & bit) != 0 ? key != NULL : key == NULL);
    if ((j->comma & bit) != 0) {
        CHECK(j->depth > 0);
        buf_putc(j->b, ',');
    }
    j->comma |= bit;
    if (key != NULL) {
        buf_putc(j->b, '"');
        buf_putz(j->b, key);
        buf_put(j->b, S("\":"));
    }
}

static void
open_level(struct json *j, const char *key, bool is_obj)
{
    uint64_t bit;

    begin_value(j, key);
    CHECK(j->depth + 1 < LEVELS_MAX);
    bit = (uint64_t)1 << ++j->depth;
    j->comma &= ~bit;
    j->is_obj = is_obj ? j->is_obj | bit : j->is_obj & ~bit;
    buf_putc(j->b, is_obj ? '{' : '[');
}

void
json_obj(struct json *j, const char *key)
{
    open_level(j, key, true);
}

void
json_arr(struct json *j, const char *key)
{
    open_level(j, key, false);
}

void
json_end(struct json *j)
{
    CHECK(j->depth > 0 && !j->member);
    buf_putc(j->b, (j->is_obj >> j->depth & 1) != 0 ? '}' : ']');
    j->depth--;
}

void
json_str(struct json *j, const char *key, struct str s)
{
    begin_value(j, key);
    put_string(j->b, s);
}

void
json_str_or_null(struct json *j, const char *key, struct str s)
{
    if (s.n == 0)
        json_null(j, key);
    else
        json_str(j, key, s);
}

void
json_int(struct json *j, const char *key, int64_t v)
{
    begin_value(j, key);
    buf_put_int(j->b, v);
}

void
json_num(struct json *j, const char *key, double v)
{
    char text[32];
    int n = 0;

    if (!isfinite(v)) {
        json_null(j, key);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        n = snprintf(text, sizeof(text), "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    begin_value(j, key);
    buf_put(j->b, (struct str){ text, (size_t)n });
}

void
json_bool(struct json *j, const char *key, bool v)
{
    begin_value(j, key);
    buf_put(j->b, v ? S("true") : S("false"));
}

void
json_null(struct json *j, const char *key)
{
    begin_value(j, key);
    buf_put(j->b, S("null"));
}

void
json_id(struct json *j, const char *key, int64_t id)
{
    begin_value(j, key);
    buf_putc(j->b, '"');
    buf_put_int(j->b, id);
    buf_putc(j->b, '"');
}

void
json_id_or_null(struct json *j, const char *key, int64_t id)
{
    if (id == 0)
        json_null(j, key);
    else
        json_id(j, key, id);
}

void
json_time(struct json *j, const char *key, int64_t ms)
{
    char text[DATE_ISO_BYTES + 2];

    text[0] = text[sizeof(text) - 1] = '"';
    date_iso_put(text + 1, ms);
    begin_value(j, key);
    buf_put(j->b, (struct str){ text, sizeof(text) });
}

void
json_time_or_null(struct json *j, const char *key, int64_t ms)
{
    if (ms == 0)
        json_null(j, key);
    else
        json_time(j, key, ms);
}

void
json_raw(struct json *j, const char *key, struct str json_text)
{
    begin_value(j, key);
    buf_put(j->b, json_text);
}

void
json_val(struct json *j, const char *key, const struct val *v)
{
    switch (v->kind) {
    case VAL_NULL:
        json_null(j, key);
        return;
    case VAL_BOOL:
        json_bool(j, key, v->b);
        return;
    case VAL_NUM:
        json_raw(j, key, v->s);
        return;
    case VAL_STR:
        json_str(j, key, v->s);
        return;
    case VAL_ARR:
        json_arr(j, key);
        for (size_t i = 0; i < v->n; i++)
            json_val(j, NULL, &v->v[i]);
        json_end(j);
        return;
    case VAL_OBJ:
        json_obj(j, key);
        for (size_t i = 0; i < v->n; i++) {
            json_member(j, v->keys[i]);
            json_val(j, NULL, &v->v[i]);
        }
        json_end(j);
        return;
    }
    BUG("kind %d of a value", (int)v->kind);
}

void
json_member(struct json *j, struct str key)
{
    uint64_t bit = (uint64_t)1 << j->depth;

    CHECK((j->is_obj & bit) != 0 && !j->member);
    if ((j->comma & bit) != 0)
        buf_putc(j->b, ',');
    j->comma |= bit;
    put_string(j->b, key);
    buf_putc(j->b, ':');
    j->member = true;
}

bool
json_done(const struct json *j)
{
    CHECK(j->depth == 0 && (j->comma & 1) != 0);
    return buf_ok(j->b);
}
