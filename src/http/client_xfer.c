/*
 * One request: how libcurl is told about it, what its callbacks do with bytes, and how its end becomes a response.
 * Queues, limits and the thread are in client.c; redirects in client_fetch.c.
 */
#include "http/client_xfer.h"

#include "base/clock.h"
#include "base/date.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name, *text;
    bool counts;
} fails[FETCH_FAIL_COUNT] = {
#define X(n, c, t) [FETCH_##n] = { #n, t, c },
    FETCH_FAIL_LIST(X)
#undef X
};

const char *
fetch_fail_name(enum fetch_fail f)
{
    return fails[f].name;
}

const char *
fetch_fail_text(enum fetch_fail f)
{
    return fails[f].text;
}

bool
fetch_fail_counts(enum fetch_fail f)
{
    return fails[f].counts;
}

/* ---- the request ---------------------------------------------------------------------------------------------- */

char *
xfer_copy_z(struct str s)
{
    char *p = malloc(s.n + 1);

    if (p == NULL)
        BUG("out of memory");
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

static void
add_header(struct xfer *x, const char *line)
{
    struct curl_slist *l = curl_slist_append(x->headers, line);

    if (l == NULL)
        BUG("out of memory");
    x->headers = l;
}

static bool
header_is_safe(const struct http_header *h)
{
    for (size_t i = 0; i < h->name.n; i++)
        if (h->name.p[i] <= ' ' || h->name.p[i] >= 0x7f || h->name.p[i] == ':')
            return false;
    for (size_t i = 0; i < h->value.n; i++)
        if (h->value.p[i] == '\r' || h->value.p[i] == '\n' || h->value.p[i] == '\0')
            return false;
    return h->name.n > 0;
}

/* False when a value would break the head: values may come from strangers' documents. */
static bool
copy_headers(struct arena *mem, struct xfer *x, const struct fetch_request *rq)
{
    bool type = false;

    for (size_t i = 0; i < rq->n_headers; i++) {
        const struct http_header *h = &rq->headers[i];

        if (!header_is_safe(h))
            return false;
        type = type || str_eqi(h->name, S("content-type"));
        /* "Name;" is libcurl's way to write a header without a value */
        add_header(x, h->value.n == 0 ? str_cz(mem, str_cat(mem, h->name, S(";"), STR_NONE))
                                      : str_cz(mem, str_cat(mem, h->name, S(": "), h->value, STR_NONE)));
    }
    if (!type && rq->body.n > 0)
        add_header(x, "Content-Type:");
    add_header(x, "Expect:"); /* no waiting for 100-continue */
    if (rq->method != HTTP_HEAD)
        add_header(x, "Accept-Encoding: gzip");
    return true;
}

/* The host must be in A-labels; bytes of the path beyond ASCII are escaped here, so that what is signed is what is sent. */
bool
client_url(struct arena *mem, struct str s, struct url *out)
{
    struct buf b;

    if (!url_parse(mem, s, out))
        return false;
    for (size_t i = 0; i < out->host.n; i++)
        if ((unsigned char)out->host.p[i] >= 0x80)
            return false;
    buf_init(&b, mem, 3 * URL_BYTES_MAX);
    for (size_t i = 0; i < out->text.n; i++) {
        unsigned char ch = (unsigned char)out->text.p[i];

        if (ch < 0x80) {
            buf_putc(&b, out->text.p[i]);
        } else {
            buf_putc(&b, '%');
            buf_putc(&b, "0123456789ABCDEF"[ch >> 4]);
            buf_putc(&b, "0123456789ABCDEF"[ch & 15]);
        }
    }
    return b.n == out->text.n || url_parse(mem, buf_str(&b), out);
}

static enum fetch_fail
check_url(struct arena *mem, const struct fetch_request *rq, struct xfer *x)
{
    struct url u;
    bool http = x->shared->http || rq->http_ok;

    if (!client_url(mem, rq->url, &u))
        return FETCH_URL;
    free(x->url);
    x->url = xfer_copy_z(u.text);
    x->host = xfer_copy_z(u.authority);
    if (!str_eqz(u.scheme, "https") && !(http && str_eqz(u.scheme, "http")))
        return FETCH_SCHEME;
    /* Known good only when the operator named the host and port, or when the gate finds the address in his networks. */
    x->only_allowed = u.has_port;
    for (const struct curl_slist *l = x->shared->connect_to; l != NULL && x->only_allowed; l = l->next)
        if (str_starts(str_z(l->data), str_fmt(mem, "%.*s:%d:", STR_ARG(u.host), u.port)))
            x->only_allowed = false;
    if (x->only_allowed && x->shared->n_allow == 0)
        return FETCH_PORT;
    return FETCH_NONE;
}

enum fetch_fail
xfer_new(struct arena *mem, const struct xfer_shared *sh, const struct fetch_request *rq, struct xfer **out)
{
    struct xfer *x = calloc(1, sizeof(*x));

    if (x == NULL)
        BUG("out of memory");
    CHECK(rq->method != HTTP_PATCH && rq->method != HTTP_OPTIONS);
    x->shared = sh;
    x->method = rq->method;
    x->url = xfer_copy_z(rq->url);
    x->body = rq->body;
    x->body_max = (int64_t)(rq->body_max > 0 ? rq->body_max : FETCH_BODY_BYTES);
    x->fd = rq->fd;
    x->http_ok = rq->http_ok;
    x->own_limits = rq->own_limits;
    x->again_ms = rq->again_ms;
    x->own_ok = rq->own_ok;
    x->learn_own = rq->learn_own;
    x->group = rq->group;
    x->deadline_ms = clock_mono_ms() + (rq->timeout_ms > 0 ? rq->timeout_ms : FETCH_TIMEOUT_MS);
    *out = x;
    return copy_headers(mem, x, rq) ? check_url(mem, rq, x) : FETCH_URL;
}

void
xfer_free(struct xfer *x)
{
    if (x == NULL)
        return;
    if (x->gzip)
        inflateEnd(&x->z);
    curl_slist_free_all(x->headers);
    free(x->url);
    free(x->host);
    free(x->head.p);
    free(x->data.p);
    free(x);
}

/* ---- callbacks ------------------------------------------------------------------------------------------------ */

static void
put(struct xbuf *b, const void *p, size_t n)
{
    if (n == 0)
        return;
    if (b->cap - b->n < n) {
        size_t cap = MAX(b->cap * 2, b->n + n);

        cap = MAX(cap, 1024);
        b->p = realloc(b->p, cap);
        if (b->p == NULL)
            BUG("out of memory");
        b->cap = cap;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

/* The gate: libcurl calls it with the address it is about to connect to, for each one it tries. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    struct xfer *x = arg;
    enum netgate_answer answer = netgate_check(&a->addr, x->shared->allow, x->shared->n_allow);
    struct ip ip;
    int fd;

    if (x->learn_own && ip_from_sockaddr(&a->addr, &ip))
        netgate_own_add(x->shared->own, &ip);
    if (answer == NETGATE_PUBLIC && !x->own_ok && netgate_is_own(x->shared->own, &a->addr))
        answer = NETGATE_REFUSED;
    if (answer == NETGATE_REFUSED || x->learn_own || (x->only_allowed && answer != NETGATE_ALLOWED)) {
        x->refused = true;
        return CURL_SOCKET_BAD;
    }
    fd = socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
    if (fd < 0)
        return CURL_SOCKET_BAD;
    x->opened = true;
    return fd;
}

static struct str
line_value(struct str line)
{
    struct str name;

    str_cut(&line, ':', &name);
    return str_trim(line);
}

static size_t
on_head(char *p, size_t size, size_t n, void *arg)
{
    struct xfer *x = arg;
    struct str line = { p, size * n };

    x->head_n += (int64_t)line.n;
    if (x->head_n > XFER_HEAD_BYTES_MAX) {
        x->fail = FETCH_PROTOCOL;
        return 0;
    }
    if (x->body_began) /* trailers */
        return line.n;
    if (str_starts(line, S("HTTP/"))) { /* a new head: the one before was 1xx */
        x->head.n = 0;
        if (x->gzip)
            inflateEnd(&x->z);
        x->gzip = false;
    }
    put(&x->head, line.p, line.n);
    if (str_startsi(line, S("content-encoding:")) && x->method != HTTP_HEAD) {
        struct str v = line_value(line);

        if (str_eqi(v, S("gzip")) || str_eqi(v, S("x-gzip"))) {
            if (x->gzip || inflateInit2(&x->z, 15 + 16) != Z_OK) {
                x->fail = FETCH_PROTOCOL;
                return 0;
            }
            x->gzip = true;
        } else if (v.n > 0 && !str_eqi(v, S("identity"))) {
            x->fail = FETCH_PROTOCOL; /* nobody asked for it */
            return 0;
        }
    }
    return line.n;
}

static bool
keep(struct xfer *x, const void *p, size_t n)
{
    x->body_n += (int64_t)n;
    if (x->body_n > x->body_max) {
        x->fail = FETCH_TOO_LARGE;
        return false;
    }
    if (x->fd <= 0) {
        put(&x->data, p, n);
        return true;
    }
    while (n > 0) {
        ssize_t w = write(x->fd, p, n);

        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0) {
            x->fail = FETCH_WRITE;
            return false;
        }
        p = (const char *)p + w;
        n -= (size_t)w;
    }
    return true;
}

static bool
keep_gunzipped(struct xfer *x, char *p, size_t n)
{
    unsigned char out[16 * 1024];

    x->z.next_in = (unsigned char *)p;
    x->z.avail_in = (unsigned)n;
    while (x->z.avail_in > 0 || x->z.avail_out == 0) {
        int rc;

        if (x->gzip_ended) { /* bytes behind the end: another member, which the format allows, or junk */
            if (x->z.avail_in == 0)
                return true;
            if (inflateReset(&x->z) != Z_OK)
                break;
            x->gzip_ended = false;
        }
        x->z.next_out = out;
        x->z.avail_out = sizeof(out);
        rc = inflate(&x->z, Z_NO_FLUSH);
        if (!keep(x, out, sizeof(out) - x->z.avail_out))
            return false;
        if (x->body_n > XFER_RATIO_FREE_BYTES && x->body_n / XFER_RATIO_MAX > x->wire_n) {
            x->fail = FETCH_TOO_LARGE;
            return false;
        }
        if (rc == Z_STREAM_END)
            x->gzip_ended = true;
        else if (rc == Z_BUF_ERROR && x->z.avail_in == 0)
            return true;
        else if (rc != Z_OK)
            break;
    }
    if (x->z.avail_in == 0)
        return true;
    x->fail = FETCH_PROTOCOL;
    return false;
}

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
    struct xfer *x = arg;
    size_t len = size * n;

    x->body_began = true;
    x->wire_n += (int64_t)len;
    if (x->wire_n > x->body_max) {
        x->fail = FETCH_TOO_LARGE;
        return 0;
    }
    if (len == 0)
        return 0;
    return (x->gzip ? keep_gunzipped(x, p, len) : keep(x, p, len)) ? len : 0;
}

/* ---- options -------------------------------------------------------------------------------------------------- */

static void
set_method(struct xfer *x, CURL *e)
{
    bool has_body = x->method == HTTP_POST || x->method == HTTP_PUT;

    if (has_body) {
        curl_easy_setopt(e, CURLOPT_POST, 1L);
        curl_easy_setopt(e, CURLOPT_POSTFIELDS, x->body.n > 0 ? x->body.p : "");
        curl_easy_setopt(e, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.n);
        curl_easy_setopt(
            e, CURLOPT_UPLOAD_BUFFERSIZE, 16L * 1024); /* the least; the default is 64 KB for each request */
    }
    if (x->method == HTTP_HEAD)
        curl_easy_setopt(e, CURLOPT_NOBODY, 1L);
    else if (x->method == HTTP_PUT)
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "PUT");
    else if (x->method == HTTP_DELETE)
        curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "DELETE");
    else if (!has_body)
        curl_easy_setopt(e, CURLOPT_HTTPGET, 1L);
}

void
xfer_prepare(struct xfer *x, CURL *e)
{
    int64_t left = MAX(x->deadline_ms - clock_mono_ms(), 1);
    const struct xfer_shared *sh = x->shared;

    x->easy = e;
    curl_easy_setopt(e, CURLOPT_PRIVATE, x);
    curl_easy_setopt(e, CURLOPT_ERRORBUFFER, x->why);
    curl_easy_setopt(e, CURLOPT_URL, x->url);
    /* What is signed is what is sent: no dot segments removed behind our back. */
    curl_easy_setopt(e, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, sh->http || x->http_ok ? "http,https" : "https");
    curl_easy_setopt(e, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(e, CURLOPT_HTTP09_ALLOWED, 0L);
    curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L);
    /* Nothing ambient: the environment cannot send requests elsewhere. */
    curl_easy_setopt(e, CURLOPT_PROXY, "");
    curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(e, CURLOPT_CONNECT_TO, sh->connect_to);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, x);

    curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, (long)MIN(left, INT32_MAX));
    curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, (long)MIN(left, FETCH_CONNECT_MS));
    curl_easy_setopt(e, CURLOPT_MAXAGE_CONN, 30L);
    curl_easy_setopt(e, CURLOPT_MAXLIFETIME_CONN, 600L);
    curl_easy_setopt(e, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(e, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)x->body_max);
    if (x->method == HTTP_POST)
        curl_easy_setopt(e, CURLOPT_BUFFERSIZE, 4096L); /* answers of inboxes are small */

    curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L);
    /* libcurl reads no certificates itself; the shared store replaces its empty one. */
    curl_easy_setopt(e, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(e, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, trust_apply);
    curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, sh->trust);

    set_method(x, e);
    curl_easy_setopt(e, CURLOPT_HTTPHEADER, x->headers);
    curl_easy_setopt(e, CURLOPT_USERAGENT, sh->user_agent);
    curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, on_head);
    curl_easy_setopt(e, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(e, CURLOPT_WRITEDATA, x);
}

/* ---- the end -------------------------------------------------------------------------------------------------- */

static const struct {
    CURLcode code;
    enum fetch_fail fail;
} by_code[] = {
    { CURLE_UNSUPPORTED_PROTOCOL, FETCH_PROTOCOL }, /* also: no HTTP status line */
    { CURLE_URL_MALFORMAT, FETCH_URL },
    { CURLE_COULDNT_RESOLVE_HOST, FETCH_DNS },
    { CURLE_WEIRD_SERVER_REPLY, FETCH_PROTOCOL },
    { CURLE_OPERATION_TIMEDOUT, FETCH_TIMEOUT },
    { CURLE_SSL_CONNECT_ERROR, FETCH_TLS },
    { CURLE_SSL_CIPHER, FETCH_TLS },
    { CURLE_PEER_FAILED_VERIFICATION, FETCH_CERT },
    { CURLE_FILESIZE_EXCEEDED, FETCH_TOO_LARGE },
    { CURLE_GOT_NOTHING, FETCH_PROTOCOL },
    { CURLE_PARTIAL_FILE, FETCH_PROTOCOL },
    { CURLE_HTTP2, FETCH_PROTOCOL },
    { CURLE_HTTP2_STREAM, FETCH_PROTOCOL },
    { CURLE_RECV_ERROR, FETCH_CONNECT },
    { CURLE_SEND_ERROR, FETCH_CONNECT },
};

static enum fetch_fail
fail_of(struct xfer *x, CURLcode rc)
{
    long os_errno = 0;

    if (x->fail != FETCH_NONE)
        return x->fail;
    if (rc == CURLE_OK)
        return x->gzip && x->body_began && !x->gzip_ended ? FETCH_PROTOCOL : FETCH_NONE;
    if (rc == CURLE_COULDNT_CONNECT) {
        curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &os_errno);
        if (x->refused && !x->opened)
            return x->only_allowed ? FETCH_PORT : FETCH_ADDRESS;
        return os_errno == ECONNREFUSED ? FETCH_REFUSED : FETCH_CONNECT;
    }
    for (size_t i = 0; i < lengthof(by_code); i++)
        if (by_code[i].code == rc)
            return by_code[i].fail;
    return FETCH_CONNECT;
}

/* Seconds or an IMF-fixdate; RFC 9110, 10.2.3. */
static int64_t
retry_after(struct str v)
{
    int64_t n;

    if (str_int(v, &n))
        n = n > FETCH_RETRY_AFTER_MAX_MS / 1000 ? FETCH_RETRY_AFTER_MAX_MS : n * 1000;
    else if (date_parse_http(v, &n))
        n -= clock_ms();
    else
        return 0;
    return n < 0 ? 0 : MIN(n, FETCH_RETRY_AFTER_MAX_MS);
}

struct owned { /* a response and all its bytes, one life */
    struct fetch_response r;
    struct http_header headers[FETCH_HEADERS_MAX];
    char *head, *body, *url;
    char why[CURL_ERROR_SIZE];
};

void
fetch_response_free(struct fetch_response *r)
{
    struct owned *o = (struct owned *)r;

    if (o == NULL)
        return;
    free(o->head);
    free(o->body);
    free(o->url);
    free(o);
}

static void
read_head(struct owned *o, struct str head)
{
    struct str line;

    while (str_cut(&head, '\n', &line)) {
        struct str rest = str_trim(line), name;
        struct http_header *h;

        if (str_chr(rest, ':') <= 0 || !str_cut(&rest, ':', &name))
            continue; /* the status line, the end, or junk */
        if (o->r.n_headers == FETCH_HEADERS_MAX)
            break;
        h = &o->headers[o->r.n_headers++];
        *h = (struct http_header){ name, str_trim(rest) };
        if (str_eqi(name, S("content-type")) && o->r.content_type.n == 0)
            o->r.content_type = h->value;
        else if (str_eqi(name, S("location")) && o->r.location.n == 0)
            o->r.location = h->value;
        else if (str_eqi(name, S("retry-after")))
            o->r.retry_after_ms = retry_after(h->value);
    }
}

struct fetch_response *
xfer_response(struct xfer *x, CURLcode rc, enum fetch_fail fail)
{
    struct owned *o = calloc(1, sizeof(*o));
    long status = 0;

    if (o == NULL)
        BUG("out of memory");
    o->r.fail = fail != FETCH_NONE ? fail : fail_of(x, rc);
    o->url = x->url;
    x->url = NULL;
    o->r.url = str_z(o->url);
    o->r.headers = o->headers;
    o->head = x->head.p;
    o->body = x->data.p;
    read_head(o, (struct str){ x->head.p, x->head.n });
    o->r.body = (struct str){ x->data.p, x->data.n };
    o->r.body_n = x->body_n;
    x->head.p = x->data.p = NULL;
    if (x->easy != NULL)
        curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &status);
    o->r.status = (int)status;
    if (o->r.fail == FETCH_NONE && (status < 200 || status > 299))
        o->r.fail = FETCH_STATUS;
    if (o->r.fail == FETCH_STATUS || o->r.fail == FETCH_NONE)
        snprintf(o->why, sizeof(o->why), "HTTP %ld", status);
    else
        snprintf(o->why, sizeof(o->why), "%s", x->why[0] != '\0' ? x->why : fetch_fail_text(o->r.fail));
    o->r.detail = str_z(o->why);
    return &o->r;
}
