/*
 * The worker's side: run one request from start to end, build the answer, send it, give the connection back.  Also the small
 * answers that the loop sends itself.
 */
#include "base/blob.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/metric.h"
#include "base/rng.h"
#include "http/compress.h"
#include "http/internal.h"

#include <stdlib.h>
#include <unistd.h>

enum { ANSWER_HEAD_MAX = 64 * 1024, GZIP_MIN_BYTES = 1024 };

struct worker {
    struct server *server;
    struct arena *mem;
    struct ctx ctx;
    struct gzip *gzip;
    uint64_t id; /* of the last request */
    int64_t date_s;
    char date[32];
};

static const struct {
    int status;
    const char *reason;
} reasons[] = {
    { 100, "Continue" },
    { 101, "Switching Protocols" },
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 206, "Partial Content" },
    { 301, "Moved Permanently" },
    { 302, "Found" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 307, "Temporary Redirect" },
    { 308, "Permanent Redirect" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 406, "Not Acceptable" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 410, "Gone" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 416, "Range Not Satisfiable" },
    { 417, "Expectation Failed" },
    { 421, "Misdirected Request" },
    { 422, "Unprocessable Content" },
    { 426, "Upgrade Required" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 502, "Bad Gateway" },
    { 503, "Service Unavailable" },
    { 504, "Gateway Timeout" },
    { 505, "HTTP Version Not Supported" },
};

const char *
http_reason(int status)
{
    for (size_t i = 0; i < lengthof(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Status";
}

/* Answers of handlers are counted by the dispatcher. */
static void
count_canned(int status)
{
    static const enum metric classes[] = { METRIC_HTTP_2XX, METRIC_HTTP_3XX, METRIC_HTTP_4XX, METRIC_HTTP_5XX };

    if (status >= 200 && status < 600)
        metric_add(classes[status / 100 - 2], 1);
}

/* The Date field, made once a second. */
static struct str
date_field(struct arena *mem, int64_t *cached_s, char *text)
{
    int64_t now_s = clock_ms() / SECOND_MS;

    if (*cached_s != now_s) {
        struct str s = date_http(mem, now_s * SECOND_MS);

        CHECK(s.n < 32);
        memcpy(text, s.p, s.n + 1);
        *cached_s = now_s;
    }
    return str_z(text);
}

static void
put_line(struct buf *b, struct str name, struct str value)
{
    buf_put(b, name);
    buf_put(b, S(": "));
    buf_put(b, value);
    buf_put(b, S("\r\n"));
}

static void
put_status(struct buf *b, int status, struct str date)
{
    buf_put(b, S("HTTP/1.1 "));
    buf_put_int(b, status);
    buf_putc(b, ' ');
    buf_putz(b, http_reason(status));
    buf_put(b, S("\r\nDate: "));
    buf_put(b, date);
    buf_put(b, S("\r\n"));
}

struct str
answer_canned(struct net *net, int status, bool close, bool head_only)
{
    struct str body = str_fmt(net->scratch, "{\"error\":\"%s\"}", http_reason(status));
    struct buf b;

    count_canned(status);
    buf_init(&b, net->scratch, 4096);
    put_status(&b, status, date_field(net->scratch, &net->date_s, net->date));
    buf_put(&b, S("Content-Type: application/json; charset=utf-8\r\nContent-Length: "));
    buf_put_int(&b, (int64_t)body.n);
    buf_put(&b, S("\r\n"));
    if (status == 503)
        buf_put(&b, S("Retry-After: 2\r\n"));
    if (status == 405)
        buf_put(&b, S("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"));
    if (close)
        buf_put(&b, S("Connection: close\r\n"));
    buf_put(&b, S("\r\n"));
    if (!head_only)
        buf_put(&b, body);
    return buf_str(&b);
}

/* ---- one request --------------------------------------------------------------------------------------------------- */

static bool
has_header(const struct res *s, struct str name)
{
    for (size_t i = 0; i < s->n_headers; i++)
        if (str_eqi(s->headers[i].name, name))
            return true;
    return false;
}

static bool
is_text(struct str type)
{
    static const char *const prefixes[] = { "text/", "application/json", "application/activity+json",
        "application/jrd+json", "application/ld+json", "application/manifest+json", "application/javascript",
        "application/xml", "application/rss+xml", "application/atom+xml", "application/xrd+xml", "image/svg+xml" };

    for (size_t i = 0; i < lengthof(prefixes); i++)
        if (str_startsi(type, str_z(prefixes[i])))
            return true;
    return false;
}

/*
 * Compress the body when it is text, long enough, and the client asked.  Never for requests with a cookie: there an attacker's
 * page could make the browser send guesses next to secrets and measure the length (BREACH).
 */
static struct str
compress(struct worker *w, struct req *r, struct str body)
{
    struct res *s = &r->res;
    struct str accept = STR_NONE, out;

    if (!w->server->o.gzip || body.n < GZIP_MIN_BYTES || s->status == 206 || !is_text(s->content_type) ||
        has_header(s, S("Content-Encoding")) || has_header(s, S("Set-Cookie")))
        return body;
    for (size_t i = 0; i < r->n_headers; i++) {
        if (str_eqi(r->headers[i].name, S("Cookie")))
            return body;
        if (str_eqi(r->headers[i].name, S("Accept-Encoding")))
            accept = r->headers[i].value;
    }
    if (s->n_headers + 2 > lengthof(s->headers))
        return body;
    if (!has_header(s, S("Vary")))
        s->headers[s->n_headers++] = (struct http_header){ S("Vary"), S("Accept-Encoding") };
    else
        for (size_t i = 0; i < s->n_headers; i++)
            if (str_eqi(s->headers[i].name, S("Vary")))
                s->headers[i].value = str_cat(w->mem, s->headers[i].value, S(", Accept-Encoding"), STR_NONE);
    if (!gzip_accepted(accept))
        return body;
    if (w->gzip == NULL)
        w->gzip = gzip_new();
    if (!gzip_run(w->gzip, w->mem, body, &out))
        return body;
    s->headers[s->n_headers++] = (struct http_header){ S("Content-Encoding"), S("gzip") };
    /* The bytes differ from those a strong tag names. */
    for (size_t i = 0; i < s->n_headers; i++)
        if (str_eqi(s->headers[i].name, S("ETag")) && !str_starts(s->headers[i].value, S("W/")))
            s->headers[i].value = str_cat(w->mem, S("W/"), s->headers[i].value, STR_NONE);
    return out;
}

static bool
has_no_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

/* The head of the answer.  body_n < 0: no Content-Length. */
static struct str
build_head(struct worker *w, const struct exchange *x, int64_t body_n)
{
    const struct res *s = &x->req.res;
    bool is_websocket = s->kind == RES_STREAM && s->stream->kind == STREAM_WEBSOCKET;
    struct buf b;

    buf_init(&b, w->mem, ANSWER_HEAD_MAX);
    put_status(&b, s->status, date_field(w->mem, &w->date_s, w->date));
    if (s->content_type.n > 0 && (body_n != 0 || s->status == 200))
        put_line(&b, S("Content-Type"), s->content_type);
    if (body_n >= 0 && s->status != 204 && s->status != 304 && s->status >= 200) {
        buf_put(&b, S("Content-Length: "));
        buf_put_int(&b, body_n);
        buf_put(&b, S("\r\n"));
    }
    for (size_t i = 0; i < s->n_headers; i++)
        if (http_is_field_value(s->headers[i].value)) /* res_header cuts at CR and LF; this is the second wall */
            put_line(&b, s->headers[i].name, s->headers[i].value);
    if (is_websocket) {
        buf_put(&b, S("Upgrade: websocket\r\nConnection: Upgrade\r\n"));
        put_line(&b, S("Sec-WebSocket-Accept"), s->stream->accept);
        if (s->stream->protocol.n > 0)
            put_line(&b, S("Sec-WebSocket-Protocol"), s->stream->protocol);
    } else if (!x->conn->keep_alive) {
        buf_put(&b, S("Connection: close\r\n"));
    } else if (x->head_minor_0) {
        buf_put(&b, S("Connection: keep-alive\r\n"));
    }
    buf_put(&b, S("\r\n"));
    return buf_ok(&b) ? buf_str(&b) : STR_NONE;
}

/* Write head and body; what the socket does not take is copied to the queue.  False when the connection is broken. */
static bool
send_bytes(struct conn *c, struct str head, struct str body)
{
    while (head.n + body.n > 0) {
        ssize_t k = conn_write(c, head, body);
        size_t of_head;

        if (k == IO_AGAIN) {
            struct str parts[2] = { head, body };

            conn_queue_blob(c, blob_new_parts(parts, 2), 0);
            return true;
        }
        if (k < 0)
            return false;
        of_head = MIN((size_t)k, head.n);
        head = str_sub(head, of_head, head.n);
        body = str_sub(body, (size_t)k - of_head, body.n);
    }
    return true;
}

/* Send a part of a file; takes the descriptor.  The rest goes to the queue. */
static bool
send_file_take(struct conn *c, int fd, int64_t off, int64_t n)
{
    while (n > 0 && c->out == NULL) {
        ssize_t k = conn_send_file(c, fd, off, n);

        if (k == IO_ERROR) {
            close(fd);
            return false;
        }
        if (k == IO_AGAIN)
            break;
        off += k;
        n -= k;
    }
    if (n > 0)
        conn_queue_file(c, fd, off, n);
    else
        close(fd);
    return true;
}

/* Nothing usable came from the handler. */
static void
fall_back(struct worker *w, struct req *r, int status)
{
    struct res *s = &r->res;

    if (s->fd >= 0)
        close(s->fd);
    *s = (struct res){ .status = status, .fd = -1, .content_type = S("application/json; charset=utf-8") };
    buf_init(&s->body, w->mem, 256);
    buf_putf(&s->body, "{\"error\":\"%s\"}", http_reason(status));
}

/* A stream is given to the connection; its loop opens it. */
static bool
send_stream(struct worker *w, struct exchange *x)
{
    struct conn *c = x->conn;
    struct stream_take *t = x->req.res.stream;

    if (x->req.method == HTTP_HEAD || c->handler != NULL) {
        t->handler->close(NULL, t->arg);
        x->req.res.kind = RES_BODY;
        c->keep_alive = false;
        return send_bytes(c, build_head(w, x, -1), STR_NONE);
    }
    c->keep_alive = false; /* an event stream ends with its connection */
    c->handler = t->handler;
    c->arg = t->arg;
    c->stream_kind = (unsigned char)t->kind;
    c->phase = PHASE_STREAM;
    return send_bytes(c, build_head(w, x, -1), STR_NONE);
}

static bool
send_answer(struct worker *w, struct exchange *x)
{
    struct req *r = &x->req;
    struct res *s = &r->res;
    bool head_only = r->method == HTTP_HEAD;
    struct str body, head;

    if (s->kind == RES_STREAM)
        return send_stream(w, x);
    if (s->status < 200 || s->status > 599 || (s->kind == RES_BODY && !buf_ok(&s->body)))
        fall_back(w, r, 500);
    if (s->kind == RES_FILE) {
        int fd = s->fd;

        s->fd = -1;
        if (!send_bytes(x->conn, build_head(w, x, s->file_n), STR_NONE)) {
            close(fd);
            return false;
        }
        return send_file_take(x->conn, fd, s->file_off, head_only || has_no_body(s->status) ? 0 : s->file_n);
    }
    body = has_no_body(s->status) ? STR_NONE : buf_str(&s->body);
    if (s->body.p == NULL)
        body = STR_NONE;
    body = compress(w, r, body);
    head = build_head(w, x, (int64_t)body.n);
    if (head.n == 0) { /* the handler's fields passed every limit */
        fall_back(w, r, 500);
        body = buf_str(&s->body);
        head = build_head(w, x, (int64_t)body.n);
    }
    return send_bytes(x->conn, head, head_only ? STR_NONE : body);
}

/* Unlike any other for a long time, which is all a request id must be: no system call for each. */
static struct str
next_id(struct worker *w)
{
    struct buf b;

    w->id += 0x9e3779b97f4a7c15; /* odd: every value comes once before one comes again */
    buf_init(&b, w->mem, 2 * sizeof(w->id));
    buf_put_hex(&b, (struct str){ (const char *)&w->id, sizeof(w->id) });
    return buf_str(&b);
}

static void
run(struct worker *w, struct exchange *x)
{
    ctx_begin(&w->ctx, w->mem, w->server->o.env);
    w->ctx.request_id = x->request_id.n > 0 ? x->request_id : next_id(w);
    w->server->o.dispatch(&w->ctx, &x->req);
}

/* True when another thread has the request now, which perhaps is over already. */
static bool
hand_over(struct worker *w, struct exchange *x)
{
    ctx_end(&w->ctx);
    x->req.wait = WAIT_RUNS;
    if (!w->server->stopping && pool_put_take(w->server->lanes[LANE_WAIT], &x->mail))
        return true;
    x->req.wait = WAIT_REFUSED;
    return false;
}

void
worker_run(void *state, struct mail *item)
{
    struct worker *w = state;
    struct exchange *x = (struct exchange *)item;
    struct conn *c = x->conn;
    struct req *r = &x->req;
    bool fine, rest;

    if (r->wait == WAIT_RUNS && w->server->stopping)
        r->wait = WAIT_REFUSED;
    run(w, x);
    if (r->wait == WAIT_ASKED) {
        if (hand_over(w, x))
            return;
        run(w, x);
    }
    fine = send_answer(w, x);
    if (r->res.fd >= 0)
        close(r->res.fd);
    ctx_end(&w->ctx);
    exchange_free(x);

    c->x = NULL;
    c->since_ms = clock_mono_ms();
    c->moved = 0;
    if (!fine)
        c->phase = PHASE_DEAD;
    else if (c->phase != PHASE_STREAM)
        c->phase = c->out != NULL || !c->keep_alive ? PHASE_WRITE : PHASE_IDLE;
    rest = c->phase != PHASE_IDLE || c->in_n > 0 || c->readable;
    conn_give_back(c, rest);
}

void *
worker_begin(void *server)
{
    struct worker *w = calloc(1, sizeof(*w));

    if (w == NULL)
        BUG("out of memory");
    w->server = server;
    w->mem = arena_new_heap();
    rng_bytes(&w->id, sizeof(w->id));
    return w;
}

void
worker_end(void *state)
{
    struct worker *w = state;

    gzip_free(w->gzip);
    arena_free(w->mem);
    free(w);
}
