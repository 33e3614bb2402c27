/*
 * What class "invisible" may hide.  Links of Mastodon's form hide the scheme in front and the tail of a long address; one that hides
 * its host says one place and leads to another.  So the class stays on the scheme, and on anything once the host was said.
 */
#include "text/internal.h"

enum { HOST_BYTES_MAX = 253 };

/* The bytes of an address in which its host stands, user and port included; ends where the path begins. */
static struct str
authority_of(struct str href, size_t *end)
{
    ptrdiff_t at = str_find(href, S("://"));
    size_t from = at < 0 ? 0 : (size_t)at + 3, n = from;

    while (n < href.n && href.p[n] != '/' && href.p[n] != '?' && href.p[n] != '#' && href.p[n] != '\\')
        n++;
    *end = at < 0 ? 0 : n;
    return at < 0 ? S("") : str_sub(href, from, n);
}

size_t
html_host_end(struct str href)
{
    size_t end;

    (void)authority_of(href, &end);
    return end;
}

void
html_hide_begin(struct html_hide *h, struct str href, size_t at)
{
    size_t end;
    struct str host = authority_of(href, &end);
    ptrdiff_t user = str_rchr(host, '@'), port;

    if (user >= 0)
        host = str_sub(host, (size_t)user + 1, host.n);
    port = str_rchr(host, ':');
    if (port >= 0 && str_chr(host, ']') < port)
        host = str_sub(host, 0, (size_t)port);
    if (str_startsi(host, S("www.")))
        host = str_sub(host, 4, host.n);
    *h = (struct html_hide){ .host = host.n <= HOST_BYTES_MAX ? host : S(""), .looked = at };
}

static bool
is_name_char(struct str s, size_t i)
{
    unsigned char c = i < s.n ? (unsigned char)s.p[i] : ' ';

    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' || c >= 0x80;
}

/* Do these bytes stand alone, or are they part of a longer name? */
static bool
is_whole_name(struct str s, size_t from, size_t to)
{
    if (is_name_char(s, to) || (to < s.n && s.p[to] == '.' && is_name_char(s, to + 1)))
        return false;
    if (from > 0 && s.p[from - 1] == '.')
        return from > 4 && str_eqi(str_sub(s, from - 4, from), S("www.")) && !is_name_char(s, from - 5);
    return from == 0 || !is_name_char(s, from - 1);
}

/* Is the host written in what came out since the link began?  Every byte is looked at once. */
static bool
was_said(struct html_hide *h, struct str out)
{
    size_t n = h->host.n;

    while (!h->said && n > 0 && h->looked + n <= out.n) {
        size_t i = h->looked++;

        h->said = str_eqi(str_sub(out, i, i + n), h->host) && is_whole_name(out, i, i + n);
    }
    return h->said;
}

/* Nothing, or a scheme, and then the end of the element. */
static bool
is_scheme(struct str rest)
{
    static const struct str schemes[] = { { "https://www.", 12 }, { "http://www.", 11 }, { "https://", 8 },
        { "http://", 7 }, { "xmpp:", 5 }, { "", 0 } };

    for (size_t i = 0; i < lengthof(schemes); i++)
        if (str_starts(rest, schemes[i]))
            return str_startsi(str_sub(rest, schemes[i].n, rest.n), S("</span>"));
    return false;
}

bool
html_may_hide(struct html_hide *h, struct str out, struct str rest)
{
    return is_scheme(rest) || was_said(h, out);
}
