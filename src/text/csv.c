/* Comma separated values. */
#include "text/csv.h"

#include "base/arena.h"

#include <string.h>

struct str
csv_begin(struct str text)
{
    return str_starts(text, S("\xef\xbb\xbf")) ? str_sub(text, 3, text.n) : text;
}

/* A quoted cell from *at, which is behind its first quotation mark; *at ends behind the last. */
static struct str
quoted(struct arena *a, struct str s, size_t *at)
{
    size_t begin = *at, i = begin, n = 0;
    char *p;

    while (i < s.n && (s.p[i] != '"' || (i + 1 < s.n && s.p[i + 1] == '"')))
        i += s.p[i] == '"' ? 2 : 1;
    *at = MIN(i + 1, s.n);
    p = arena_vec(a, char, i - begin + 1);
    for (size_t k = begin; k < i; k++) {
        p[n++] = s.p[k];
        if (s.p[k] == '"')
            k++;
    }
    return (struct str){ p, n };
}

static bool
is_end(struct str s, size_t i)
{
    return i >= s.n || s.p[i] == '\n' || (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n');
}

/* One cell; *at ends at the comma or line end behind it. */
static struct str
cell(struct arena *a, struct str s, size_t *at)
{
    struct str out;
    size_t begin;

    if (*at < s.n && s.p[*at] == '"') {
        ++*at;
        out = quoted(a, s, at);
        while (!is_end(s, *at) && s.p[*at] != ',') /* what stands behind the quotation is dropped */
            ++*at;
        return out;
    }
    begin = *at;
    while (!is_end(s, *at) && s.p[*at] != ',')
        ++*at;
    return str_sub(s, begin, *at);
}

bool
csv_next(struct arena *a, struct str *rest, struct csv_row *out)
{
    struct str s = *rest;
    size_t at = 0;

    while (at < s.n && (s.p[at] == '\n' || s.p[at] == '\r'))
        at++;
    out->n = 0;
    if (at >= s.n) {
        *rest = S("");
        return false;
    }
    for (;;) {
        struct str one = cell(a, s, &at);

        if (out->n < CSV_CELLS_MAX)
            out->v[out->n++] = one;
        if (is_end(s, at))
            break;
        at++; /* the comma */
    }
    *rest = str_sub(s, at, s.n);
    return true;
}

void
csv_put(struct buf *b, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str s = cells[i];
        bool quote = false;

        for (size_t k = 0; k < s.n && !quote; k++)
            quote = s.p[k] == ',' || s.p[k] == '"' || s.p[k] == '\n' || s.p[k] == '\r';
        if (i > 0)
            buf_putc(b, ',');
        if (!quote) {
            buf_put(b, s);
            continue;
        }
        buf_putc(b, '"');
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] == '"')
                buf_putc(b, '"');
            buf_putc(b, s.p[k]);
        }
        buf_putc(b, '"');
    }
    buf_put(b, S("\r\n"));
}
