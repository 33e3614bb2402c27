/*
 * Streams: connections that stay open.  A stream is its connection.  Ends are never carried out inside a call from outside: a
 * stream that must go is marked and posted to its own loop, so that whoever walks over many streams is not surprised.
 */
#include "base/arena.h"
#include "base/blob.h"
#include "base/metric.h"
#include "base/utf8.h"
#include "http/internal.h"
#include "http/websocket.h"

#include <stdlib.h>
#include <string.h>

enum {
    CODE_GOING_AWAY = 1001,
    CODE_UNSUPPORTED = 1003,
    CODE_NOT_UTF8 = 1007,
    CODE_PROTOCOL = 1002,
    CODE_TOO_BIG = 1009
};

/* A message in fragments. */
struct ws_message {
    size_t n;
    char p[STREAM_MESSAGE_MAX];
};

static struct conn *
as_conn(const struct stream *s)
{
    return (struct conn *)(uintptr_t)s;
}

/* ---- worker: the answer that begins a stream ----------------------------------------------------------------------- */

static bool
list_has(const struct req *r, struct str name, struct str token)
{
    for (size_t i = 0; i < r->n_headers; i++) {
        struct str rest = r->headers[i].value, item;

        if (!str_eqi(r->headers[i].name, name))
            continue;
        while (str_cut(&rest, ',', &item))
            if (str_eqi(str_trim(item), token))
                return true;
    }
    return false;
}

static void
add_header(struct req *r, struct str name, struct str value)
{
    if (r->res.n_headers < lengthof(r->res.headers))
        r->res.headers[r->res.n_headers++] = (struct http_header){ name, value };
}

enum err
res_stream(struct ctx *c, struct req *r, enum stream_kind kind, struct str protocol,
    const struct stream_handler *handler, void *arg)
{
    struct stream_take *t = arena_new(c->mem, struct stream_take);

    *t = (struct stream_take){ .kind = kind, .handler = handler, .arg = arg, .protocol = protocol };
    if (kind == STREAM_WEBSOCKET) {
        if (r->method != HTTP_GET || !list_has(r, S("Upgrade"), S("websocket")) ||
            !list_has(r, S("Connection"), S("upgrade")) ||
            !str_eq(req_header(c, r, S("Sec-WebSocket-Version")), S("13")) ||
            !ws_accept(c->mem, req_header(c, r, S("Sec-WebSocket-Key")), &t->accept) ||
            !(protocol.n == 0 || http_is_token(protocol))) {
            handler->close(NULL, arg);
            return ctx_fail(c, ERR_BAD_REQUEST, "not a WebSocket handshake");
        }
        r->res.status = 101;
    } else {
        r->res.status = 200;
        if (kind == STREAM_SSE) {
            r->res.content_type = S("text/event-stream");
            add_header(r, S("Cache-Control"), S("private, no-store"));
            add_header(r, S("X-Accel-Buffering"), S("no")); /* nginx: do not collect events */
        }
    }
    r->res.kind = RES_STREAM;
    r->res.stream = t;
    return ERR_OK;
}

/* ---- ends ---------------------------------------------------------------------------------------------------------- */

/* Close from the loop's top level, soon. */
static void
end_later(struct conn *c)
{
    if (c->phase == PHASE_DEAD)
        return;
    c->phase = PHASE_DEAD;
    if ((atomic_fetch_or_explicit(&c->lease, LEASED, memory_order_relaxed) & LEASED) == 0)
        loop_post(c->net->loop, &c->call);
}

static void
cut(struct conn *c)
{
    atomic_fetch_add_explicit(&c->net->server->cut, 1, memory_order_relaxed);
    metric_add(METRIC_STREAM_CUT, 1);
    conn_drop_queue(c);
    conn_abort(c);
    end_later(c);
}

static void
free_slot(struct conn *c)
{
    struct net *net = c->net;
    uint32_t i = (uint32_t)(c->stream_id >> 32);

    net->slots[i] = (struct slot){ .generation = net->slots[i].generation + 1, .next_free = net->free_slot };
    net->free_slot = i;
}

static void
take_slot(struct conn *c)
{
    struct net *net = c->net;
    uint32_t i = net->free_slot;

    if (i == 0) {
        uint32_t n = MAX(net->n_slots * 2, 64);
        struct slot *slots = realloc(net->slots, n * sizeof(*slots));

        if (slots == NULL)
            BUG("out of memory");
        memset(slots + net->n_slots, 0, (n - net->n_slots) * sizeof(*slots));
        for (i = MAX(net->n_slots, 1); i < n; i++) {
            slots[i].next_free = net->free_slot;
            net->free_slot = i;
        }
        net->slots = slots;
        net->n_slots = n;
        i = net->free_slot;
    }
    net->free_slot = net->slots[i].next_free;
    net->slots[i].conn = c;
    c->stream_id = (uint64_t)i << 32 | net->slots[i].generation;
}

void
stream_end(struct conn *c)
{
    const struct stream_handler *h = c->handler;

    c->handler = NULL;
    c->phase = PHASE_DEAD;
    if (c->opened) {
        free_slot(c);
        atomic_fetch_sub_explicit(&c->net->server->n_streams, 1, memory_order_relaxed);
        metric_add(METRIC_STREAM_CLIENTS, -1);
    }
    free(c->message);
    c->message = NULL;
    h->close((struct stream *)c, c->arg);
}

/* ---- sending ------------------------------------------------------------------------------------------------------- */

/* Takes the caller's reference. */
static void
send_take(struct conn *c, struct blob *b)
{
    struct str s = blob_str(b);
    size_t sent = 0;

    if (c->phase != PHASE_STREAM || c->closing) {
        blob_unref(b);
        return;
    }
    if (c->out == NULL) {
        ssize_t k = conn_write(c, s, STR_NONE);

        if (k == IO_ERROR) {
            blob_unref(b);
            end_later(c);
            return;
        }
        sent = k > 0 ? (size_t)k : 0;
        c->since_ms = loop_now_ms(c->net->loop);
    }
    if (c->out_n + s.n - sent > STREAM_QUEUE_MAX) {
        blob_unref(b);
        cut(c);
        return;
    }
    conn_queue_blob(c, b, sent);
}

void
stream_send(struct stream *s, struct blob *b)
{
    send_take(as_conn(s), blob_ref(b));
}

static void
send_control(struct conn *c, enum ws_op op, struct str payload)
{
    char head[WS_HEAD_MAX];
    struct str parts[2] = { { head, ws_head(head, op, payload.n) }, payload };

    send_take(c, blob_new_parts(parts, 2));
}

void
stream_close(struct stream *s, unsigned code)
{
    struct conn *c = as_conn(s);

    if (c->phase != PHASE_STREAM || c->closing)
        return;
    if (c->stream_kind == STREAM_WEBSOCKET) {
        char payload[2] = { (char)(code >> 8), (char)code };

        send_control(c, WS_CLOSE, (struct str){ payload, sizeof(payload) });
    }
    c->closing = true;
    if (c->out == NULL)
        end_later(c);
}

/* ---- WebSocket input ----------------------------------------------------------------------------------------------- */

static void
give_message(struct conn *c, struct str text)
{
    if (!utf8_valid(text))
        stream_close((struct stream *)c, CODE_NOT_UTF8);
    else if (c->handler->message != NULL)
        c->handler->message((struct stream *)c, c->arg, text);
}

static void
on_data(struct conn *c, const struct ws_frame *f)
{
    struct stream *s = (struct stream *)c;

    if (f->op == WS_BINARY) {
        stream_close(s, CODE_UNSUPPORTED);
        return;
    }
    if ((f->op == WS_CONTINUATION) != (c->message != NULL)) {
        stream_close(s, CODE_PROTOCOL);
        return;
    }
    if (f->op == WS_TEXT && f->fin) {
        give_message(c, f->payload);
        return;
    }
    if (c->message == NULL) {
        c->message = malloc(sizeof(*c->message));
        if (c->message == NULL)
            BUG("out of memory");
        c->message->n = 0;
    }
    if (f->payload.n > STREAM_MESSAGE_MAX - c->message->n) {
        stream_close(s, CODE_TOO_BIG);
        return;
    }
    memcpy(c->message->p + c->message->n, f->payload.p, f->payload.n);
    c->message->n += f->payload.n;
    if (f->fin) {
        struct ws_message *m = c->message;

        c->message = NULL;
        give_message(c, (struct str){ m->p, m->n });
        free(m);
    }
}

static void
on_frame(struct conn *c, const struct ws_frame *f)
{
    unsigned code;

    switch (f->op) {
    case WS_PING:
        send_control(c, WS_PONG, f->payload);
        break;
    case WS_PONG:
        break;
    case WS_CLOSE:
        if (!ws_close_valid(f->payload, &code))
            code = CODE_PROTOCOL;
        stream_close((struct stream *)c, code == 1005 ? 1000 : code);
        break;
    case WS_TEXT:
    case WS_BINARY:
    case WS_CONTINUATION:
        on_data(c, f);
        break;
    }
}

/* Use whole frames of p; returns the bytes used. */
static size_t
feed_frames(struct conn *c, char *p, size_t n)
{
    size_t used = 0;
    struct ws_frame f;

    while (used < n && c->phase == PHASE_STREAM && !c->closing) {
        switch (ws_parse(p + used, n - used, READ_BYTES - WS_HEAD_MAX, &f)) {
        case WS_MORE:
            return used;
        case WS_ERROR:
            stream_close((struct stream *)c, f.close_code);
            return n;
        case WS_FRAME:
            used += f.bytes;
            on_frame(c, &f);
            break;
        }
    }
    return c->closing ? n : used;
}

static void
keep_rest(struct conn *c, const char *p, size_t n)
{
    char *in = NULL;

    if (n > 0) {
        in = malloc(n);
        if (in == NULL)
            BUG("out of memory");
        memcpy(in, p, n);
    }
    free(c->in);
    c->in = in;
    c->in_n = (uint32_t)n;
}

/* Read until empty.  What an event stream's client sends is dropped. */
static void
read_stream(struct conn *c)
{
    char *buf = c->net->buf;
    bool fresh = c->in_n > 0; /* bytes that came with the handshake */
    int turns = 0;

    while (c->phase == PHASE_STREAM && (c->readable || fresh)) {
        size_t have = c->in_n;
        ssize_t k = 0;

        if (++turns > TURNS_MAX) {
            conn_yield(c);
            return;
        }
        fresh = false;
        if (have > 0)
            memcpy(buf, c->in, have);
        if (c->readable)
            k = conn_read(c, buf + have, READ_BYTES - have);
        if (k == IO_AGAIN)
            c->readable = false;
        if (k == IO_ERROR || (k == 0 && c->readable)) {
            end_later(c);
            return;
        }
        have += k > 0 ? (size_t)k : 0;
        if (c->stream_kind == STREAM_WEBSOCKET) {
            size_t used = feed_frames(c, buf, have);

            keep_rest(c, buf + used, have - used);
        } else {
            keep_rest(c, NULL, 0);
        }
    }
}

/* ---- the connection's side ----------------------------------------------------------------------------------------- */

void
stream_begin(struct conn *c)
{
    c->opened = true;
    take_slot(c);
    c->since_ms = loop_now_ms(c->net->loop);
    atomic_fetch_add_explicit(&c->net->server->n_streams, 1, memory_order_relaxed);
    metric_add(METRIC_STREAM_CLIENTS, 1);
    if (c->handler->open != NULL)
        c->handler->open((struct stream *)c, c->arg);
    if (c->net->stopping)
        stream_close((struct stream *)c, CODE_GOING_AWAY);
}

void
stream_advance(struct conn *c)
{
    int64_t moved = c->moved;

    if (!c->opened)
        stream_begin(c);
    if (c->phase != PHASE_STREAM)
        return;
    if (conn_flush(c) == FLUSH_ERROR) {
        end_later(c);
        return;
    }
    if (c->moved != moved)
        c->since_ms = loop_now_ms(c->net->loop);
    if (c->closing && c->out == NULL)
        end_later(c);
    else
        read_stream(c);
}

void
stream_check_deadline(struct conn *c, int64_t now_ms)
{
    int64_t age = now_ms - c->since_ms;

    if (c->net->stopping && !c->closing)
        stream_close((struct stream *)c, CODE_GOING_AWAY);
    else if (c->out != NULL && age > c->net->server->o.transfer_ms)
        cut(c);
    else if (c->out == NULL && age >= THUMP_MS && c->stream_kind == STREAM_SSE)
        send_take(c, blob_ref(c->net->thump));
    else if (c->out == NULL && age >= PING_MS && c->stream_kind == STREAM_WEBSOCKET)
        send_take(c, blob_ref(c->net->ping));
}

unsigned
stream_loop_index(const struct stream *s)
{
    return as_conn(s)->net->index;
}

enum stream_kind
stream_kind(const struct stream *s)
{
    return (enum stream_kind)as_conn(s)->stream_kind;
}

/* ---- from other threads -------------------------------------------------------------------------------------------- */

struct post {
    struct loop_call call;
    struct net *net;
    uint64_t id;
    struct blob *blob; /* NULL: close with code */
    unsigned code;
};

/* NULL when it is gone. */
static struct stream *
find_stream(struct net *net, uint64_t id)
{
    uint32_t i = (uint32_t)(id >> 32);
    struct conn *c = i < net->n_slots ? net->slots[i].conn : NULL;

    return c != NULL && c->stream_id == id ? (struct stream *)c : NULL;
}

static void
on_post(struct loop_call *call)
{
    struct post *p = (struct post *)call;
    struct stream *s = find_stream(p->net, p->id);

    if (s != NULL && p->blob != NULL)
        stream_send(s, p->blob);
    else if (s != NULL)
        stream_close(s, p->code);
    blob_unref(p->blob);
    free(p);
}

struct post_many {
    struct loop_call call;
    struct net *net;
    struct blob *blob;
    size_t n;
    uint64_t ids[];
};

static void
on_post_many(struct loop_call *call)
{
    struct post_many *p = (struct post_many *)call;

    for (size_t i = 0; i < p->n; i++) {
        struct stream *s = find_stream(p->net, p->ids[i]);

        if (s != NULL)
            stream_send(s, p->blob);
    }
    blob_unref(p->blob);
    free(p);
}

struct stream_ref
stream_ref(const struct stream *s)
{
    struct conn *c = as_conn(s);

    return (struct stream_ref){ .net = c->net, .id = c->stream_id };
}

static void
post(struct stream_ref ref, struct blob *b, unsigned code)
{
    struct post *p = calloc(1, sizeof(*p));

    if (p == NULL)
        BUG("out of memory");
    *p = (struct post){ .call.fn = on_post, .net = ref.net, .id = ref.id, .blob = b, .code = code };
    loop_post(p->net->loop, &p->call);
}

void
stream_post(struct stream_ref ref, struct blob *b)
{
    post(ref, blob_ref(b), 0);
}

void
stream_post_many(const struct stream_ref *refs, size_t n, struct blob *b)
{
    struct post_many *p;

    if (n == 0)
        return;
    p = malloc(sizeof(*p) + n * sizeof(p->ids[0]));
    if (p == NULL)
        BUG("out of memory");
    *p = (struct post_many){ .call.fn = on_post_many, .net = refs[0].net, .blob = blob_ref(b), .n = n };
    for (size_t i = 0; i < n; i++)
        p->ids[i] = refs[i].id;
    loop_post(p->net->loop, &p->call);
}

void
stream_post_close(struct stream_ref ref, unsigned code)
{
    post(ref, NULL, code);
}

/* ---- rendering ----------------------------------------------------------------------------------------------------- */

struct blob *
stream_sse_event(struct str name, struct str data)
{
    size_t lines = 1, n = 0;
    struct str *parts;
    struct blob *b;

    for (size_t i = 0; i < data.n; i++)
        lines += data.p[i] == '\n' || data.p[i] == '\r';
    parts = calloc(lines * 3 + 4, sizeof(*parts));
    if (parts == NULL)
        BUG("out of memory");
    if (name.n > 0) {
        parts[n++] = S("event: ");
        parts[n++] = name;
        parts[n++] = S("\n");
    }
    for (size_t from = 0, i = 0; i <= data.n; i++)
        if (i == data.n || data.p[i] == '\n' || data.p[i] == '\r') {
            parts[n++] = S("data: ");
            parts[n++] = str_sub(data, from, i);
            parts[n++] = S("\n");
            from = i + 1;
        }
    parts[n++] = S("\n");
    b = blob_new_parts(parts, n);
    free(parts);
    return b;
}

struct blob *
stream_ws_text(struct str text)
{
    char head[WS_HEAD_MAX];
    struct str parts[2] = { { head, ws_head(head, WS_TEXT, text.n) }, text };

    return blob_new_parts(parts, 2);
}
