/*
 * A small program around the HTTP server core, for tests that look at it from outside and for measurements: the differential test
 * against another parser, slow clients, thousands of idle connections, streams.
 *
 * http_server [--key value]…   keys as in dassie.conf, and head_ms, idle_ms, transfer_ms, gzip
 * Prints "listening ADDRESS" for each address; ends with SIGTERM, reloads certificates with SIGHUP.
 */
#include "base/arena.h"
#include "base/blob.h"
#include "base/conf.h"
#include "base/ctx.h"
#include "base/json.h"
#include "http/route.h"
#include "http/server.h"
#include "http/stream.h"
#include "os/file.h"
#include "os/signals.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- answers ------------------------------------------------------------------------------------------------------- */

static void
set_body(struct ctx *c, struct req *r, int status, struct str type, struct str body)
{
    r->res.status = status;
    r->res.content_type = type;
    buf_init(&r->res.body, c->mem, MAX(body.n, 1));
    buf_put(&r->res.body, body);
}

static struct str
body_of(struct ctx *c, struct req *r)
{
    char *p;

    if (r->body_fd < 0)
        return r->body;
    p = arena_alloc(c->mem, (size_t)r->body_n, 1);
    CHECK(file_pread(r->body_fd, p, (size_t)r->body_n, 0) == r->body_n);
    return (struct str){ p, (size_t)r->body_n };
}

static struct str
hex(struct ctx *c, struct str s)
{
    struct buf b;

    buf_init(&b, c->mem, s.n * 2 + 1);
    buf_put_hex(&b, s);
    return buf_str(&b);
}

static enum err
get_echo(struct ctx *c, struct req *r)
{
    struct json j;

    r->res.status = 200;
    r->res.content_type = S("application/json");
    buf_init(&r->res.body, c->mem, MB(64));
    json_init(&j, &r->res.body);
    json_obj(&j, NULL);
    json_str(&j, "method", r->method_text);
    json_str(&j, "target", r->target);
    json_str(&j, "ip", r->client_ip);
    json_bool(&j, "https", r->https);
    json_str(&j, "id", c->request_id);
    json_arr(&j, "headers");
    for (size_t i = 0; i < r->n_headers; i++) {
        json_arr(&j, NULL);
        json_str(&j, NULL, hex(c, r->headers[i].name));
        json_str(&j, NULL, hex(c, r->headers[i].value));
        json_end(&j);
    }
    json_end(&j);
    json_bool(&j, "spooled", r->body_fd >= 0);
    json_str(&j, "body", hex(c, body_of(c, r)));
    json_end(&j);
    return ERR_OK;
}

static char small[200], large[49152];

static enum err
get_small(struct ctx *c, struct req *r)
{
    set_body(c, r, 200, S("text/plain"), (struct str){ small, sizeof(small) });
    return ERR_OK;
}

static enum err
get_large(struct ctx *c, struct req *r)
{
    set_body(c, r, 200, S("text/plain"), (struct str){ large, sizeof(large) });
    return ERR_OK;
}

static enum err
get_nothing(struct ctx *c UNUSED, struct req *r)
{
    r->res.status = 204;
    return ERR_OK;
}

/* Holds its worker until the program ends or `POST /release` comes. */
static pthread_mutex_t gate_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_wake = PTHREAD_COND_INITIALIZER;
static unsigned long gate_count;

static enum err
get_wait(struct ctx *c, struct req *r)
{
    unsigned long seen;

    pthread_mutex_lock(&gate_lock);
    seen = gate_count;
    while (seen == gate_count)
        pthread_cond_wait(&gate_wake, &gate_lock);
    pthread_mutex_unlock(&gate_lock);
    return get_small(c, r);
}

static enum err
post_release(struct ctx *c, struct req *r)
{
    pthread_mutex_lock(&gate_lock);
    gate_count++;
    pthread_cond_broadcast(&gate_wake);
    pthread_mutex_unlock(&gate_lock);
    return get_nothing(c, r);
}

/* A file of as many bytes as the path says. */
static enum err
get_file(struct ctx *c UNUSED, struct req *r)
{
    int64_t n;

    if (!str_int(r->params[0].value, &n) || n < 0)
        return ERR_NOT_FOUND;
    r->res.fd = file_temp(NULL);
    CHECK(r->res.fd >= 0 && ftruncate(r->res.fd, n) == 0);
    r->res.status = 200;
    r->res.kind = RES_FILE;
    r->res.content_type = S("application/octet-stream");
    r->res.file_n = n;
    return ERR_OK;
}

/* ---- streams: each loop has a list, POST /publish goes to all ------------------------------------------------------------------ */

enum { LOOPS_MAX = 16 };

struct client {
    struct client *prev, *next;
    struct stream *s;
};

static struct client clients[LOOPS_MAX]; /* heads of lists, each touched by its loop only */
static struct server *server;
static _Atomic int n_open;

static void
on_open(struct stream *s, void *arg)
{
    struct client *cl = arg, *head = &clients[stream_loop_index(s)];

    cl->s = s;
    cl->prev = head;
    cl->next = head->next;
    if (cl->next != NULL)
        cl->next->prev = cl;
    head->next = cl;
    n_open++;
}

static void
on_close(struct stream *s UNUSED, void *arg)
{
    struct client *cl = arg;

    if (cl->s != NULL) {
        cl->prev->next = cl->next;
        if (cl->next != NULL)
            cl->next->prev = cl->prev;
        n_open--;
    }
    free(cl);
}

static void
on_message(struct stream *s, void *arg UNUSED, struct str text)
{
    struct blob *b;

    if (str_eq(text, S("close"))) {
        stream_close(s, 1000);
        return;
    }
    b = stream_ws_text(text);
    stream_send(s, b);
    blob_unref(b);
}

static const struct stream_handler handler = { .open = on_open, .message = on_message, .close = on_close };

static enum err
get_stream(struct ctx *c, struct req *r)
{
    return res_stream(c, r, STREAM_SSE, STR_NONE, &handler, calloc(1, sizeof(struct client)));
}

static enum err
get_websocket(struct ctx *c, struct req *r)
{
    return res_stream(c, r, STREAM_WEBSOCKET, STR_NONE, &handler, calloc(1, sizeof(struct client)));
}

struct publish {
    struct loop_call call;
    unsigned loop;
    struct blob *sse, *ws;
};

static void
on_publish(struct loop_call *call)
{
    struct publish *p = (struct publish *)call;

    for (struct client *cl = clients[p->loop].next; cl != NULL; cl = cl->next)
        stream_send(cl->s, stream_kind(cl->s) == STREAM_SSE ? p->sse : p->ws);
    blob_unref(p->sse);
    blob_unref(p->ws);
    free(p);
}

static enum err
post_publish(struct ctx *c, struct req *r)
{
    struct blob *sse = stream_sse_event(S("update"), body_of(c, r)), *ws = stream_ws_text(body_of(c, r));

    for (unsigned i = 0; i < server_loop_count(server); i++) {
        struct publish *p = calloc(1, sizeof(*p));

        *p = (struct publish){ .call.fn = on_publish, .loop = i, .sse = blob_ref(sse), .ws = blob_ref(ws) };
        loop_post(server_loop(server, i), &p->call);
    }
    blob_unref(sse);
    blob_unref(ws);
    return get_nothing(c, r);
}

static enum err
get_stats(struct ctx *c, struct req *r)
{
    struct server_stats s;
    struct json j;

    server_stats(server, &s);
    r->res.status = 200;
    r->res.content_type = S("application/json");
    buf_init(&r->res.body, c->mem, 4096);
    json_init(&j, &r->res.body);
    json_obj(&j, NULL);
    json_int(&j, "connections", (int64_t)s.connections);
    json_int(&j, "streams", (int64_t)s.streams);
    json_int(&j, "accepted", (int64_t)s.accepted);
    json_int(&j, "refused", (int64_t)s.refused);
    json_int(&j, "cut", (int64_t)s.streams_cut);
    json_int(&j, "requests", (int64_t)s.requests);
    json_int(&j, "waiting", (int64_t)(s.lane_depth[LANE_FAST] + s.lane_depth[LANE_SLOW]));
    json_end(&j);
    return ERR_OK;
}

/* ---- wiring -------------------------------------------------------------------------------------------------------- */

#define ANY(m)                                                                                                         \
    {                                                                                                                  \
        .method = (m), .pattern = "/echo", .fn = get_echo, .body_max = 1 << 20                                         \
    }

static struct route routes[] = {
    ANY(HTTP_GET),
    ANY(HTTP_POST),
    ANY(HTTP_PUT),
    ANY(HTTP_PATCH),
    ANY(HTTP_DELETE),
    ANY(HTTP_OPTIONS),
    { .method = HTTP_GET, .pattern = "/small", .fn = get_small },
    { .method = HTTP_GET, .pattern = "/large", .fn = get_large },
    { .method = HTTP_GET, .pattern = "/nothing", .fn = get_nothing },
    { .method = HTTP_GET, .pattern = "/wait", .fn = get_wait, .lane = LANE_SLOW },
    { .method = HTTP_POST, .pattern = "/release", .fn = post_release },
    { .method = HTTP_GET, .pattern = "/file/:size", .fn = get_file },
    { .method = HTTP_GET, .pattern = "/stream", .fn = get_stream },
    { .method = HTTP_GET, .pattern = "/ws", .fn = get_websocket },
    { .method = HTTP_POST, .pattern = "/publish", .fn = post_publish, .body_max = 1 << 20 },
    { .method = HTTP_GET, .pattern = "/stats", .fn = get_stats },
};

static const struct route_group group = { .name = "test" };

static void
dispatch(struct ctx *c, struct req *r)
{
    enum err e = r->route != NULL ? r->route->fn(c, r) : r->route_err;

    if (e != ERR_OK)
        set_body(c, r, err_status(e), S("text/plain"), str_z(err_text(e)));
}

static bool
take_flag(struct server_options *o, struct str key, struct str value)
{
    int64_t n;

    if (!str_int(value, &n))
        return false;
    if (str_eq(key, S("--head_ms")))
        o->head_ms = n;
    else if (str_eq(key, S("--idle_ms")))
        o->idle_ms = n;
    else if (str_eq(key, S("--transfer_ms")))
        o->transfer_ms = n;
    else if (str_eq(key, S("--gzip")))
        o->gzip = n != 0;
    else if (str_eq(key, S("--slow_max")))
        o->lane_max[LANE_SLOW] = (size_t)n;
    else
        return false;
    return true;
}

int
main(int argc, char **argv)
{
    struct arena *a = arena_new_heap();
    struct server_options o = { .dispatch = dispatch };
    struct strs flags = { .v = arena_vec(a, struct str, (size_t)argc) }, addresses;
    struct config conf;
    struct conf_error bad;
    struct router *router = router_new();
    static char *no_env[] = { NULL };
    struct str why;
    int signals, got = 0;

    memset(small, 'x', sizeof(small));
    memset(large, 'y', sizeof(large));
    for (int i = 1; i + 1 < argc; i += 2)
        if (!take_flag(&o, str_z(argv[i]), str_z(argv[i + 1]))) {
            flags.v[flags.n++] = str_z(argv[i]);
            flags.v[flags.n++] = str_z(argv[i + 1]);
        }
    if (conf_load(a, S(""), no_env, &flags, &conf, &bad) != ERR_OK) {
        fprintf(stderr, "%.*s: %.*s\n", STR_ARG(bad.key), STR_ARG(bad.text));
        return 1;
    }
    CHECK(signals_block(&signals) == ERR_OK);
    router_add(router, &group, routes, lengthof(routes));
    o.conf = &conf;
    o.router = router;
    if (server_start(&o, a, &server, &why) != ERR_OK) {
        fprintf(stderr, "%.*s\n", STR_ARG(why));
        return 1;
    }
    addresses = server_addresses(server, a);
    for (size_t i = 0; i < addresses.n; i++)
        printf("listening %.*s\n", STR_ARG(addresses.v[i]));
    fflush(stdout);
    while (got != SIGTERM && got != SIGINT) {
        got = signals_wait(signals, -1);
        if (got == SIGHUP && server_reload(server, a, &why) != ERR_OK)
            fprintf(stderr, "%.*s\n", STR_ARG(why));
    }
    post_release(&(struct ctx){ .mem = a }, &(struct req){ 0 });
    server_stop(server);
    router_free(router);
    arena_free(a);
    return 0;
}
