/*
 * JSON, the writer: appends to a buf, so that code which writes a document reads like the document.  Commas, nesting and missing names
 * are checked here; a mistake of the program aborts, a full buffer is noticed once at json_done().  The reader is in json.c.
 */
#include "base/json.h"

#include "base/arena.h"
#include "base/date.h"
#include "base/json_scan.h"
#include "base/page.h"
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

/* Room at the end of the buffer, almost always without a call. */
static inline char *
space(struct buf *b, size_t n)
{
    return !b->full && b->cap - b->n >= n ? b->p + b->n : buf_reserve(b, n);
}

static inline void
put(struct buf *b, const char *p, size_t n)
{
    char *to = space(b, n);

    if (to == NULL) {
        b->full = true;
        return;
    }
    memcpy(to, p, n);
    b->n += n;
}

/* How many of eight bytes come before the first that needs a look: a quote, backslash, control or non-ASCII byte. */
static inline size_t
plain_prefix(const char *p)
{
    uint64_t stop;

    memcpy(&stop, p, 8);
    stop = json_stops(stop);
    return stop == 0 ? 8 : json_first_stop(stop);
}

static char *
escape(char *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", simple[] = "\"\\bfnrt";
    const char *at = c == '\0' ? NULL : strchr(from, c);

    *to++ = '\\';
    if (at != NULL) {
        *to++ = simple[at - from];
        return to;
    }
    memcpy(to, "u00", 3);
    to[3] = digits[c >> 4];
    to[4] = digits[c & 15];
    return to + 5;
}

/* One character of s: as it is, as an escape, or U+FFFD for a byte that is not UTF-8.  At most 6 bytes. */
static inline char *
put_char(char *to, struct str *s)
{
    unsigned char c = (unsigned char)*s->p;
    struct str rest = *s;
    uint32_t cp;

    if (c < 0x80) {
        *s = (struct str){ s->p + 1, s->n - 1 };
        if (c < 0x20 || c == '"' || c == '\\')
            return escape(to, c);
        *to = (char)c;
        return to + 1;
    }
    utf8_next(&rest, &cp);
    if (rest.n == s->n - 1) {
        memcpy(to, "\xef\xbf\xbd", 3);
        to += 3;
    } else {
        memcpy(to, s->p, s->n - rest.n);
        to += s->n - rest.n;
    }
    *s = rest;
    return to;
}

enum { PART = 512, PART_ROOM = 6 * (PART + 8) };

/* About PART bytes of s into room for PART_ROOM. */
static char *
put_part(char *to, struct str *s)
{
    const char *stop = s->n > PART ? s->p + PART : s->p + s->n;

    while (s->p < stop) {
        if (s->n >= 8) {
            size_t n = plain_prefix(s->p);

            memcpy(to, s->p, 8); /* what is too much is written over */
            to += n;
            *s = (struct str){ s->p + n, s->n - n };
            if (n == 8)
                continue;
        }
        to = put_char(to, s);
    }
    return to;
}

static void
put_string(struct buf *b, struct str s)
{
    put(b, "\"", 1);
    while (s.n > 0) {
        char *to = space(b, PART_ROOM), few[PART_ROOM];
        bool direct = to != NULL;
        char *from = direct ? to : few, *end = put_part(from, &s);

        if (direct)
            b->n += (size_t)(end - from);
        else
            put(b, few, (size_t)(end - few)); /* near the maximum: take what it really needs */
        if (b->full)
            return;
    }
    put(b, "\"", 1);
}

/* ,"key": in one go */
static void
put_name(struct buf *b, bool comma, const char *key)
{
    size_t n = strlen(key);
    char *to = space(b, n + 4), *p = to;

    if (to == NULL) {
        b->full = true;
        return;
    }
    if (comma)
        *p++ = ',';
    *p++ = '"';
    memcpy(p, key, n);
    p += n;
    *p++ = '"';
    *p++ = ':';
    b->n += (size_t)(p - to);
}

/* What stands before a value: a comma and, in objects, the name. */
static void
begin_value(struct json *j, const char *key)
{
    uint64_t bit = (uint64_t)1 << j->depth;
    bool comma = (j->comma & bit) != 0;

    if (j->member) {
        CHECK(key == NULL);
        j->member = false;
        return;
    }
    CHECK((j->is_obj & bit) != 0 ? key != NULL : key == NULL);
    CHECK(!comma || j->depth > 0);
    j->comma |= bit;
    if (key != NULL)
        put_name(j->b, comma, key);
    else if (comma)
        put(j->b, ",", 1);
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
    put(j->b, is_obj ? "{" : "[", 1);
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
    put(j->b, (j->is_obj >> j->depth & 1) != 0 ? "}" : "]", 1);
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
    put(j->b, "\"", 1);
    buf_put_int(j->b, id);
    put(j->b, "\"", 1);
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
json_strs(struct json *j, const char *key, const struct strs *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        json_str(j, NULL, v->v[i]);
    json_end(j);
}

void
json_ids(struct json *j, const char *key, const struct ids *v)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++)
        json_id(j, NULL, v->v[i]);
    json_end(j);
}

void
json_member(struct json *j, struct str key)
{
    uint64_t bit = (uint64_t)1 << j->depth;

    CHECK((j->is_obj & bit) != 0 && !j->member);
    if ((j->comma & bit) != 0)
        put(j->b, ",", 1);
    j->comma |= bit;
    put_string(j->b, key);
    put(j->b, ":", 1);
    j->member = true;
}

bool
json_done(const struct json *j)
{
    CHECK(j->depth == 0 && (j->comma & 1) != 0);
    return buf_ok(j->b);
}
