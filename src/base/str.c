/* String views: comparing, cutting, hashing, copying into an arena. */
#include "base/str.h"

#include "base/arena.h"
#include "base/rng.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str
str_z(const char *z)
{
    return z == NULL ? STR_NONE : (struct str){ z, strlen(z) };
}

struct str
str_sub(struct str s, size_t from, size_t to)
{
    from = MIN(from, s.n);
    to = MIN(MAX(to, from), s.n);
    return (struct str){ s.p == NULL ? NULL : s.p + from, to - from };
}

bool
str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool
str_eqi(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool
str_is_ascii(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

bool
str_eqz(struct str a, const char *z)
{
    return str_eq(a, str_z(z));
}

int
str_cmp(struct str a, struct str b)
{
    size_t n = MIN(a.n, b.n);
    int r = n == 0 ? 0 : memcmp(a.p, b.p, n);

    return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

bool
str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool
str_startsi(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eqi(str_sub(s, 0, prefix.n), prefix);
}

bool
str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

ptrdiff_t
str_chr(struct str s, char c)
{
    const char *at = s.n == 0 ? NULL : memchr(s.p, c, s.n);

    return at == NULL ? -1 : at - s.p;
}

ptrdiff_t
str_rchr(struct str s, char c)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == c)
            return (ptrdiff_t)i - 1;
    return -1;
}

ptrdiff_t
str_find(struct str s, struct str needle)
{
    const char *at;

    if (needle.n == 0)
        return 0;
    at = s.n < needle.n ? NULL : memmem(s.p, s.n, needle.p, needle.n);
    return at == NULL ? -1 : at - s.p;
}

static bool
is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str
str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.p[0]))
        s = str_sub(s, 1, s.n);
    while (s.n > 0 && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool
str_cut(struct str *rest, char sep, struct str *out)
{
    ptrdiff_t at;

    if (rest->p == NULL)
        return false;
    at = str_chr(*rest, sep);
    if (at < 0) {
        *out = *rest;
        *rest = STR_NONE;
        return true;
    }
    *out = str_sub(*rest, 0, (size_t)at);
    *rest = (struct str){ rest->p + at + 1, rest->n - (size_t)at - 1 };
    return true;
}

bool
str_int(struct str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    int64_t v = 0;

    if (negative)
        s = str_sub(s, 1, s.n);
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, s.p[i] - '0', &v))
            return false;
    }
    if (!negative && v == INT64_MIN)
        return false;
    *out = negative ? v : -v;
    return true;
}

static uint64_t
rotl(uint64_t x, int b)
{
    return (x << b) | (x >> (64 - b));
}

static void
sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = rotl(v[1], 13) ^ v[0], v[0] = rotl(v[0], 32);
    v[2] += v[3], v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = rotl(v[1], 17) ^ v[2], v[2] = rotl(v[2], 32);
}

uint64_t
str_hash_keyed(struct str s, const uint64_t key[2])
{
    uint64_t v[4] = { key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
        key[1] ^ 0x7465646279746573u };
    uint64_t m = 0;
    size_t i = 0;

    for (; i + 8 <= s.n; i += 8) {
        memcpy(&m, s.p + i, 8);
        v[3] ^= m;
        sip_round(v);
        v[0] ^= m;
    }
    m = (uint64_t)s.n << 56;
    for (size_t k = 0; i + k < s.n; k++)
        m |= (uint64_t)(unsigned char)s.p[i + k] << (8 * k);
    v[3] ^= m;
    sip_round(v);
    v[0] ^= m;
    v[2] ^= 0xff;
    sip_round(v);
    sip_round(v);
    sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t
str_hash(struct str s)
{
    return str_hash_keyed(s, rng_hash_key());
}

bool
str_eq_secret(struct str a, struct str b)
{
    unsigned char diff = a.n != b.n;

    for (size_t i = 0; i < MIN(a.n, b.n); i++)
        diff |= (unsigned char)(a.p[i] ^ b.p[i]);
    return diff == 0;
}

struct str
str_dup(struct arena *a, struct str s)
{
    return (struct str){ str_cz(a, s), s.n };
}

const char *
str_cz(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1, 1);

    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

struct str
str_lower(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1, 1);

    for (size_t i = 0; i < s.n; i++)
        p[i] = lower(s.p[i]);
    return (struct str){ p, s.n };
}

struct str
str_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap, again;
    char *p;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    p = arena_alloc(a, (size_t)n + 1, 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){ p, (size_t)n };
}

struct str
str_cat(struct arena *a, ...)
{
    va_list ap;
    struct str s;
    size_t n = 0, at = 0;
    char *p;

    va_start(ap, a);
    while ((s = va_arg(ap, struct str)).p != NULL)
        n += s.n;
    va_end(ap);
    p = arena_alloc(a, n + 1, 1);
    va_start(ap, a);
    while ((s = va_arg(ap, struct str)).p != NULL) {
        memcpy(p + at, s.p, s.n);
        at += s.n;
    }
    va_end(ap);
    return (struct str){ p, n };
}

/* ---- lists ---------------------------------------------------------------------------------------------------------- */

bool
strs_has(const struct strs *v, struct str s)
{
    for (size_t i = 0; i < v->n; i++)
        if (str_eq(v->v[i], s))
            return true;
    return false;
}

void
strs_add(struct strs *v, struct str s)
{
    if (!strs_has(v, s))
        v->v[v->n++] = s;
}

static int
by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

void
strs_sort(struct strs *v)
{
    if (v->n > 0)
        qsort(v->v, v->n, sizeof(v->v[0]), by_text);
}

bool
strs_has_sorted(const struct strs *v, struct str s)
{
    return v->n > 0 && bsearch(&s, v->v, v->n, sizeof(s), by_text) != NULL;
}

struct strs
strs_cat(struct arena *a, const struct strs *first, ...)
{
    struct strs out = { 0 };
    va_list ap;
    size_t n = 0;

    va_start(ap, first);
    for (const struct strs *v = first; v != NULL; v = va_arg(ap, const struct strs *))
        n += v->n;
    va_end(ap);
    out.v = arena_vec(a, struct str, n);
    va_start(ap, first);
    for (const struct strs *v = first; v != NULL; v = va_arg(ap, const struct strs *))
        for (size_t i = 0; i < v->n; i++)
            out.v[out.n++] = v->v[i];
    va_end(ap);
    return out;
}
