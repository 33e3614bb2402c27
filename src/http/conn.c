/*
 * A connection on its loop: read, parse, collect the body, hand over to a lane, take back, send what is left, keep alive or
 * close.  What a worker does with a request is in answer.c, streams are in stream.c.
 */
#include "base/arena.h"
#include "base/blob.h"
#include "base/clock.h"
#include "base/metric.h"
#include "http/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- answers of the loop itself ------------------------------------------------------------------------------------ */

static void
enter(struct conn *c, enum phase phase)
{
    c->phase = (unsigned char)phase;
    c->since_ms = loop_now_ms(c->net->loop);
    c->moved = 0;
}

/* Answer without a worker.  close: framing is in doubt, or the request was not read to its end. */
static void
answer(struct conn *c, int status, bool close_after)
{
    bool head_only = c->x != NULL && c->x->req.method == HTTP_HEAD;
    struct str s;

    if (close_after || c->net->stopping)
        c->keep_alive = false;
    s = answer_canned(c->net, status, !c->keep_alive, head_only);
    exchange_free(c->x);
    c->x = NULL;
    conn_queue_blob(c, blob_new(s), 0);
    arena_reset(c->net->scratch);
    enter(c, PHASE_WRITE);
}

/* ---- body ---------------------------------------------------------------------------------------------------------- */

static size_t
feed_body(struct conn *c, char *p, size_t n)
{
    size_t used = n;
    int status = exchange_feed(c->x, p, n, &used);

    if (status == BODY_COMPLETE)
        c->phase = PHASE_READY;
    else if (status != 0)
        answer(c, status, true);
    return used;
}

/* ---- head ---------------------------------------------------------------------------------------------------------- */

/* After a head was accepted: body, and whether the client waits for a sign to send it. */
static void
begin_body(struct conn *c, bool body_is_here)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    struct exchange *x = c->x;

    if (x->body_want > x->body_limit) {
        answer(c, 413, true);
        return;
    }
    enter(c, PHASE_BODY);
    if (!x->is_chunked && x->body_want == 0) {
        exchange_end_body(x);
        c->phase = PHASE_READY;
    } else if (x->expect_continue && !body_is_here) {
        if (conn_write(c, (struct str){ go_on, sizeof(go_on) - 1 }, STR_NONE) != (ssize_t)sizeof(go_on) - 1)
            c->phase = PHASE_DEAD;
    }
}

static size_t
feed_head(struct conn *c, char *p, size_t n)
{
    struct http_head head;

    switch (http_parse_head((struct str){ p, n }, &head)) {
    case PARSE_MORE:
        if (c->phase == PHASE_IDLE)
            enter(c, PHASE_HEAD);
        return 0;
    case PARSE_ERROR:
        answer(c, head.status, true);
        return n;
    case PARSE_DONE:
        break;
    }
    atomic_fetch_add_explicit(&c->net->server->requests, 1, memory_order_relaxed);
    c->keep_alive = head.keep_alive && !c->net->stopping && ++c->pipelined < PIPELINE_MAX;
    c->x = exchange_new(c, (struct str){ p, n }, &head);
    begin_body(c, n > head.bytes);
    return head.bytes;
}

/* ---- reading ------------------------------------------------------------------------------------------------------- */

static bool
is_reading(const struct conn *c)
{
    return c->phase == PHASE_IDLE || c->phase == PHASE_HEAD || c->phase == PHASE_BODY;
}

static void
save_rest(struct conn *c, const char *p, size_t n)
{
    char *in = NULL;

    if (n > 0) {
        in = realloc(c->in, n);
        if (in == NULL)
            BUG("out of memory");
        memcpy(in, p, n);
    } else {
        free(c->in);
    }
    c->in = in;
    c->in_n = (uint32_t)n;
}

/* Read until the socket is empty or the buffer full; with TLS the end of the bytes shows only by asking. */
static size_t
fill(struct conn *c, size_t have)
{
    char *buf = c->net->buf;

    while (c->readable && have < READ_BYTES) {
        ssize_t k = conn_read(c, buf + have, READ_BYTES - have);

        if (k == IO_AGAIN)
            c->readable = false;
        if (k == 0)
            c->ended = true;
        if (k == IO_ERROR)
            c->phase = PHASE_DEAD;
        if (k <= 0)
            break;
        /* Fewer than asked for: the socket is empty and a new edge will come, unless the end has been announced already. */
        if (c->tls == NULL && (size_t)k < READ_BYTES - have)
            c->readable = c->hup;
        have += (size_t)k;
    }
    return have;
}

/*
 * Bring the connection's unused bytes and new ones together in the loop's buffer, use them, save what is left.  False when
 * nothing moves without an event.
 */
static bool
read_some(struct conn *c)
{
    char *buf = c->net->buf;
    size_t before = c->in_n, have = before, used = 0;
    /* What came behind the last request is used before the socket is asked. */
    bool behind = c->phase == PHASE_IDLE && before > 0;

    if (before > 0)
        memcpy(buf, c->in, before);
    if (!behind) {
        have = fill(c, before);
        if (c->phase == PHASE_IDLE)
            c->pipelined = 0;
    }
    if (behind || have > before)
        while (used < have && is_reading(c)) {
            size_t k =
                c->phase == PHASE_BODY ? feed_body(c, buf + used, have - used) : feed_head(c, buf + used, have - used);

            if (k == 0)
                break;
            used += k;
        }
    save_rest(c, buf + used, have - used);
    if (!is_reading(c))
        return true;
    if (c->ended) { /* half a request, or none */
        c->phase = PHASE_DEAD;
        return true;
    }
    return c->readable;
}

/* ---- lanes and lease ----------------------------------------------------------------------------------------------- */

static void
take_events(struct conn *c, unsigned bits)
{
    c->readable |= (bits & EVENT_IN) != 0;
    c->hup |= (bits & EVENT_END) != 0;
}

static void
on_return(struct loop_call *call)
{
    struct conn *c = (struct conn *)((char *)call - offsetof(struct conn, call));
    unsigned events = atomic_exchange_explicit(&c->lease, 0, memory_order_acq_rel);

    take_events(c, events);
    conn_advance(c);
}

void
conn_give_back(struct conn *c, bool needs_loop)
{
    unsigned expected = LEASED;

    if (!needs_loop &&
        atomic_compare_exchange_strong_explicit(&c->lease, &expected, 0, memory_order_release, memory_order_relaxed))
        return; /* the loop may have freed it already */
    loop_post(c->net->loop, &c->call);
}

/* Give the request to its lane; true when the lane was full and the loop goes on with the answer. */
static bool
start(struct conn *c)
{
    struct server *s = c->net->server;
    enum lane lane = c->x->req.route != NULL ? c->x->req.route->lane : LANE_FAST;

    c->phase = PHASE_RUN;
    /* Once the put succeeds the worker may own it: nothing of c may be touched any more. */
    atomic_store_explicit(&c->lease, LEASED, memory_order_release);
    if (pool_put_take(s->lanes[lane], &c->x->mail))
        return false;
    take_events(c, atomic_exchange_explicit(&c->lease, 0, memory_order_relaxed));
    metric_add(METRIC_HTTP_SHED, 1);
    answer(c, 503, false);
    return true;
}

void
conn_yield(struct conn *c)
{
    atomic_store_explicit(&c->lease, LEASED, memory_order_relaxed);
    loop_post(c->net->loop, &c->call);
}

/* ---- life ---------------------------------------------------------------------------------------------------------- */

static void
on_event(struct loop_source *source, uint32_t events)
{
    struct conn *c = (struct conn *)source;
    unsigned bits = 0, old;

    if (events & (LOOP_IN | LOOP_RDHUP | LOOP_HUP | LOOP_ERR))
        bits |= EVENT_IN;
    if (events & (LOOP_RDHUP | LOOP_HUP | LOOP_ERR))
        bits |= EVENT_END;
    if (events & LOOP_OUT)
        bits |= EVENT_OUT;
    old = atomic_fetch_or_explicit(&c->lease, bits, memory_order_acq_rel);
    if (old & LEASED)
        return; /* the worker will see the bits when it wants to end the lease */
    atomic_store_explicit(&c->lease, 0, memory_order_relaxed);
    take_events(c, bits);
    conn_advance(c);
}

void
conn_open(struct net *net, int fd, const struct peer *peer, bool trusted, bool counted)
{
    struct conn *c = calloc(1, sizeof(*c));

    if (c == NULL)
        BUG("out of memory");
    c->source = (struct loop_source){ .fd = fd, .fn = on_event };
    c->call.fn = on_return;
    c->net = net;
    c->peer = *peer;
    c->trusted = trusted;
    c->counted = counted;
    if (net->tls != NULL)
        c->tls = tls_new(net->tls, fd);
    c->next = net->conns;
    if (c->next != NULL)
        c->next->prev = c;
    net->conns = c;
    net->n_conns++;
    metric_add(METRIC_HTTP_CONNECTIONS, 1);
    enter(c, net->tls != NULL ? PHASE_TLS : PHASE_IDLE);
    /* Edge-triggered: registered once, no system call for each request.  EPOLLOUT comes only after a full socket. */
    if ((net->tls != NULL && c->tls == NULL) ||
        loop_add(net->loop, &c->source, LOOP_IN | LOOP_OUT | LOOP_RDHUP, LOOP_EDGE) != ERR_OK) {
        c->source.fn = NULL;
        conn_close(c);
    }
}

void
conn_close(struct conn *c)
{
    struct net *net = c->net;
    struct server *s = net->server;

    if (c->handler != NULL)
        stream_end(c);
    if (c->source.fn != NULL)
        loop_del(net->loop, &c->source);
    tls_free(c->tls);
    close(c->source.fd);
    if (c->counted)
        addrs_leave(&s->addrs, &c->peer.ip);
    atomic_fetch_sub_explicit(&s->n_conns, 1, memory_order_relaxed);
    metric_add(METRIC_HTTP_CONNECTIONS, -1);
    exchange_free(c->x);
    conn_drop_queue(c);
    free(c->in);
    if (c->prev != NULL)
        c->prev->next = c->next;
    else
        net->conns = c->next;
    if (c->next != NULL)
        c->next->prev = c->prev;
    net->n_conns--;
    free(c);
}

/*
 * The answer is out: next request, or the polite end: our side is shut, theirs is read until they close too.  A close with
 * bytes unread would be a reset, and who is still sending then never looks at the answer.
 */
static void
end_answer(struct conn *c)
{
    if (c->keep_alive && !c->net->stopping) {
        enter(c, PHASE_IDLE);
        return;
    }
    if (c->ended) {
        c->phase = PHASE_DEAD;
        return;
    }
    tls_free(c->tls); /* with close_notify; what still comes is not deciphered */
    c->tls = NULL;
    shutdown(c->source.fd, SHUT_WR);
    enter(c, PHASE_LINGER);
    c->until_ms = c->since_ms + LINGER_ALL_MS;
    c->readable = true; /* TLS may have left something */
}

static bool
linger(struct conn *c)
{
    ssize_t k;

    for (int turns = 0; c->readable; turns++) {
        if (turns == TURNS_MAX) {
            conn_yield(c);
            return false;
        }
        k = conn_read(c, c->net->buf, READ_BYTES);
        if (k == IO_AGAIN) {
            c->readable = false;
            break;
        }
        c->moved += k;
        if (k <= 0) {
            c->phase = PHASE_DEAD;
            return true;
        }
    }
    return false;
}

/* They say no more, or have said enough. */
static bool
has_lingered(struct conn *c, int64_t now_ms)
{
    if (now_ms - c->since_ms <= (c->net->stopping ? LINGER_STOPPING_MS : LINGER_MS))
        return false;
    if (c->moved == 0 || c->net->stopping || now_ms > c->until_ms)
        return true;
    c->since_ms = now_ms;
    c->moved = 0;
    return false;
}

static bool
handshake(struct conn *c)
{
    ssize_t k = tls_handshake(c->tls);

    if (k == 1)
        enter(c, PHASE_IDLE);
    else if (k == 0 || errno != EAGAIN)
        c->phase = PHASE_DEAD;
    else
        return false;
    c->readable = true;
    return true;
}

static bool
send_rest(struct conn *c)
{
    switch (conn_flush(c)) {
    case FLUSH_DONE:
        end_answer(c);
        return true;
    case FLUSH_ERROR:
        c->phase = PHASE_DEAD;
        return true;
    case FLUSH_TURN:
        conn_yield(c);
        return false;
    case FLUSH_BLOCKED:
        break;
    }
    return false;
}

void
conn_advance(struct conn *c)
{
    bool moved = true;
    int turns = 0;

    while (moved) {
        if (++turns > TURNS_MAX && c->phase != PHASE_DEAD) {
            conn_yield(c);
            return;
        }
        switch ((enum phase)c->phase) {
        case PHASE_TLS:
            moved = handshake(c);
            break;
        case PHASE_IDLE:
        case PHASE_HEAD:
        case PHASE_BODY:
            moved = read_some(c);
            break;
        case PHASE_READY:
            moved = start(c);
            break;
        case PHASE_WRITE:
            moved = send_rest(c);
            break;
        case PHASE_LINGER:
            moved = linger(c);
            break;
        case PHASE_STREAM:
            stream_advance(c); /* ends come back through the mailbox */
            moved = false;
            break;
        case PHASE_RUN:
            moved = false;
            break;
        case PHASE_DEAD:
            conn_close(c);
            return;
        }
    }
}

void
conn_abort(struct conn *c)
{
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(c->source.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
}

/* In each window a transfer must reach the least rate; what rushed into the kernel's buffers once does not count for ever. */
static bool
is_too_slow(struct conn *c, int64_t age)
{
    if (age <= c->net->server->o.transfer_ms)
        return false;
    if (c->moved * SECOND_MS < age * RATE_BYTES_PER_S)
        return true;
    c->since_ms += age;
    c->moved = 0;
    return false;
}

void
conn_check_deadline(struct conn *c, int64_t now_ms)
{
    const struct server_options *o = &c->net->server->o;
    int64_t age;

    if (atomic_load_explicit(&c->lease, memory_order_acquire) & LEASED)
        return;
    age = now_ms - c->since_ms;
    switch ((enum phase)c->phase) {
    case PHASE_TLS:
        if (age > o->head_ms)
            conn_close(c);
        break;
    case PHASE_IDLE:
        if (age > o->idle_ms || c->net->stopping)
            conn_close(c);
        break;
    case PHASE_HEAD:
        if (age > o->head_ms) {
            answer(c, 408, true);
            conn_advance(c);
        }
        break;
    case PHASE_BODY:
        if (is_too_slow(c, age)) {
            answer(c, 408, true);
            conn_advance(c);
        }
        break;
    case PHASE_WRITE:
        if (is_too_slow(c, age)) {
            conn_abort(c);
            conn_close(c);
        }
        break;
    case PHASE_LINGER:
        if (has_lingered(c, now_ms))
            conn_close(c);
        break;
    case PHASE_STREAM:
        stream_check_deadline(c, now_ms);
        break;
    case PHASE_READY:
    case PHASE_RUN:
    case PHASE_DEAD:
        break;
    }
}
