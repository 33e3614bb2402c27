/*
 * Starting, accepting, the tick of each loop, reloading, stopping.  What happens on one connection is in conn.c.
 */
#include "base/arena.h"
#include "base/blob.h"
#include "base/clock.h"
#include "http/internal.h"
#include "http/websocket.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ACCEPTS_A_TURN = 64,
    LANE_FAST_MAX = 1024,
    LANE_SLOW_MAX = 256,
    LANE_WAIT_MAX = 1024,
    WAIT_THREADS = 64, /* they sleep most of the time */
    LOOP_STACK_BYTES = 512 * 1024,
    DEFAULT_HEAD_MS = 10 * SECOND_MS,
    DEFAULT_IDLE_MS = 60 * SECOND_MS,
    DEFAULT_TRANSFER_MS = 30 * SECOND_MS,
    DEFAULT_STOP_MS = 10 * SECOND_MS,
};

/* ---- accepting ----------------------------------------------------------------------------------------------------- */

static void
stop_listening(struct net *net)
{
    for (size_t i = 0; net->listening && i < net->server->n_listen; i++)
        loop_del(net->loop, &net->listeners[i].source);
    net->listening = false;
}

static void
take_connection(struct net *net, int fd, const struct peer *peer)
{
    struct server *s = net->server;
    const struct config *conf = s->o.conf;
    bool trusted = trust_has(&s->trust, peer), counted = !trusted && !peer->is_unix;
    int64_t open = (int64_t)atomic_fetch_add_explicit(&s->n_conns, 1, memory_order_relaxed);

    if (open >= conf->connections_max ||
        (counted && !addrs_enter(&s->addrs, &peer->ip, (uint32_t)conf->connections_per_ip))) {
        atomic_fetch_sub_explicit(&s->n_conns, 1, memory_order_relaxed);
        atomic_fetch_add_explicit(&s->refused, 1, memory_order_relaxed);
        close(fd);
        return;
    }
    atomic_fetch_add_explicit(&s->accepted, 1, memory_order_relaxed);
    conn_open(net, fd, peer, trusted, counted);
}

/*
 * No descriptor is left.  Give up the one in reserve to take and close a connection, so that its client learns at once, then leave
 * the rest in the kernel's queue until the next tick instead of spinning on a listener that stays readable.
 */
static void
shed_for_lack_of_fds(struct net *net, int listen_fd)
{
    struct peer peer;
    int fd;

    if (net->reserve_fd >= 0) {
        close(net->reserve_fd);
        fd = socket_accept(listen_fd, &peer);
        if (fd >= 0)
            close(fd);
        net->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
        atomic_fetch_add_explicit(&net->server->refused, 1, memory_order_relaxed);
    }
    stop_listening(net);
}

static void
on_listener(struct loop_source *source, uint32_t events UNUSED)
{
    struct listener *l = (struct listener *)source;
    struct peer peer;

    for (int i = 0; i < ACCEPTS_A_TURN; i++) {
        int fd = socket_accept(source->fd, &peer);

        if (fd >= 0) {
            take_connection(l->net, fd, &peer);
            continue;
        }
        switch (errno) {
        case EAGAIN:
            return;
        case EMFILE:
        case ENFILE:
            shed_for_lack_of_fds(l->net, source->fd);
            return;
        case ENOBUFS:
        case ENOMEM:
            stop_listening(l->net);
            return;
        default: /* ECONNABORTED, EPERM of a firewall, network errors of the connection itself */
            break;
        }
    }
}

static void
listen_all(struct net *net)
{
    struct server *s = net->server;

    if (net->listening || net->stopping)
        return;
    net->listening = true;
    for (size_t i = 0; i < s->n_listen; i++) {
        net->listeners[i] = (struct listener){ .source = { .fd = s->listen_fds[i], .fn = on_listener }, .net = net };
        if (loop_add(net->loop, &net->listeners[i].source, LOOP_IN, LOOP_SHARED) == ERR_OK)
            continue;
        while (i-- > 0)
            loop_del(net->loop, &net->listeners[i].source);
        net->listening = false; /* memory is short: the next tick tries again */
        return;
    }
}

/* ---- loops --------------------------------------------------------------------------------------------------------- */

static void
check_all(struct net *net)
{
    int64_t now = loop_now_ms(net->loop);

    for (struct conn *c = net->conns, *next; c != NULL; c = next) {
        next = c->next;
        conn_check_deadline(c, now);
    }
}

static void
on_tick(struct loop_timer *t)
{
    struct net *net = (struct net *)((char *)t - offsetof(struct net, tick));
    int64_t now = loop_now_ms(net->loop);

    check_all(net);
    if (!net->stopping) {
        listen_all(net);
        loop_timer_set(net->loop, t, now + MIN(SECOND_MS, net->server->o.head_ms)); /* tests have short deadlines */
    } else if (net->conns == NULL || now >= net->stop_at_ms) {
        loop_stop(net->loop);
    } else {
        loop_timer_set(net->loop, t, now + 20);
    }
}

struct net_call {
    struct loop_call call;
    struct net *net;
    struct tls_ctx *tls;
};

static void
post(struct net *net, void (*fn)(struct loop_call *), struct tls_ctx *tls)
{
    struct net_call *n = calloc(1, sizeof(*n));

    if (n == NULL)
        BUG("out of memory");
    *n = (struct net_call){ .call.fn = fn, .net = net, .tls = tls };
    loop_post(net->loop, &n->call);
}

static void
on_stop(struct loop_call *call)
{
    struct net *net = ((struct net_call *)call)->net;
    int64_t now = clock_mono_ms();

    free(call);
    stop_listening(net);
    net->stopping = true;
    net->stop_at_ms = now + net->server->o.stop_ms;
    loop_timer_set(net->loop, &net->tick, now);
}

static void
on_new_tls(struct loop_call *call)
{
    struct net_call *n = (struct net_call *)call;

    tls_ctx_unref(n->net->tls);
    n->net->tls = n->tls;
    free(n);
}

static void *
run_net(void *arg)
{
    struct net *net = arg;

    loop_timer_set(net->loop, &net->tick, clock_mono_ms());
    loop_run(net->loop);
    return NULL;
}

static struct net *
net_new(struct server *s, unsigned index)
{
    static const char ping_head[2] = { (char)0x89, 0 };
    struct net *net = calloc(1, sizeof(*net));

    if (net == NULL)
        BUG("out of memory");
    net->server = s;
    net->index = index;
    net->loop = loop_new();
    if (net->loop == NULL) {
        free(net);
        return NULL;
    }
    net->tick.fn = on_tick;
    net->scratch = arena_new_heap();
    net->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    net->thump = blob_new(S(":thump\n"));
    net->ping = blob_new((struct str){ ping_head, sizeof(ping_head) });
    return net;
}

/* The loop has ended, and so have the workers: what they posted last is taken in, then everything goes. */
static void
net_free(struct net *net)
{
    if (net == NULL)
        return;
    loop_drain(net->loop);
    while (net->conns != NULL)
        conn_close(net->conns);
    loop_drain(net->loop);
    if (net->reserve_fd >= 0)
        close(net->reserve_fd);
    stop_listening(net);
    loop_free(net->loop);
    tls_ctx_unref(net->tls);
    blob_unref(net->thump);
    blob_unref(net->ping);
    arena_free(net->scratch);
    free(net->slots);
    free(net);
}

/* ---- start --------------------------------------------------------------------------------------------------------- */

static unsigned
cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    return n < 1 ? 1 : (unsigned)n;
}

static void
set_defaults(struct server_options *o)
{
    static const size_t lanes[LANE_COUNT] = {
        [LANE_FAST] = LANE_FAST_MAX, [LANE_SLOW] = LANE_SLOW_MAX, [LANE_WAIT] = LANE_WAIT_MAX
    };

    for (int i = 0; i < LANE_COUNT; i++)
        if (o->lane_max[i] == 0)
            o->lane_max[i] = lanes[i];
    o->head_ms = o->head_ms > 0 ? o->head_ms : DEFAULT_HEAD_MS;
    o->idle_ms = o->idle_ms > 0 ? o->idle_ms : DEFAULT_IDLE_MS;
    o->transfer_ms = o->transfer_ms > 0 ? o->transfer_ms : DEFAULT_TRANSFER_MS;
    o->stop_ms = o->stop_ms > 0 ? o->stop_ms : DEFAULT_STOP_MS;
}

static enum err
listen_configured(struct server *s, struct arena *a, struct str *why)
{
    const struct strs *list = &s->o.conf->listen;

    s->n_listen = socket_activated(s->listen_fds, LISTENERS_MAX);
    s->activated = s->n_listen > 0;
    if (s->activated)
        return ERR_OK;
    if (list->n == 0 || list->n > LISTENERS_MAX) {
        *why = str_fmt(a, "listen needs 1 to %d addresses", LISTENERS_MAX);
        return ERR_BAD_REQUEST;
    }
    for (size_t i = 0; i < list->n; i++) {
        enum err e = socket_listen(list->v[i], &s->listen_fds[s->n_listen]);

        if (e != ERR_OK) {
            *why = e == ERR_BAD_REQUEST
                       ? str_fmt(a, "listen: \"%.*s\" is none of 127.0.0.1:3000, [::1]:3000, *:3000, unix:/path",
                             STR_ARG(list->v[i]))
                       : str_fmt(a, "cannot listen on %.*s: %s", STR_ARG(list->v[i]), strerror(errno));
            return e;
        }
        s->n_listen++;
    }
    return ERR_OK;
}

static enum err
load_tls(struct server *s, struct arena *a, struct tls_ctx **out, struct str *why)
{
    const struct config *c = s->o.conf;

    *out = NULL;
    if (c->tls_cert.n == 0 && c->tls_key.n == 0)
        return ERR_OK;
    if (c->tls_cert.n == 0 || c->tls_key.n == 0) {
        *why = S("tls_cert and tls_key belong together");
        return ERR_INVALID;
    }
    return tls_ctx_new(a, c->tls_cert, c->tls_key, out, why);
}

static void
shares_of(const struct mail *item, uint64_t out[POOL_SHARES])
{
    const struct exchange *x = (const struct exchange *)item;

    _Static_assert((int)REQ_SHARES == (int)POOL_SHARES, "one for each");
    memcpy(out, x->req.wait_shares, sizeof(x->req.wait_shares));
}

/* Most threads serve the fast lane; a quarter serves the slow one, so that nobody's search holds up a timeline. */
static bool
start_lanes(struct server *s)
{
    unsigned all = s->o.conf->workers > 0 ? (unsigned)s->o.conf->workers : 4 * cores();
    unsigned slow = MAX(all / 4, 1), fast = MAX(all - MIN(slow, all - 1), 1);
    const unsigned threads[LANE_COUNT] = { [LANE_FAST] = fast, [LANE_SLOW] = slow, [LANE_WAIT] = WAIT_THREADS };
    static const char *const names[LANE_COUNT] = {
        [LANE_FAST] = "worker", [LANE_SLOW] = "worker-slow", [LANE_WAIT] = "worker-wait"
    };

    for (int i = 0; i < LANE_COUNT; i++) {
        struct pool_options o = { .name = names[i],
            .threads = threads[i],
            .queue_max = s->o.lane_max[i],
            .begin = worker_begin,
            .run = worker_run,
            .end = worker_end,
            .arg = s,
            .shares = i == LANE_WAIT ? shares_of : NULL,
            /* Of one host as many as the client asks it at a time; one address does not have all of a host's. */
            .share_threads = { 4, 3 },
            .share_queue_max = { 128, 64 } };

        s->lanes[i] = pool_new(&o);
        if (s->lanes[i] == NULL)
            return false;
    }
    return true;
}

static bool
start_nets(struct server *s)
{
    pthread_attr_t attr;
    bool fine = true;

    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, LOOP_STACK_BYTES);
    for (unsigned i = 0; i < s->n_nets && fine; i++) {
        fine = pthread_create(&s->nets[i]->thread, &attr, run_net, s->nets[i]) == 0;
        if (fine)
            pthread_setname_np(s->nets[i]->thread, "loop");
        else
            s->nets[i]->thread = 0;
    }
    pthread_attr_destroy(&attr);
    return fine;
}

static enum err
make_nets(struct server *s, struct tls_ctx *tls)
{
    s->n_nets = s->o.conf->loops > 0 ? (unsigned)s->o.conf->loops : 1 + cores() / 4;
    s->nets = calloc(s->n_nets, sizeof(struct net *));
    if (s->nets == NULL)
        BUG("out of memory");
    for (unsigned i = 0; i < s->n_nets; i++) {
        s->nets[i] = net_new(s, i);
        if (s->nets[i] == NULL)
            return ERR_INTERNAL;
        s->nets[i]->tls = tls != NULL ? tls_ctx_ref(tls) : NULL;
    }
    return ERR_OK;
}

enum err
server_start(const struct server_options *o, struct arena *a, struct server **out, struct str *why)
{
    struct server *s = calloc(1, sizeof(*s));
    struct tls_ctx *tls = NULL;
    struct str bad;
    enum err e;

    if (s == NULL)
        BUG("out of memory");
    s->o = *o;
    set_defaults(&s->o);
    signal(SIGPIPE, SIG_IGN); /* sendfile(2) and OpenSSL have no MSG_NOSIGNAL */
    if (!trust_parse(a, &o->conf->trusted_proxies, &s->trust, &bad)) {
        *why = str_fmt(a, "trusted_proxies: \"%.*s\" is neither a network nor unix:", STR_ARG(bad));
        e = ERR_BAD_REQUEST;
        goto fail;
    }
    if ((e = load_tls(s, a, &tls, why)) != ERR_OK || (e = listen_configured(s, a, why)) != ERR_OK)
        goto fail;
    *why = S("no memory or descriptors for the server's threads");
    if ((e = make_nets(s, tls)) != ERR_OK)
        goto fail;
    *out = s; /* before the threads: handlers may look at it */
    if (!start_lanes(s) || !start_nets(s)) {
        e = ERR_INTERNAL;
        goto fail;
    }
    tls_ctx_unref(tls);
    *why = STR_NONE;
    return ERR_OK;
fail:
    *out = NULL;
    tls_ctx_unref(tls);
    server_stop(s);
    return e;
}

struct strs
server_addresses(const struct server *s, struct arena *a)
{
    struct strs out = { .v = arena_vec(a, struct str, s->n_listen), .n = s->n_listen };

    for (size_t i = 0; i < s->n_listen; i++)
        out.v[i] = socket_address(a, s->listen_fds[i]);
    return out;
}

enum err
server_reload(struct server *s, struct arena *a, struct str *why)
{
    struct tls_ctx *tls;

    TRY(load_tls(s, a, &tls, why));
    for (unsigned i = 0; tls != NULL && i < s->n_nets; i++)
        post(s->nets[i], on_new_tls, tls_ctx_ref(tls));
    tls_ctx_unref(tls);
    return ERR_OK;
}

void
server_stop(struct server *s)
{
    if (s == NULL)
        return;
    s->stopping = true;
    for (unsigned i = 0; i < s->n_nets; i++)
        if (s->nets[i] != NULL && s->nets[i]->thread != 0)
            post(s->nets[i], on_stop, NULL);
    for (unsigned i = 0; i < s->n_nets; i++)
        if (s->nets[i] != NULL && s->nets[i]->thread != 0)
            pthread_join(s->nets[i]->thread, NULL);
    for (int i = 0; i < LANE_COUNT; i++)
        pool_free(s->lanes[i]);
    for (unsigned i = 0; i < s->n_nets; i++)
        net_free(s->nets[i]);
    for (size_t i = 0; i < s->n_listen; i++) {
        if (!s->activated)
            socket_unlink(s->listen_fds[i]);
        close(s->listen_fds[i]);
    }
    free(s->nets);
    free(s);
}

unsigned
server_loop_count(const struct server *s)
{
    return s->n_nets;
}

struct loop *
server_loop(const struct server *s, unsigned i)
{
    CHECK(i < s->n_nets);
    return s->nets[i]->loop;
}

void
server_stats(const struct server *s, struct server_stats *out)
{
    *out = (struct server_stats){ .accepted = s->accepted,
        .refused = s->refused,
        .requests = s->requests,
        .streams_cut = s->cut,
        .connections = s->n_conns,
        .streams = s->n_streams };
    for (int i = 0; i < LANE_COUNT; i++)
        out->lane_depth[i] = pool_depth(s->lanes[i]);
}
