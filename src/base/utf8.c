/* UTF-8 (RFC 3629): validity and walking; no tables of characters here, those are in text/. */
#include "base/utf8.h"

#include "base/buf.h"

#include <string.h>

static const uint64_t HIGH_BITS = 0x8080808080808080u;

/* Length of the valid sequence that begins at p (1 to 4), or 0.  The second byte's range excludes overlong forms and surrogates. */
static size_t
sequence(const unsigned char *p, size_t n)
{
    unsigned char c = p[0], lo = 0x80, hi = 0xbf;
    size_t len;

    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (n < len)
        return 0;
    if (c == 0xe0)
        lo = 0xa0;
    else if (c == 0xed)
        hi = 0x9f;
    else if (c == 0xf0)
        lo = 0x90;
    else if (c == 0xf4)
        hi = 0x8f;
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

size_t
utf8_prefix(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    size_t i = 0;

    while (i < s.n) {
        uint64_t w;
        size_t len;

        if (i + 8 <= s.n) {
            memcpy(&w, p + i, 8);
            if ((w & HIGH_BITS) == 0) {
                i += 8;
                continue;
            }
        }
        len = sequence(p + i, s.n - i);
        if (len == 0)
            break;
        i += len;
    }
    return i;
}

bool
utf8_valid(struct str s)
{
    return utf8_prefix(s) == s.n;
}

bool
utf8_next(struct str *rest, uint32_t *cp)
{
    static const unsigned char first_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
    const unsigned char *p = (const unsigned char *)rest->p;
    size_t len;

    if (rest->n == 0)
        return false;
    len = sequence(p, rest->n);
    *cp = len == 0 ? 0xfffd : p[0] & first_bits[len];
    for (size_t i = 1; i < len; i++)
        *cp = *cp << 6 | (p[i] & 0x3f);
    *rest = str_sub(*rest, MAX(len, 1), rest->n);
    return true;
}

struct str
utf8_clean(struct arena *a, struct str s, bool no_nul)
{
    struct str rest = s;
    struct buf b;
    uint32_t cp;

    if (utf8_valid(s) && !(no_nul && str_chr(s, '\0') >= 0))
        return s;
    buf_init(&b, a, 3 * s.n);
    while (utf8_next(&rest, &cp))
        buf_put_utf8(&b, cp == 0 && no_nul ? 0xfffd : cp);
    return buf_str(&b);
}

size_t
utf8_count(struct str s)
{
    size_t n = 0;
    uint32_t cp;

    while (utf8_next(&s, &cp))
        n++;
    return n;
}

struct str
utf8_cut(struct str s, size_t n)
{
    size_t from;

    if (s.n <= n)
        return s;
    /* The code point that stands across the cut, if any, begins at most three bytes before it. */
    for (from = n; from > 0 && n - from < 3 && ((unsigned char)s.p[from] & 0xc0) == 0x80;)
        from--;
    if (sequence((const unsigned char *)s.p + from, s.n - from) > n - from)
        n = from;
    return str_sub(s, 0, n);
}
