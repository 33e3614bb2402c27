/*
 * URLs of strangers.  Whatever could be read in two ways (by us, by curl, by a browser) is refused rather than repaired; what remains
 * is split by position.  Internationalised names are turned into A-labels in text/idna, addresses are judged in http/client.
 */
#include "base/url.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <string.h>

enum { HOST_BYTES_MAX = 253, LABEL_BYTES_MAX = 63 };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

/* Controls, space, and what has a second reading somewhere: browsers take a backslash for a slash. */
static bool
is_refused_byte(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f || c == '\\' || c == '"' || c == '<' || c == '>';
}

static bool
is_ipv6(struct str inner)
{
    char z[INET6_ADDRSTRLEN];
    struct in6_addr a;

    if (inner.n == 0 || inner.n >= sizeof(z))
        return false;
    memcpy(z, inner.p, inner.n);
    z[inner.n] = '\0';
    return strlen(z) == inner.n && inet_pton(AF_INET6, z, &a) == 1;
}

static bool
is_ipv4(struct str s)
{
    struct str part;
    int64_t v;
    int n = 0;

    while (str_cut(&s, '.', &part)) {
        n++;
        if (part.n > 3 || (part.n > 1 && part.p[0] == '0') || !str_int(part, &v) || v < 0 || v > 255)
            return false;
    }
    return n == 4;
}

/* Resolvers take "2130706433", "0x7f.1" and "127.1" for addresses: any last label that looks like a number. */
static bool
looks_numeric(struct str label)
{
    size_t i = 0;

    if (str_starts(label, S("0x"))) {
        for (i = 2; i < label.n; i++)
            if (!is_digit(label.p[i]) && (label.p[i] < 'a' || label.p[i] > 'f'))
                return false;
        return true;
    }
    while (i < label.n && is_digit(label.p[i]))
        i++;
    return i == label.n;
}

bool
url_is_host(struct str host)
{
    struct str rest = host, label = STR_NONE;

    if (host.n == 0 || host.n > HOST_BYTES_MAX)
        return false;
    if (host.p[0] == '[')
        return host.p[host.n - 1] == ']' && is_ipv6(str_sub(host, 1, host.n - 1));
    while (str_cut(&rest, '.', &label)) {
        if (label.n == 0 || label.n > LABEL_BYTES_MAX)
            return false;
        for (size_t i = 0; i < label.n; i++)
            if (!is_host_byte(label.p[i]))
                return false;
    }
    return utf8_valid(host) && (!looks_numeric(label) || is_ipv4(host));
}

/* ":port" at the end of an authority, or nothing. */
static bool
parse_port(struct str s, struct url *u)
{
    int64_t port;

    u->port = u->scheme.n == 5 ? 443 : 80;
    if (s.n == 0)
        return true;
    s = str_sub(s, 1, s.n);
    if (s.n > 5 || s.n == 0 || s.p[0] == '0' || !str_int(s, &port) || port < 1 || port > 65535)
        return false;
    u->has_port = port != u->port;
    u->port = (int)port;
    return true;
}

static bool
parse_authority(struct arena *a, struct str s, struct url *u)
{
    ptrdiff_t end = s.n > 0 && s.p[0] == '[' ? str_chr(s, ']') : str_chr(s, ':');
    size_t host_n = end < 0 ? s.n : (size_t)end + (s.p[0] == '[');

    u->host = str_lower(a, str_sub(s, 0, host_n));
    if (!url_is_host(u->host))
        return false;
    s = str_sub(s, host_n, s.n);
    if (s.n > 0 && s.p[0] != ':')
        return false;
    if (!parse_port(s, u))
        return false;
    u->authority = u->has_port ? str_fmt(a, "%.*s:%d", STR_ARG(u->host), u->port) : u->host;
    return true;
}

/* The bytes of s up to the first of `stops`. */
static struct str
until(struct str s, const char *stops)
{
    size_t i = 0;

    while (i < s.n && strchr(stops, s.p[i]) == NULL)
        i++;
    return str_sub(s, 0, i);
}

static void
split_rest(struct arena *a, struct str s, struct url *u)
{
    struct str target = until(s, "#");
    struct str path = until(target, "?");

    u->path = path.n == 0 ? S("/") : path;
    if (path.n < target.n)
        u->query = str_sub(target, path.n + 1, target.n);
    if (target.n < s.n)
        u->fragment = str_sub(s, target.n + 1, s.n);
    u->target = path.n == 0 ? str_cat(a, S("/"), target, STR_NONE) : target;
}

bool
url_parse(struct arena *a, struct str s, struct url *out)
{
    struct str rest, authority;
    struct url u = { 0 };

    if (s.n > URL_BYTES_MAX || !utf8_valid(s))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (is_refused_byte(s.p[i]))
            return false;
    if (str_startsi(s, S("https://")))
        u.scheme = S("https");
    else if (str_startsi(s, S("http://")))
        u.scheme = S("http");
    else
        return false;
    rest = str_sub(s, u.scheme.n + 3, s.n);
    authority = until(rest, "/?#");
    if (!parse_authority(a, authority, &u))
        return false;
    rest = str_dup(a, str_sub(rest, authority.n, rest.n));
    split_rest(a, rest, &u);
    u.origin = str_cat(a, u.scheme, S("://"), u.authority, STR_NONE);
    u.text = str_cat(a, u.origin, rest, STR_NONE);
    *out = u;
    return true;
}

bool
url_same_origin(struct arena *a, struct str x, struct str y)
{
    struct url ux, uy;

    return url_parse(a, x, &ux) && url_parse(a, y, &uy) && str_eq(ux.origin, uy.origin);
}

static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-' || c == '.' || c == '_' ||
           c == '~';
}

struct str
url_encode(struct arena *a, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    struct buf b;

    buf_init(&b, a, 3 * s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (is_unreserved(s.p[i]))
            buf_putc(&b, s.p[i]);
        else
            buf_put(&b, (struct str){ (const char[]){ '%', digits[c >> 4], digits[c & 15] }, 3 });
    }
    return buf_str(&b);
}

static int
hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
url_decode(struct arena *a, struct str s, bool plus, struct str *out)
{
    char *p;
    size_t n = 0;

    if (str_chr(s, '%') < 0 && !(plus && str_chr(s, '+') >= 0)) {
        *out = s;
        return true;
    }
    p = arena_alloc(a, s.n + 1, 1);
    for (size_t i = 0; i < s.n; i++) {
        int hi, lo;

        if (s.p[i] != '%') {
            p[n++] = plus && s.p[i] == '+' ? ' ' : s.p[i];
            continue;
        }
        if (s.n - i < 3 || (hi = hex_digit(s.p[i + 1])) < 0 || (lo = hex_digit(s.p[i + 2])) < 0)
            return false;
        p[n++] = (char)(hi << 4 | lo);
        i += 2;
    }
    *out = (struct str){ p, n };
    return true;
}
