/* The whole server over real sockets.  Names say which item of the project's list of bad HTTP input a test covers (a01 …). */
#include "http/server.h"

#include "base/blob.h"
#include "base/clock.h"
#include "base/conf.h"
#include "http/stream.h"
#include "os/file.h"
#include "os/socket.h"
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 90000 };

/* ---- routes -------------------------------------------------------------------------------------------------------- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static bool gate_open;
static unsigned waiting, opened, closed;
static struct stream_ref last_ref;

static void
signal_change(unsigned *what)
{
    pthread_mutex_lock(&lock);
    (*what)++;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
}

static void
wait_until(const unsigned *what, unsigned n)
{
    pthread_mutex_lock(&lock);
    while (*what < n)
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
}

static void
set_gate(bool open)
{
    pthread_mutex_lock(&lock);
    gate_open = open;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);
}

static void
text(struct ctx *c, struct req *r, int status, struct str s)
{
    r->res.status = status;
    r->res.content_type = S("text/plain");
    buf_init(&r->res.body, c->mem, MAX(s.n, 1));
    buf_put(&r->res.body, s);
}

/* "METHOD path?query ip scheme id bytes:body" */
static enum err
get_echo(struct ctx *c, struct req *r)
{
    struct str body = r->body;

    if (r->body_fd >= 0) {
        char *p = arena_alloc(c->mem, (size_t)r->body_n, 1);

        CHECK(file_pread(r->body_fd, p, (size_t)r->body_n, 0) == r->body_n);
        body = str_fmt(c->mem, "file %.10s", p);
    }
    text(c, r, 200,
        str_fmt(c->mem, "%.*s %.*s?%.*s %.*s %s %lld:%.*s", STR_ARG(r->method_text), STR_ARG(r->path),
            STR_ARG(r->query), STR_ARG(r->client_ip), r->https ? "https" : "http", (long long)r->body_n,
            STR_ARG(body)));
    return ERR_OK;
}

static enum err
get_id(struct ctx *c, struct req *r)
{
    text(c, r, 200, c->request_id);
    return ERR_OK;
}

static enum err
get_wait(struct ctx *c, struct req *r)
{
    pthread_mutex_lock(&lock);
    waiting++;
    pthread_cond_broadcast(&wake);
    while (!gate_open)
        pthread_cond_wait(&wake, &lock);
    pthread_mutex_unlock(&lock);
    text(c, r, 200, S("waited"));
    return ERR_OK;
}

/* Waits for a server that the query names. */
static enum err
get_stranger(struct ctx *c, struct req *r)
{
    if (r->wait == WAIT_NOT) {
        req_wait(r, r->query, str_starts(r->query, S("one")) ? S("one") : r->query);
        return ERR_OK;
    }
    if (r->wait == WAIT_RUNS)
        return get_wait(c, r);
    text(c, r, 503, S("refused"));
    return ERR_OK;
}

static enum err
get_nothing(struct ctx *c UNUSED, struct req *r)
{
    r->res.status = 204;
    return ERR_OK;
}

static enum err
get_big(struct ctx *c, struct req *r)
{
    static char bytes[4 << 20];

    memset(bytes, 'z', sizeof(bytes));
    text(c, r, 200, (struct str){ bytes, sizeof(bytes) });
    return ERR_OK;
}

static enum err
get_file(struct ctx *c UNUSED, struct req *r)
{
    r->res.fd = file_temp(NULL);
    assert_int_equal(file_write_all(r->res.fd, S("0123456789")), ERR_OK);
    assert_int_equal(ftruncate(r->res.fd, 3 << 20), 0);
    r->res.kind = RES_FILE;
    r->res.status = 206;
    r->res.file_off = 5;
    r->res.file_n = (3 << 20) - 5;
    return ERR_OK;
}

static enum err
get_evil(struct ctx *c, struct req *r)
{
    text(c, r, 200, S("x"));
    r->res.headers[r->res.n_headers++] = (struct http_header){ S("X-Evil"), S("a\r\nSet-Cookie: b") };
    r->res.headers[r->res.n_headers++] = (struct http_header){ S("X-Good"), S("fine") };
    return ERR_OK;
}

static enum err
get_unanswered(struct ctx *c UNUSED, struct req *r UNUSED)
{
    return ERR_OK;
}

static void
on_open(struct stream *s, void *arg UNUSED)
{
    pthread_mutex_lock(&lock);
    last_ref = stream_ref(s);
    pthread_mutex_unlock(&lock);
    signal_change(&opened);
}

static void
on_message(struct stream *s, void *arg UNUSED, struct str m)
{
    struct blob *b = stream_ws_text(m);

    stream_send(s, b);
    blob_unref(b);
}

static void
on_close(struct stream *s UNUSED, void *arg UNUSED)
{
    signal_change(&closed);
}

static const struct stream_handler handler = { on_open, on_message, on_close };

static enum err
get_stream(struct ctx *c, struct req *r)
{
    return res_stream(c, r, STREAM_SSE, STR_NONE, &handler, NULL);
}

static enum err
get_ws(struct ctx *c, struct req *r)
{
    return res_stream(c, r, STREAM_WEBSOCKET, STR_NONE, &handler, NULL);
}

static struct route routes[] = {
    { .method = HTTP_GET, .pattern = "/echo", .fn = get_echo },
    { .method = HTTP_POST, .pattern = "/echo", .fn = get_echo, .body_max = 200000 },
    { .method = HTTP_GET, .pattern = "/id", .fn = get_id },
    { .method = HTTP_GET, .pattern = "/wait", .fn = get_wait, .lane = LANE_SLOW },
    { .method = HTTP_GET, .pattern = "/stranger", .fn = get_stranger },
    { .method = HTTP_GET, .pattern = "/nothing", .fn = get_nothing },
    { .method = HTTP_GET, .pattern = "/big", .fn = get_big },
    { .method = HTTP_GET, .pattern = "/file", .fn = get_file },
    { .method = HTTP_GET, .pattern = "/evil", .fn = get_evil },
    { .method = HTTP_GET, .pattern = "/unanswered", .fn = get_unanswered },
    { .method = HTTP_GET, .pattern = "/stream", .fn = get_stream },
    { .method = HTTP_GET, .pattern = "/ws", .fn = get_ws },
};

static void
dispatch(struct ctx *c, struct req *r)
{
    enum err e = r->route != NULL ? r->route->fn(c, r) : r->route_err;

    if (e != ERR_OK)
        text(c, r, err_status(e), str_z(err_text(e)));
}

/* ---- harness ------------------------------------------------------------------------------------------------------- */

static struct server *server;
static struct router *router;
static struct str address;
static struct config conf;

static void
start_with(struct server_options o, struct str listen, struct str trusted, int64_t per_ip)
{
    static const struct route_group group = { .name = "test" };
    struct strs one = { arena_new(unit_mem(), struct str), 1 },
                trust = { arena_new(unit_mem(), struct str), trusted.n > 0 };
    struct str why;

    *one.v = listen;
    *trust.v = trusted;
    conf = (struct config){ .listen = one,
        .trusted_proxies = trust,
        .connections_max = 1000,
        .connections_per_ip = per_ip,
        .workers = 4,
        .loops = 2 };
    waiting = opened = closed = 0;
    gate_open = false;
    router = router_new();
    router_add(router, &group, routes, lengthof(routes));
    o.conf = &conf;
    o.router = router;
    o.dispatch = dispatch;
    assert_int_equal(server_start(&o, unit_mem(), &server, &why), ERR_OK);
    address = server_addresses(server, unit_mem()).v[0];
}

static void
start(void)
{
    start_with((struct server_options){ 0 }, S("127.0.0.1:0"), STR_NONE, 500);
}

static void
stop(void)
{
    server_stop(server);
    router_free(router);
}

static int
dial(void)
{
    int fd = socket_connect(address);

    assert_true(fd >= 0);
    return fd;
}

static void
say(int fd, struct str s)
{
    while (s.n > 0) {
        ssize_t k = send(fd, s.p, s.n, MSG_NOSIGNAL);

        if (k < 0)
            return; /* the server may have hung up already: the test looks at what it said */
        s = str_sub(s, (size_t)k, s.n);
    }
}

/* Read until `until` is seen (empty: until the end of the stream). */
static struct str
hear(int fd, struct str until)
{
    struct buf b;
    char bytes[65536];

    buf_init(&b, unit_mem(), 32 << 20);
    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        ssize_t k;

        if (until.n > 0 && str_find(buf_str(&b), until) >= 0)
            break;
        if (poll(&p, 1, PATIENCE_MS) != 1) {
            print_error("nothing came after: %.*s\n", STR_ARG(buf_str(&b)));
            fail();
        }
        k = read(fd, bytes, sizeof(bytes));
        if (k <= 0)
            break;
        buf_put(&b, (struct str){ bytes, (size_t)k });
    }
    return buf_str(&b);
}

static struct str
ask(struct str request)
{
    int fd = dial();
    struct str s;

    say(fd, request);
    s = hear(fd, STR_NONE);
    close(fd);
    return s;
}

#define GET(path) S("GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")

static void
assert_has(struct str s, const char *needle)
{
    if (str_find(s, str_z(needle)) < 0) {
        print_error("no \"%s\" in: %.*s\n", needle, (int)MIN(s.n, 2000), s.p);
        fail();
    }
}

static void
assert_hasnt(struct str s, const char *needle)
{
    if (str_find(s, str_z(needle)) >= 0) {
        print_error("\"%s\" in: %.*s\n", needle, (int)MIN(s.n, 2000), s.p);
        fail();
    }
}

static size_t
count(struct str s, struct str needle)
{
    size_t n = 0;
    ptrdiff_t at;

    while ((at = str_find(s, needle)) >= 0) {
        n++;
        s = str_sub(s, (size_t)at + needle.n, s.n);
    }
    return n;
}

/* ---- tests --------------------------------------------------------------------------------------------------------- */

UNIT(server_answers_and_keeps_alive)
{
    struct str s;
    int fd;

    start();
    fd = dial();
    for (int i = 0; i < 3; i++) {
        say(fd, S("GET /echo?a=b HTTP/1.1\r\nHost: h\r\n\r\n"));
        s = hear(fd, S("0:"));
        assert_true(str_starts(s, S("HTTP/1.1 200 OK\r\nDate: ")));
        assert_has(s, "\r\nContent-Type: text/plain\r\nContent-Length: 31\r\n\r\nGET /echo?a=b 127.0.0.1 http 0:");
        assert_hasnt(s, "Connection");
    }
    close(fd);
    assert_has(ask(GET("/none")), "HTTP/1.1 404 Not Found\r\n");
    assert_has(ask(S("DELETE /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")), "HTTP/1.1 405 ");
    assert_has(ask(GET("/unanswered")), "HTTP/1.1 500 ");
    stop();
}

UNIT(server_http_1_0_closes_unless_asked)
{
    struct str s;

    start();
    s = ask(S("GET /echo HTTP/1.0\r\n\r\n"));
    assert_has(s, "Connection: close\r\n");
    {
        int fd = dial();

        say(fd, S("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
        assert_has(hear(fd, S("0:")), "Connection: keep-alive\r\n");
        say(fd, S("GET /echo HTTP/1.0\r\n\r\n"));
        assert_has(hear(fd, STR_NONE), "Connection: close\r\n");
        close(fd);
    }
    stop();
}

UNIT(a22_head_204_have_no_body)
{
    struct str s;

    start();
    s = ask(S("HEAD /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    assert_has(s, "Content-Length: 29\r\n");
    assert_true(str_ends(s, S("\r\n\r\n")));
    s = ask(GET("/nothing"));
    assert_has(s, "HTTP/1.1 204 No Content\r\n");
    assert_hasnt(s, "Content-Length");
    assert_true(str_ends(s, S("\r\n\r\n")));
    stop();
}

UNIT(a22_a_field_with_line_ends_is_never_sent)
{
    struct str s;

    start();
    s = ask(GET("/evil"));
    assert_hasnt(s, "Evil");
    assert_hasnt(s, "Set-Cookie");
    assert_has(s, "X-Good: fine\r\n");
    stop();
}

UNIT(server_bodies_of_every_kind)
{
    char big[150000];
    struct str s;

    start();
    assert_has(
        ask(S("POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")), " 5:hello");
    assert_has(ask(S("POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3\r\nhel\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n")),
        " 5:hello");
    memset(big, 'b', sizeof(big));
    s = str_fmt(
        unit_mem(), "POST /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: %zu\r\n\r\n", sizeof(big));
    s = str_cat(unit_mem(), s, (struct str){ big, sizeof(big) }, STR_NONE);
    assert_has(ask(s), " 150000:file bbbbbbbbbb");
    /* A route without a body swallows a little. */
    assert_has(ask(S("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")), " 2:{}");
    stop();
}

UNIT(server_refuses_bodies_above_the_limit)
{
    struct str s;

    start();
    s = ask(S("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 200001\r\n\r\n"));
    assert_has(s, "HTTP/1.1 413 ");
    assert_has(s, "Connection: close\r\n");
    {
        char big[250000];

        memset(big, 'b', sizeof(big));
        s = str_cat(unit_mem(), S("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3d090\r\n"),
            (struct str){ big, sizeof(big) }, STR_NONE);
        assert_has(ask(s), "HTTP/1.1 413 ");
    }
    assert_has(ask(S("GET /none HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n")), "HTTP/1.1 413 ");
    stop();
}

UNIT(a05_a06_framing_in_doubt_closes)
{
    static const char *const bad[] = {
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhelloGET /echo "
        "HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /echo "
        "HTTP/1.1\r\nHost: h\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\nGET /echo HTTP/1.1\r\nHost: "
        "h\r\n\r\n",
    };

    start();
    for (size_t i = 0; i < lengthof(bad); i++) {
        struct str s = ask(str_z(bad[i]));

        assert_true(str_starts(s, S("HTTP/1.1 400 Bad Request\r\n")));
        assert_int_equal(count(s, S("HTTP/1.1 ")), 1);
    }
    stop();
}

UNIT(a10_pipelined_requests_come_back_in_order_up_to_a_cap)
{
    struct buf b;
    struct str s;

    start();
    buf_init(&b, unit_mem(), 1 << 20);
    for (int i = 0; i < 1000; i++)
        buf_putf(&b, "GET /echo?n=%d HTTP/1.1\r\nHost: h\r\n\r\n", i);
    s = ask(buf_str(&b));
    for (int i = 0; i < 100; i++) {
        struct str want = str_fmt(unit_mem(), "GET /echo?n=%d 127", i);
        ptrdiff_t at = str_find(s, want);

        assert_true(at > 0);
        s = str_sub(s, (size_t)at, s.n);
    }
    assert_hasnt(s, "n=100 ");
    stop();
}

UNIT(a_refused_upload_can_still_read_why)
{
    static char block[64 * 1024]; /* 32 MiB in all: more than the kernel's buffers of both sides */
    int fd;

    start();
    fd = dial();
    say(fd, S("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 33554432\r\n\r\n"));
    for (int i = 0; i < 512; i++) /* many clients look at no answer when sending fails */
        assert_int_equal(send(fd, block, sizeof(block), MSG_NOSIGNAL), sizeof(block));
    assert_has(hear(fd, STR_NONE), "HTTP/1.1 413 ");
    close(fd);
    stop();
}

UNIT(a10_half_a_request_then_fin)
{
    int fd;

    start();
    fd = dial();
    say(fd, S("GET /echo HTTP/1.1\r\nHos"));
    shutdown(fd, SHUT_WR);
    assert_int_equal(hear(fd, STR_NONE).n, 0);
    close(fd);
    fd = dial(); /* a whole request and a FIN: the answer still comes */
    say(fd, S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
    shutdown(fd, SHUT_WR);
    assert_has(hear(fd, STR_NONE), "200 OK");
    close(fd);
    stop();
}

UNIT(a11_expect_100_continue)
{
    int fd;
    struct str s;

    start();
    fd = dial();
    say(fd, S("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    assert_str(hear(fd, S("\r\n\r\n")), "HTTP/1.1 100 Continue\r\n\r\n");
    say(fd, S("hello"));
    assert_has(hear(fd, S("5:hello")), "200 OK");
    /* The body is there already, or too large: no 100. */
    say(fd, S("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"));
    assert_hasnt(hear(fd, S("5:hello")), "Continue");
    say(fd, S("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 500000\r\n\r\n"));
    s = hear(fd, STR_NONE);
    assert_true(str_starts(s, S("HTTP/1.1 413 ")));
    close(fd);
    assert_has(ask(S("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: x\r\nContent-Length: 5\r\n\r\n")), "HTTP/1.1 417 ");
    stop();
}

UNIT(a08_a20_deadlines)
{
    struct server_options o = { .head_ms = 60, .idle_ms = 120, .transfer_ms = 80 };
    int64_t begin;
    int fd;

    start_with(o, S("127.0.0.1:0"), STR_NONE, 500);
    fd = dial(); /* half a head */
    begin = clock_mono_ms();
    say(fd, S("GET /echo HTTP/1.1\r\nHo"));
    assert_true(str_starts(hear(fd, STR_NONE), S("HTTP/1.1 408 ")));
    assert_true(clock_mono_ms() - begin >= 60);
    close(fd);
    fd = dial(); /* half a body */
    say(fd, S("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe"));
    assert_true(str_starts(hear(fd, STR_NONE), S("HTTP/1.1 408 ")));
    close(fd);
    fd = dial(); /* nothing at all */
    assert_int_equal(hear(fd, STR_NONE).n, 0);
    close(fd);
    fd = dial(); /* a byte at a time does not move the deadline */
    begin = clock_mono_ms();
    for (struct pollfd p = { .fd = fd, .events = POLLIN }; poll(&p, 1, 10) == 0;) {
        say(fd, S("G"));
        assert_true(clock_mono_ms() - begin < PATIENCE_MS);
    }
    hear(fd, STR_NONE);
    close(fd);
    stop();
}

UNIT(a20_slow_reader_is_cut)
{
    struct server_options o = { .head_ms = 50, .transfer_ms = 100 };
    int fd, small = 4096;
    struct server_stats s;
    int64_t end = clock_mono_ms() + PATIENCE_MS;

    start_with(o, S("127.0.0.1:0"), STR_NONE, 500);
    fd = dial();
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    say(fd, GET("/big"));
    do { /* never reads */
        struct pollfd p = { .fd = -1 };

        poll(&p, 1, 5);
        server_stats(server, &s);
        assert_true(clock_mono_ms() < end);
    } while (s.connections > 0 || s.accepted == 0);
    assert_true(hear(fd, STR_NONE).n < 4 << 20);
    close(fd);
    stop();
}

UNIT(server_sends_what_the_socket_does_not_take_at_once)
{
    struct str s;

    start();
    s = ask(GET("/big"));
    assert_has(str_sub(s, 0, 500), "Content-Length: 4194304\r\n");
    assert_true(s.n > 4194304 && s.n < 4194304 + 500);
    s = ask(GET("/file"));
    assert_has(str_sub(s, 0, 500), "206 Partial Content");
    assert_has(str_sub(s, 0, 500), "\r\n\r\n56789");
    assert_true(s.n > (3 << 20) && s.n < (3 << 20) + 500);
    stop();
}

UNIT(server_full_lane_answers_503_and_the_other_lane_goes_on)
{
    struct server_options o = { .lane_max = { [LANE_SLOW] = 2 } };
    int fds[4];
    struct str s;

    start_with(o, S("127.0.0.1:0"), STR_NONE, 500);
    fds[0] = dial();
    say(fds[0], GET("/wait"));
    wait_until(&waiting, 1); /* the one slow worker is busy */
    for (int i = 1; i < 3; i++) {
        struct server_stats st;

        fds[i] = dial();
        say(fds[i], GET("/wait"));
        do
            server_stats(server, &st);
        while (st.lane_depth[LANE_SLOW] < (size_t)i);
    }
    s = ask(GET("/wait"));
    assert_has(s, "HTTP/1.1 503 ");
    assert_has(s, "Retry-After: ");
    assert_has(ask(GET("/echo")), "200 OK");
    set_gate(true);
    for (int i = 0; i < 3; i++) {
        assert_has(hear(fds[i], STR_NONE), "waited");
        close(fds[i]);
    }
    stop();
}

enum { STRANGERS = 20, RUNNING_OF_ONE = 3, IN_LINE_OF_ONE = 64 };

static int
ask_stranger(const char *name, int i)
{
    int fd = dial();

    say(fd, str_fmt(unit_mem(), "GET /stranger?%s%d HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", name, i));
    return fd;
}

UNIT(server_waits_for_many_strangers_and_goes_on)
{
    int fds[STRANGERS + RUNNING_OF_ONE + IN_LINE_OF_ONE], one_more;
    struct server_stats st;
    int n = 0;

    start(); /* with three fast workers */
    for (int i = 0; i < STRANGERS; i++)
        fds[n++] = ask_stranger("s", i);
    wait_until(&waiting, STRANGERS);
    for (int i = 0; i < RUNNING_OF_ONE; i++)
        fds[n++] = ask_stranger("one", i);
    wait_until(&waiting, STRANGERS + RUNNING_OF_ONE);
    for (int i = 0; i < IN_LINE_OF_ONE; i++)
        fds[n++] = ask_stranger("one", i);
    do
        server_stats(server, &st);
    while (st.lane_depth[LANE_WAIT] < IN_LINE_OF_ONE);
    one_more = ask_stranger("one", n); /* its line is full */
    assert_has(hear(one_more, STR_NONE), "refused");
    close(one_more);
    assert_has(ask(GET("/echo")), "200 OK");
    assert_int_equal(waiting, STRANGERS + RUNNING_OF_ONE);
    set_gate(true);
    for (int i = 0; i < n; i++) {
        assert_has(hear(fds[i], STR_NONE), "waited");
        close(fds[i]);
    }
    stop();
}

UNIT(a20_connections_of_one_address_are_limited)
{
    int fds[3];

    start_with((struct server_options){ 0 }, S("127.0.0.1:0"), STR_NONE, 3);
    for (int i = 0; i < 3; i++) {
        fds[i] = dial();
        say(fds[i], S("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"));
        hear(fds[i], S("0:"));
    }
    assert_int_equal(ask(GET("/echo")).n, 0);
    close(fds[0]);
    {
        struct server_stats s;

        do
            server_stats(server, &s);
        while (s.connections > 2);
    }
    assert_has(ask(GET("/echo")), "200 OK");
    close(fds[1]);
    close(fds[2]);
    stop();
    /* A trusted proxy carries everybody, so it has no limit. */
    start_with((struct server_options){ 0 }, S("127.0.0.1:0"), S("127.0.0.0/8"), 1);
    fds[0] = dial();
    assert_has(ask(GET("/echo")), "200 OK");
    close(fds[0]);
    stop();
}

UNIT(server_believes_only_trusted_proxies)
{
    struct str
        r = S(
            "GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.2\r\n"
            "X-Forwarded-Proto: https\r\n\r\n"),
        id = S("GET /id HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Request-Id: abc-1.x\r\n\r\n"),
        bad = S("GET /id HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Request-Id: a b\r\n\r\n");

    start();
    assert_has(ask(r), " 127.0.0.1 http ");
    assert_hasnt(ask(id), "abc-1.x");
    stop();
    start_with((struct server_options){ 0 }, S("127.0.0.1:0"), S("127.0.0.0/8"), 500);
    assert_has(ask(r), " 203.0.113.9 https ");
    assert_has(ask(GET("/echo")), " 127.0.0.1 http ");
    assert_true(str_ends(ask(id), S("\r\n\r\nabc-1.x")));
    assert_hasnt(ask(bad), "a b");
    stop();
}

UNIT(server_on_a_unix_socket)
{
    char dir[] = "/tmp/dassie-unit-XXXXXX";
    struct str path;

    assert_non_null(mkdtemp(dir));
    path = str_fmt(unit_mem(), "unix:%s/s", dir);
    start_with((struct server_options){ 0 }, path, S("unix:"), 500);
    assert_has(ask(GET("/echo")), " unix http ");
    assert_has(ask(S("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Forwarded-For: 2001:db8::7\r\n\r\n")),
        " 2001:db8::7 http ");
    stop();
    assert_int_equal(rmdir(dir), 0); /* the socket's name is gone */
}

/* The stop has begun when an idle connection is closed: only then may the request that runs come to its end. */
static void *
open_gate_when_idle_is_closed(void *arg)
{
    struct pollfd p = { .fd = *(int *)arg, .events = POLLIN };

    poll(&p, 1, PATIENCE_MS);
    set_gate(true);
    return NULL;
}

UNIT(server_stop_finishes_what_runs)
{
    int idle, busy;
    pthread_t opener;

    start();
    idle = dial();
    busy = dial();
    say(busy, GET("/wait"));
    wait_until(&waiting, 1);
    assert_int_equal(pthread_create(&opener, NULL, open_gate_when_idle_is_closed, &idle), 0);
    stop();
    pthread_join(opener, NULL);
    assert_has(hear(busy, STR_NONE), "waited");
    close(idle);
    close(busy);
}

UNIT(a21_no_descriptors_left)
{
    struct rlimit old, low;
    int fds[64], n = 0;

    start();
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    n = dial();
    low = old;
    low.rlim_cur = (rlim_t)n + 21;
    close(n);
    n = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    /* Client and server share the table: when our own dial fails, the server could not accept any more either. */
    while (n < 64 && (fds[n] = socket_connect(address)) >= 0)
        n++;
    assert_true(n > 3 && n < 64);
    for (int i = 0; i < n; i++)
        close(fds[i]);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_has(ask(GET("/echo")), "200 OK"); /* recovered */
    stop();
}

UNIT(stream_events_reach_the_client)
{
    struct blob *b = stream_sse_event(S("update"), S("one\ntwo"));
    struct str s;
    int fd;

    start();
    fd = dial();
    say(fd, S("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"));
    wait_until(&opened, 1);
    stream_post(last_ref, b);
    s = hear(fd, S("two\n\n"));
    assert_has(s, "Content-Type: text/event-stream\r\n");
    assert_hasnt(s, "Content-Length");
    assert_true(str_ends(s, S("\r\n\r\nevent: update\ndata: one\ndata: two\n\n")));
    stream_post_close(last_ref, 1000);
    assert_int_equal(hear(fd, STR_NONE).n, 0);
    wait_until(&closed, 1);
    stream_post(last_ref, b); /* gone: nothing happens */
    close(fd);
    fd = dial(); /* the client goes first */
    say(fd, S("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"));
    wait_until(&opened, 2);
    close(fd);
    wait_until(&closed, 2);
    assert_has(ask(S("HEAD /stream HTTP/1.1\r\nHost: h\r\n\r\n")), "text/event-stream");
    stop();
    blob_unref(b);
    assert_int_equal(closed, 3);
}

UNIT(stream_that_does_not_read_is_cut)
{
    struct server_stats st;
    struct blob *b;
    static char big[60000];
    int fd;

    memset(big, 'x', sizeof(big));
    b = stream_sse_event(S("x"), (struct str){ big, sizeof(big) });
    start();
    fd = dial();
    say(fd, S("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n"));
    wait_until(&opened, 1);
    for (int i = 0; i < 400; i++)
        stream_post(last_ref, b);
    wait_until(&closed, 1);
    server_stats(server, &st);
    assert_int_equal(st.streams_cut, 1);
    stop();
    close(fd);
    blob_unref(b);
}

#define WS_HEAD                                                                                                        \
    "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"                                     \
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

UNIT(websocket_echo_fragments_ping_close)
{
    int fd;

    start();
    fd = dial();
    say(fd, S(WS_HEAD));
    assert_has(hear(fd, S("\r\n\r\n")), "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    say(fd, S("\x81\x82\0\0\0\0hi"));
    assert_str(hear(fd, S("hi")), "\x81\x02hi");
    say(fd, S("\x01\x82\0\0\0\0ab\x89\x81\0\0\0\0p\x80\x81\x01\x01\x01\x01"
              "b")); /* "ab" + ping + "c" masked with 01 */
    assert_str(hear(fd, S("abc")), "\x8a\x01p\x81\x03"
                                   "abc");
    say(fd, S("\x88\x82\0\0\0\0\x03\xe8"));
    assert_str(hear(fd, STR_NONE), "\x88\x02\x03\xe8");
    close(fd);
    wait_until(&closed, 1);
    stop();
}

UNIT(a16_websocket_bad_frames_close_with_a_code)
{
    static const struct {
        struct str frame;
        unsigned code;
    } cases[] = {
        { { "\x81\x02hi", 4 }, 1002 },                          /* not masked */
        { { "\xc1\x80\0\0\0\0", 6 }, 1002 },                    /* reserved bit */
        { { "\x83\x80\0\0\0\0", 6 }, 1002 },                    /* reserved opcode */
        { { "\x80\x80\0\0\0\0", 6 }, 1002 },                    /* continuation of nothing */
        { { "\x09\x80\0\0\0\0", 6 }, 1002 },                    /* fragmented ping */
        { { "\x82\x80\0\0\0\0", 6 }, 1003 },                    /* binary */
        { { "\x81\x81\0\0\0\0\xff", 7 }, 1007 },                /* not UTF-8 */
        { { "\x81\xff\0\0\0\0\0\x10\0\0\0\0\0\0", 14 }, 1009 }, /* 1 MB */
        { { "\x88\x82\0\0\0\0\x03\xed", 8 }, 1002 },            /* close with 1005 */
    };

    start();
    for (size_t i = 0; i < lengthof(cases); i++) {
        int fd = dial();
        struct str s;

        say(fd, S(WS_HEAD));
        hear(fd, S("\r\n\r\n"));
        say(fd, cases[i].frame);
        s = hear(fd, STR_NONE);
        assert_int_equal(s.n, 4);
        assert_int_equal((unsigned char)s.p[2] << 8 | (unsigned char)s.p[3], cases[i].code);
        close(fd);
    }
    assert_has(ask(S("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n")),
        "HTTP/1.1 400 ");
    assert_has(ask(S("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, close\r\nUpgrade: "
                     "websocket\r\nSec-WebSocket-Version: 8\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")),
        "HTTP/1.1 400 ");
    stop();
}
