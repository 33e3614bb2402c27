/* The log: one logfmt line for each event, one write(2) for each line, so that threads and processes never mix theirs. */
#include "base/log.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 8192, VALUE_BYTES_MAX = 2048 };

static const char *const level_names[] = { "debug", "info", "warn", "error" };
static _Atomic int least_level = LOG_LEVEL_INFO;

struct line {
    size_t n;
    char p[LINE_BYTES_MAX];
};

/* What does not fit is dropped; one byte is kept for the line end. */
static void
put(struct line *l, const char *p, size_t n)
{
    n = MIN(n, sizeof(l->p) - 1 - l->n);
    memcpy(l->p + l->n, p, n);
    l->n += n;
}

static void
put_z(struct line *l, const char *z)
{
    put(l, z, strlen(z));
}

static bool
needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~' || s.p[i] == '"' || s.p[i] == '=' || s.p[i] == '\\')
            return true;
    return s.n == 0;
}

/* Controls could drive a terminal, and bidirectional marks could make a line read as another. */
static bool
is_unprintable(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
           (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || cp == 0xfffd;
}

static void
put_quoted(struct line *l, struct str s)
{
    char escape[16];
    uint32_t cp;
    struct str rest = s;

    put(l, "\"", 1);
    while (utf8_next(&rest, &cp)) {
        size_t n = (size_t)(rest.p - s.p);

        if (cp == '"' || cp == '\\') {
            put(l, "\\", 1);
            put(l, s.p, n);
        } else if (cp == '\n') {
            put_z(l, "\\n");
        } else if (n == 1 && (unsigned char)*s.p >= 0x80) { /* not UTF-8: the byte */
            snprintf(escape, sizeof(escape), "\\x%02x", (unsigned char)*s.p);
            put_z(l, escape);
        } else if (is_unprintable(cp)) {
            snprintf(escape, sizeof(escape), "\\u%04x", (unsigned)cp);
            put_z(l, escape);
        } else {
            put(l, s.p, n);
        }
        s = rest;
    }
    put(l, "\"", 1);
}

static void
put_str(struct line *l, const char *key, struct str s)
{
    struct str cut = utf8_cut(s, VALUE_BYTES_MAX);

    put(l, " ", 1);
    put_z(l, key);
    put(l, "=", 1);
    if (needs_quotes(cut))
        put_quoted(l, cut);
    else
        put(l, cut.p, cut.n);
    if (cut.n < s.n)
        put_z(l, "...");
}

static void
put_int(struct line *l, const char *key, int64_t v)
{
    char digits[32];

    snprintf(digits, sizeof(digits), "=%lld", (long long)v);
    put(l, " ", 1);
    put_z(l, key);
    put_z(l, digits);
}

void
log_write(enum log_level level, const struct ctx *c, const char *event, const struct log_field *fields)
{
    struct line l;
    const char *p = l.p;
    char ts[DATE_ISO_BYTES];

    if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
        return;
    l.n = 0;
    date_iso_put(ts, clock_ms());
    put_z(&l, "ts=");
    put(&l, ts, sizeof(ts));
    put_str(&l, "level", str_z(level_names[level]));
    if (c != NULL && c->request_id.n > 0)
        put_str(&l, "req", c->request_id);
    put_str(&l, "ev", str_z(event));
    for (; fields->key != NULL; fields++) {
        if (fields->is_int)
            put_int(&l, fields->key, fields->i);
        else
            put_str(&l, fields->key, fields->s);
    }
    l.p[l.n++] = '\n';
    /* Only a pipe whose reader is slow takes a part; a log that cannot be written has nobody to be told. */
    while (l.n > 0) {
        ssize_t n = write(STDERR_FILENO, p, l.n);

        if (n < 0 && errno != EINTR)
            return;
        if (n > 0) {
            p += n;
            l.n -= (size_t)n;
        }
    }
}

void
log_failure(const struct ctx *c, const char *event, enum err e)
{
    enum log_level level = err_status(e) >= 500 ? LOG_LEVEL_WARN : LOG_LEVEL_INFO;
    struct log_field fields[4] = { LOG_STR("err", str_z(err_name(e))) };
    size_t n = 1;

    if (c->fail.err == e && c->fail.field.n > 0)
        fields[n++] = LOG_STR("field", c->fail.field);
    if (c->fail.err == e && c->fail.detail.n > 0)
        fields[n++] = LOG_STR("detail", c->fail.detail);
    log_write(level, c, event, fields);
}

void
log_set_level(enum log_level level)
{
    least_level = (int)level;
}

bool
log_level_parse(struct str s, enum log_level *out)
{
    for (size_t i = 0; i < lengthof(level_names); i++) {
        if (str_eqz(s, level_names[i])) {
            *out = (enum log_level)i;
            return true;
        }
    }
    return false;
}
