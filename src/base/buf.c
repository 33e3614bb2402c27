/* Growing byte buffer in an arena, with a maximum. */
#include "base/buf.h"

#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
buf_init(struct buf *b, struct arena *a, size_t max)
{
    CHECK(max > 0);
    *b = (struct buf){ .mem = a, .max = max };
}

static void
grow(struct buf *b, size_t n)
{
    size_t cap = MIN(MAX(MAX(b->cap * 2, 256), b->n + n), b->max);

    b->p = arena_grow_bytes(b->mem, b->p, b->cap, b->n, cap);
    b->cap = cap;
}

char *
buf_reserve(struct buf *b, size_t n)
{
    if (b->full || n > b->max - b->n)
        return NULL;
    if (n > b->cap - b->n)
        grow(b, n);
    return b->p + b->n;
}

static bool
make_room(struct buf *b, size_t n)
{
    if (b->full || n > b->max - b->n) {
        b->full = true;
        return false;
    }
    if (n > b->cap - b->n)
        grow(b, n);
    return true;
}

void
buf_put(struct buf *b, struct str s)
{
    if (s.n == 0 || !make_room(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
}

void
buf_putc(struct buf *b, char c)
{
    if (make_room(b, 1))
        b->p[b->n++] = c;
}

void
buf_putz(struct buf *b, const char *z)
{
    buf_put(b, str_z(z));
}

void
buf_putf(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    char small[256];
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    if ((size_t)n < sizeof(small)) {
        buf_put(b, (struct str){ small, (size_t)n });
    } else {
        char *p = arena_alloc(b->mem, (size_t)n + 1, 1);

        vsnprintf(p, (size_t)n + 1, fmt, again);
        buf_put(b, (struct str){ p, (size_t)n });
    }
    va_end(again);
}

void
buf_put_int(struct buf *b, int64_t v)
{
    char digits[24];
    size_t at = sizeof(digits);
    uint64_t u = v < 0 ? -(uint64_t)v : (uint64_t)v;

    do
        digits[--at] = (char)('0' + u % 10);
    while ((u /= 10) > 0);
    if (v < 0)
        digits[--at] = '-';
    buf_put(b, (struct str){ digits + at, sizeof(digits) - at });
}

void
buf_put_hex(struct buf *b, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";

    if (!make_room(b, bytes.n * 2))
        return;
    for (size_t i = 0; i < bytes.n; i++) {
        b->p[b->n++] = digits[(unsigned char)bytes.p[i] >> 4];
        b->p[b->n++] = digits[(unsigned char)bytes.p[i] & 15];
    }
}

void
buf_put_utf8(struct buf *b, uint32_t cp)
{
    char c[4];
    size_t n;

    if (cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        cp = 0xfffd;
    if (cp < 0x80) {
        c[0] = (char)cp;
        n = 1;
    } else if (cp < 0x800) {
        c[0] = (char)(0xc0 | cp >> 6);
        c[1] = (char)(0x80 | (cp & 63));
        n = 2;
    } else if (cp < 0x10000) {
        c[0] = (char)(0xe0 | cp >> 12);
        c[1] = (char)(0x80 | ((cp >> 6) & 63));
        c[2] = (char)(0x80 | (cp & 63));
        n = 3;
    } else {
        c[0] = (char)(0xf0 | cp >> 18);
        c[1] = (char)(0x80 | ((cp >> 12) & 63));
        c[2] = (char)(0x80 | ((cp >> 6) & 63));
        c[3] = (char)(0x80 | (cp & 63));
        n = 4;
    }
    buf_put(b, (struct str){ c, n });
}

bool
buf_ok(const struct buf *b)
{
    return !b->full;
}

struct str
buf_str(const struct buf *b)
{
    return (struct str){ b->p == NULL ? "" : b->p, b->n };
}

void
buf_clear(struct buf *b)
{
    b->n = 0;
    b->full = false;
}
