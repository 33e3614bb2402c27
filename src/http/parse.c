/*
 * Strict request head parser.  One pass over lines; each line is checked as soon as it is complete, so that nonsense is refused
 * at once and not when the head's deadline passes.  What fields mean for the framing is decided at the end, in check_framing.
 */
#include "http/parse.h"

#include "base/ip.h"

#include <string.h>

enum {
    C_TOKEN = 1,  /* RFC 9110, 5.6.2 */
    C_TARGET = 2, /* visible ASCII without '#': a fragment has no place in a request */
    C_VALUE = 4,  /* visible, space, tab, bytes >= 0x80 */
    C_HOST = 8,   /* registered names: unreserved and sub-delims, no percent-encoding */
};

#define TOKEN_CHARS "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define HOST_CHARS "-._~!$&'()*+;=0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static unsigned char classes[256];

static void __attribute__((constructor)) fill_classes(void)
{
    for (const char *p = TOKEN_CHARS; *p != '\0'; p++)
        classes[(unsigned char)*p] |= C_TOKEN;
    for (const char *p = HOST_CHARS; *p != '\0'; p++)
        classes[(unsigned char)*p] |= C_HOST;
    for (int c = 0x20; c < 0x100; c++) {
        if (c != 0x7f)
            classes[c] |= C_VALUE;
        if (c > 0x20 && c < 0x7f && c != '#')
            classes[c] |= C_TARGET;
    }
    classes['\t'] |= C_VALUE;
}

static bool
all_in(struct str s, unsigned char class)
{
    for (size_t i = 0; i < s.n; i++)
        if ((classes[(unsigned char)s.p[i]] & class) == 0)
            return false;
    return true;
}

bool
http_is_token(struct str s)
{
    return s.n > 0 && all_in(s, C_TOKEN);
}

bool
http_is_field_value(struct str s)
{
    return all_in(s, C_VALUE);
}

static enum parse_state
refuse(struct http_head *h, int status, const char *why)
{
    h->status = status;
    h->why = why;
    return PARSE_ERROR;
}

static const struct {
    const char *text;
    enum http_method method;
} methods[] = {
    { "GET", HTTP_GET },
    { "POST", HTTP_POST },
    { "HEAD", HTTP_HEAD },
    { "PUT", HTTP_PUT },
    { "PATCH", HTTP_PATCH },
    { "DELETE", HTTP_DELETE },
    { "OPTIONS", HTTP_OPTIONS },
};

static bool
find_method(struct str s, enum http_method *out)
{
    for (size_t i = 0; i < lengthof(methods); i++)
        if (str_eqz(s, methods[i].text)) {
            *out = methods[i].method;
            return true;
        }
    return false;
}

bool
http_host_valid(struct str host)
{
    ptrdiff_t colon = str_rchr(host, ':');
    struct ip ip;
    int64_t port;

    if (host.n > 0 && host.p[0] == '[') {
        ptrdiff_t end = str_chr(host, ']');

        if (end < 0 || !ip_parse(str_sub(host, 1, (size_t)end), &ip) || str_chr(str_sub(host, 1, (size_t)end), ':') < 0)
            return false;
        if ((size_t)end + 1 == host.n)
            return true;
        if (colon != end + 1)
            return false;
    } else {
        struct str name = colon < 0 ? host : str_sub(host, 0, (size_t)colon);

        if (name.n == 0 || name.n > 255 || !all_in(name, C_HOST))
            return false;
        if (colon < 0)
            return true;
    }
    return host.n - (size_t)colon - 1 <= 5 && str_int(str_sub(host, (size_t)colon + 1, host.n), &port) && port > 0 &&
           port <= 65535;
}

/* origin-form, absolute-form (http and https), or * for OPTIONS (RFC 9112, 3.2). */
static enum parse_state
split_target(struct http_head *h)
{
    struct str t = h->target;
    ptrdiff_t mark;

    if (t.n == 0 || !all_in(t, C_TARGET))
        return refuse(h, 400, "bad character in the target");
    if (str_eq(t, S("*"))) {
        if (h->method != HTTP_OPTIONS)
            return refuse(h, 400, "asterisk target");
    } else if (t.p[0] != '/') {
        size_t skip = str_startsi(t, S("http://")) ? 7 : str_startsi(t, S("https://")) ? 8 : 0, n = skip;

        if (skip == 0)
            return refuse(h, 400, "target is neither a path nor a URL");
        while (n < t.n && t.p[n] != '/' && t.p[n] != '?')
            n++;
        h->host = str_sub(t, skip, n); /* compared with the Host field later */
        if (!http_host_valid(h->host))
            return refuse(h, 400, "bad authority in the target");
        t = str_sub(t, n, t.n);
        if (t.n == 0 || t.p[0] == '?') {
            h->path = S("/");
            h->query = t.n == 0 ? STR_NONE : str_sub(t, 1, t.n);
            return PARSE_MORE;
        }
    }
    mark = str_chr(t, '?');
    h->path = mark < 0 ? t : str_sub(t, 0, (size_t)mark);
    h->query = mark < 0 ? STR_NONE : str_sub(t, (size_t)mark + 1, t.n);
    return PARSE_MORE;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum parse_state
read_request_line(struct http_head *h, struct str line)
{
    ptrdiff_t first = str_chr(line, ' '), last = str_rchr(line, ' ');
    struct str version;

    if (first < 0 || first == last)
        return refuse(h, 400, "request line without three parts");
    h->method_text = str_sub(line, 0, (size_t)first);
    h->target = str_sub(line, (size_t)first + 1, (size_t)last);
    version = str_sub(line, (size_t)last + 1, line.n);
    if (h->method_text.n > HEAD_METHOD_MAX || !http_is_token(h->method_text))
        return refuse(h, 400, "bad method");
    if (version.n != 8 || !str_starts(version, S("HTTP/")) || !is_digit(version.p[5]) || version.p[6] != '.' ||
        !is_digit(version.p[7]))
        return refuse(h, 400, "bad version");
    if (version.p[5] != '1' || version.p[7] > '1')
        return refuse(h, 505, "version");
    h->minor = version.p[7] - '0';
    if (!find_method(h->method_text, &h->method))
        return refuse(h, 405, "unknown method");
    return split_target(h);
}

static enum parse_state
read_field(struct http_head *h, struct str line)
{
    ptrdiff_t colon = str_chr(line, ':');
    struct str name, value;

    if (line.p[0] == ' ' || line.p[0] == '\t')
        return refuse(h, 400, "folded line");
    if (colon <= 0)
        return refuse(h, 400, "field without a name");
    name = str_sub(line, 0, (size_t)colon);
    value = str_sub(line, (size_t)colon + 1, line.n);
    if (!http_is_token(name))
        return refuse(h, 400, "bad character in a field name");
    if (!http_is_field_value(value))
        return refuse(h, 400, "control character in a field value");
    if (h->n_headers == HTTP_HEADERS_MAX)
        return refuse(h, 431, "too many fields");
    while (value.n > 0 && (value.p[0] == ' ' || value.p[0] == '\t'))
        value = str_sub(value, 1, value.n);
    while (value.n > 0 && (value.p[value.n - 1] == ' ' || value.p[value.n - 1] == '\t'))
        value.n--;
    h->headers[h->n_headers++] = (struct http_header){ name, value };
    return PARSE_MORE;
}

struct str
http_head_get(const struct http_head *h, struct str name)
{
    for (size_t i = 0; i < h->n_headers; i++)
        if (str_eqi(h->headers[i].name, name))
            return h->headers[i].value;
    return STR_NONE;
}

bool
http_head_has_token(const struct http_head *h, struct str name, struct str token)
{
    for (size_t i = 0; i < h->n_headers; i++) {
        struct str rest = h->headers[i].value, item;

        if (!str_eqi(h->headers[i].name, name))
            continue;
        while (str_cut(&rest, ',', &item))
            if (str_eqi(str_trim(item), token))
                return true;
    }
    return false;
}

/* 1*DIGIT within int64; nothing else: no sign, no list, no white space inside (RFC 9110, 8.6). */
static bool
read_length(struct str s, int64_t *out)
{
    if (s.n == 0 || s.n > 19)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]))
            return false;
    return str_int(s, out);
}

static enum parse_state
check_host(struct http_head *h, size_t n_host, struct str host)
{
    if (n_host > 1)
        return refuse(h, 400, "Host twice");
    if (n_host == 0) {
        if (h->minor == 1)
            return refuse(h, 400, "no Host");
        return PARSE_MORE;
    }
    if (!http_host_valid(host))
        return refuse(h, 400, "bad Host");
    if (h->host.p != NULL && !str_eqi(h->host, host))
        return refuse(h, 400, "target and Host differ");
    h->host = host;
    return PARSE_MORE;
}

/*
 * Where does the request end?  Exactly one of: no body, one Content-Length, or chunked alone.  Everything else has been read
 * differently by some proxy once (request smuggling), so it is refused even where the RFC would permit a repair.
 */
static enum parse_state
check_framing(struct http_head *h)
{
    size_t n_host = 0, n_length = 0, n_te = 0;
    struct str host = STR_NONE, te = STR_NONE;

    h->content_length = -1;
    for (size_t i = 0; i < h->n_headers; i++) {
        struct http_header f = h->headers[i];

        switch (f.name.n) { /* cheap filter: most fields are none of these */
        case 4:
            if (str_eqi(f.name, S("Host"))) {
                n_host++;
                host = f.value;
            }
            break;
        case 6:
            if (str_eqi(f.name, S("Expect"))) {
                if (!str_eqi(f.value, S("100-continue")))
                    return refuse(h, 417, "unknown expectation");
                h->expect_continue = h->minor == 1;
            }
            break;
        case 14:
            if (str_eqi(f.name, S("Content-Length"))) {
                n_length++;
                if (!read_length(f.value, &h->content_length))
                    return refuse(h, 400, "bad Content-Length");
            }
            break;
        case 17:
            if (str_eqi(f.name, S("Transfer-Encoding"))) {
                n_te++;
                te = f.value;
            }
            break;
        default:
            break;
        }
    }
    if (check_host(h, n_host, host) == PARSE_ERROR)
        return PARSE_ERROR;
    if (n_length > 1)
        return refuse(h, 400, "Content-Length twice");
    if (n_te > 0) {
        if (n_te > 1 || !str_eqi(te, S("chunked")))
            return refuse(h, 400, "Transfer-Encoding other than chunked");
        if (h->minor == 0)
            return refuse(h, 400, "Transfer-Encoding in HTTP/1.0");
        if (n_length > 0)
            return refuse(h, 400, "Content-Length and Transfer-Encoding");
        h->chunked = true;
    }
    h->keep_alive = h->minor == 1 ? !http_head_has_token(h, S("Connection"), S("close"))
                                  : http_head_has_token(h, S("Connection"), S("keep-alive")) &&
                                        !http_head_has_token(h, S("Connection"), S("close"));
    h->upgrade_websocket = h->minor == 1 && h->method == HTTP_GET &&
                           http_head_has_token(h, S("Connection"), S("upgrade")) &&
                           str_eqi(http_head_get(h, S("Upgrade")), S("websocket"));
    return PARSE_DONE;
}

/* Cut one line that ends in CR LF.  A LF alone is an error: recipients disagree about it. */
static enum parse_state
cut_line(struct http_head *h, struct str bytes, size_t *at, struct str *line)
{
    const char *lf = memchr(bytes.p + *at, '\n', bytes.n - *at);
    size_t n = lf == NULL ? bytes.n - *at : (size_t)(lf - bytes.p) - *at;

    if (n > HEAD_LINE_MAX)
        return refuse(h, *at == 0 ? 414 : 431, "line too long");
    if (lf == NULL)
        return PARSE_MORE;
    if (n == 0 || lf[-1] != '\r')
        return refuse(h, 400, "line ends without CR");
    *line = (struct str){ bytes.p + *at, n - 1 };
    *at += n + 1;
    return PARSE_DONE;
}

enum parse_state
http_parse_head(struct str bytes, struct http_head *h)
{
    enum parse_state s;
    struct str line;
    size_t at = 0;

    /* Not the array of fields: only what is used is written. */
    memset(h, 0, offsetof(struct http_head, headers));
    memset(&h->n_headers, 0, sizeof(*h) - offsetof(struct http_head, n_headers));
    /* One empty line before the request is forgiven (RFC 9112, 2.2): old clients end a body with one too many. */
    if (bytes.n >= 2 && bytes.p[0] == '\r' && bytes.p[1] == '\n')
        at = 2;
    if (bytes.n == at)
        return PARSE_MORE;
    s = cut_line(h, bytes, &at, &line);
    if (s == PARSE_DONE) {
        if (read_request_line(h, line) == PARSE_ERROR)
            return PARSE_ERROR;
        while ((s = cut_line(h, bytes, &at, &line)) == PARSE_DONE && line.n > 0) {
            if (at > HEAD_BYTES_MAX)
                return refuse(h, 431, "head too large");
            if (read_field(h, line) == PARSE_ERROR)
                return PARSE_ERROR;
        }
    }
    if (s == PARSE_ERROR)
        return PARSE_ERROR;
    if (s == PARSE_MORE && bytes.n < HEAD_BYTES_MAX)
        return PARSE_MORE;
    if (s == PARSE_MORE || at > HEAD_BYTES_MAX)
        return refuse(h, 431, "head too large");
    h->bytes = at;
    return check_framing(h);
}
