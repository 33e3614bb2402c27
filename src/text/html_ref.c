/* Character references of HTML (WHATWG 13.2.5.72 and on), and escaping. */
#include "text/internal.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES_MAX = 31, LEGACY_BYTES_MAX = 6 };

struct entity {
    char name[NAME_BYTES_MAX + 1];
    char text[8];
    bool legacy; /* also without the semicolon */
};

static const struct entity entities[] = {
#include "html_entities.inc"
};

static int
by_name(const void *key, const void *entry)
{
    const struct str *name = key;
    const struct entity *e = entry;

    return str_cmp(*name, str_z(e->name));
}

static const struct entity *
find(struct str name)
{
    return bsearch(&name, entities, lengthof(entities), sizeof(entities[0]), by_name);
}

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t
put_code_point(uint32_t cp, char out[8])
{
    /* What 0x80 to 0x9f meant in Windows-1252, as pages of the last century wrote it. */
    static const uint16_t windows[32] = { 0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030,
        0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f, 0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc,
        0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178 };

    if (cp >= 0x80 && cp < 0xa0)
        cp = windows[cp - 0x80];
    if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp <= 0xdfff))
        cp = 0xfffd;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 63));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | ((cp >> 6) & 63));
        out[2] = (char)(0x80 | (cp & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | ((cp >> 12) & 63));
    out[2] = (char)(0x80 | ((cp >> 6) & 63));
    out[3] = (char)(0x80 | (cp & 63));
    return 4;
}

static int
digit_of(char c, int base)
{
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : 99;

    return d < base ? d : -1;
}

/* "&#…": digits beyond what a code point can have only make it larger than all. */
static size_t
numeric(struct str s, char out[8], size_t *out_n)
{
    bool hex = s.n > 2 && (s.p[2] == 'x' || s.p[2] == 'X');
    size_t first = hex ? 3 : 2, i = first;
    uint32_t cp = 0;
    int d;

    for (; i < s.n && (d = digit_of(s.p[i], hex ? 16 : 10)) >= 0; i++)
        cp = MIN(cp * (hex ? 16 : 10) + (uint32_t)d, 0x110000);
    if (i == first)
        return 0;
    *out_n = put_code_point(cp, out);
    return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

size_t
html_ref(struct str s, bool in_attr, char out[8], size_t *out_n)
{
    const struct entity *e;
    size_t n = 1;

    if (s.n > 1 && s.p[1] == '#')
        return numeric(s, out, out_n);
    while (n < s.n && n <= NAME_BYTES_MAX && is_alnum(s.p[n]))
        n++;
    if (n < s.n && s.p[n] == ';' && (e = find(str_sub(s, 1, n))) != NULL) {
        *out_n = strlen(e->text);
        memcpy(out, e->text, *out_n);
        return n + 1;
    }
    for (size_t k = MIN(n, LEGACY_BYTES_MAX + 1); k > 2; k--) {
        e = find(str_sub(s, 1, k));
        if (e == NULL || !e->legacy)
            continue;
        if (in_attr && k < s.n && (s.p[k] == '=' || is_alnum(s.p[k])))
            return 0;
        *out_n = strlen(e->text);
        memcpy(out, e->text, *out_n);
        return k;
    }
    return 0;
}

struct str
html_decode(struct arena *a, struct str s, bool in_attr)
{
    struct buf b;

    if (str_chr(s, '&') < 0)
        return s;
    buf_init(&b, a, s.n * 3 + 8); /* the shortest way to two code points takes four bytes */
    while (s.n > 0) {
        ptrdiff_t at = str_chr(s, '&');
        char text[8];
        size_t n = 0, used;

        buf_put(&b, str_sub(s, 0, at < 0 ? s.n : (size_t)at));
        if (at < 0)
            break;
        s = str_sub(s, (size_t)at, s.n);
        used = html_ref(s, in_attr, text, &n);
        if (used == 0) {
            buf_putc(&b, '&');
            used = 1;
        } else {
            buf_put(&b, (struct str){ text, n });
        }
        s = str_sub(s, used, s.n);
    }
    return buf_str(&b);
}

void
text_html_put(struct buf *b, struct str s)
{
    size_t from = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *ref = s.p[i] == '&'    ? "&amp;"
                          : s.p[i] == '<'  ? "&lt;"
                          : s.p[i] == '>'  ? "&gt;"
                          : s.p[i] == '"'  ? "&quot;"
                          : s.p[i] == '\'' ? "&#39;"
                                           : NULL;

        if (ref == NULL)
            continue;
        buf_put(b, str_sub(s, from, i));
        buf_putz(b, ref);
        from = i + 1;
    }
    buf_put(b, str_sub(s, from, s.n));
}

struct str
text_html_escape(struct arena *a, struct str s)
{
    struct buf b;

    buf_init(&b, a, s.n * 6 + 1);
    text_html_put(&b, s);
    return buf_str(&b);
}
