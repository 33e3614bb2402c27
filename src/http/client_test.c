/* The client against a hostile peer: deadlines, caps, redirects, addresses, limits, TLS. */
#include "http/client.h"

#include "base/clock.h"
#include "base/conf.h"
#include "peer.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>
#include <zlib.h>

static const char *const names[] = { "a.test", "b.test", NULL };

struct rig {
    struct peer *peer;
    struct env env;
    struct arena *mem;
    struct ctx c;
};

static struct str
fmt_resolve(const char *host, int port, int to)
{
    return str_fmt(unit_mem(), "%s:%d:127.0.0.1:%d", host, port, to);
}

/* a.test and b.test:443 and a.test:80 lead to the peer; loopback is allowed unless told otherwise. */
static void
rig_up(struct rig *t, peer_fn fn, void *arg, bool tls, struct http_client_options o, bool allow)
{
    static struct str loopback = { "127.0.0.0/8", 11 };
    struct str resolve[5];

    *t = (struct rig){ .peer = peer_new(fn, arg, tls ? names : NULL), .mem = arena_new_heap() };
    resolve[0] = fmt_resolve("a.test", 443, peer_port(t->peer));
    resolve[1] = fmt_resolve("b.test", 443, peer_port(t->peer));
    resolve[2] = fmt_resolve("c.test", 443, peer_port(t->peer)); /* not in the certificate */
    resolve[3] = fmt_resolve("a.test", 80, peer_port(t->peer));
    resolve[4] = fmt_resolve("b.test", 80, peer_port(t->peer));
    o.resolve = (struct strs){ resolve, 5 };
    if (allow)
        o.allow_networks = (struct strs){ &loopback, 1 };
    if (tls && o.ca_file.p == NULL)
        o.ca_file = str_z(peer_ca_file(t->peer));
    o.http = o.http || !tls;
    o.user_agent = S("dassie/test (+https://me.test/)");
    o.own_origin = S("https://me.test");
    assert_int_equal(http_client_new(&o, NULL, &t->env.client), ERR_OK);
    ctx_begin(&t->c, t->mem, &t->env);
}

static void
rig_down(struct rig *t)
{
    ctx_end(&t->c);
    http_client_free(t->env.client);
    peer_free(t->peer);
    arena_free(t->mem);
}

static struct fetch_response *
get(struct rig *t, const char *url, enum fetch_fail want)
{
    struct fetch_request rq = { .url = str_z(url) };
    struct fetch_response *r;
    enum err e = http_client_fetch(&t->c, &rq, &r);

    if (r->fail != want)
        fail_msg("%s: %s (%.*s), not %s", url, fetch_fail_name(r->fail), STR_ARG(r->detail), fetch_fail_name(want));
    assert_int_equal(e, want == FETCH_NONE ? ERR_OK : ERR_REMOTE);
    return r;
}

/* ---- ordinary ------------------------------------------------------------------------------------------------- */

static void
echo(void *arg, struct peer_request *r)
{
    struct str ua = peer_header(r, "user-agent");
    char body[4096];
    int n = snprintf(body, sizeof(body), "%.*s %.*s|%.*s|%.*s|%.*s", STR_ARG(r->method), STR_ARG(r->target),
        STR_ARG(ua), STR_ARG(peer_header(r, "host")), STR_ARG(r->body));

    peer_answer(r, 200, "Content-Type: text/plain\r\nX-Two: 2\r\n", (struct str){ body, (size_t)n });
}

UNIT(client_sends_what_was_asked_over_tls)
{
    struct rig t;

    rig_up(&t, echo, NULL, true, (struct http_client_options){ 0 }, true);
    /* dots, escapes, queries arrive as written: they are signed as written */
    struct fetch_response *r = get(&t, "https://A.test/x/../y%2F?q=1&&#frag", FETCH_NONE);

    assert_str(r->body, "GET /x/../y%2F?q=1&&|dassie/test (+https://me.test/)|a.test|");
    assert_int_equal(r->status, 200);
    assert_str(r->content_type, "text/plain");
    assert_int_equal(r->n_headers, 3);

    struct http_header h[] = { { S("Content-Type"), S("application/activity+json") }, { S("X-Empty"), S("") } };
    struct fetch_request rq = {
        .method = HTTP_POST, .url = S("https://b.test/inbox"), .headers = h, .n_headers = 2, .body = S("{\"a\":1}")
    };

    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_OK);
    assert_str(r->body, "POST /inbox|dassie/test (+https://me.test/)|b.test|{\"a\":1}");
    assert_int_equal(peer_connections(t.peer), 2);
    get(&t, "https://a.test/again", FETCH_NONE);
    assert_int_equal(peer_connections(t.peer), 2); /* the connection was kept */
    rig_down(&t);
}

UNIT(client_refuses_headers_that_split)
{
    static const struct http_header bad[] = { { { "A", 1 }, { "b\r\nC: d", 7 } }, { { "A", 1 }, { "b\nC: d", 6 } },
        { { "A", 1 }, { "b\0c", 3 } }, { { "A:", 2 }, { "b", 1 } }, { { "", 0 }, { "b", 1 } },
        { { "A b", 3 }, { "c", 1 } } };
    struct rig t;

    rig_up(&t, echo, NULL, false, (struct http_client_options){ 0 }, true);
    for (size_t i = 0; i < lengthof(bad); i++) {
        struct fetch_request rq = { .url = S("http://a.test/"), .headers = &bad[i], .n_headers = 1 };
        struct fetch_response *r;

        assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_REMOTE);
        assert_int_equal(r->fail, FETCH_URL);
    }
    assert_int_equal(peer_connections(t.peer), 0);
    rig_down(&t);
}

UNIT(client_writes_to_a_file)
{
    struct rig t;
    char path[] = "/tmp/client-test-XXXXXX", back[256];
    int fd = mkstemp(path);
    struct fetch_response *r;

    unlink(path);
    rig_up(&t, echo, NULL, false, (struct http_client_options){ 0 }, true);
    struct fetch_request rq = { .url = S("http://a.test/media"), .fd = fd };

    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_OK);
    assert_int_equal(r->body.n, 0);
    assert_int_equal(pread(fd, back, sizeof(back), 0), r->body_n);
    assert_memory_equal(back, "GET /media|", 11);
    close(fd);
    rig_down(&t);
}

/* ---- addresses, schemes, ports -------------------------------------------------------------------------------- */

UNIT(client_refuses_loopback_however_it_is_named)
{
    struct rig t;

    rig_up(&t, echo, NULL, true, (struct http_client_options){ 0 }, false);
    get(&t, "https://a.test/", FETCH_ADDRESS); /* a pinned name is no way round */
    get(&t, "https://127.0.0.1/", FETCH_ADDRESS);
    get(&t, "https://[::1]/", FETCH_ADDRESS);
    get(&t, "https://[::ffff:127.0.0.1]/", FETCH_ADDRESS);
    get(&t, "https://localhost/", FETCH_ADDRESS);
    get(&t, "https://10.0.0.1/", FETCH_ADDRESS);
    get(&t, "https://169.254.169.254/latest/meta-data/", FETCH_ADDRESS);
    assert_int_equal(peer_connections(t.peer), 0);
    rig_down(&t);
}

UNIT(client_refuses_urls_that_are_not_for_it)
{
    struct rig t;

    rig_up(&t, echo, NULL, true, (struct http_client_options){ 0 }, false);
    get(&t, "http://a.test/", FETCH_SCHEME);
    get(&t, "ftp://a.test/", FETCH_URL);
    get(&t, "file:///etc/passwd", FETCH_URL);
    get(&t, "https://user:pw@a.test/", FETCH_URL);
    get(&t, "https://a.test\\@b.test/", FETCH_URL);
    get(&t, "https://m\xc3\xbcnchen.example/", FETCH_URL);
    get(&t, "", FETCH_URL);
    get(&t, "https://a.test:8443/", FETCH_PORT);
    get(&t, "https://me.test/users/1", FETCH_OWN);
    assert_int_equal(peer_connections(t.peer), 0);
    rig_down(&t);
}

UNIT(client_takes_other_ports_only_in_allowed_networks)
{
    struct rig t;
    char url[64];

    rig_up(&t, echo, NULL, false, (struct http_client_options){ 0 }, true);
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/", peer_port(t.peer));
    get(&t, url, FETCH_NONE);
    get(&t, "https://10.0.0.1:8443/", FETCH_PORT);
    get(&t, "http://127.0.0.1:1/", FETCH_REFUSED);
    rig_down(&t);
}

UNIT(client_checks_certificates)
{
    struct rig t;

    rig_up(&t, echo, NULL, true, (struct http_client_options){ 0 }, true);
    get(&t, "https://c.test/", FETCH_CERT);
    rig_down(&t);
    rig_up(&t, echo, NULL, true, (struct http_client_options){ .ca_file = S("") }, true);
    get(&t, "https://a.test/", FETCH_CERT);
    rig_down(&t);
}

/* ---- hostile answers ------------------------------------------------------------------------------------------ */

static void
hostile(void *arg, struct peer_request *r)
{
    static char zeros[1 << 16];
    const char *raw = NULL;

    r->close = true;
    if (str_eqz(r->target, "/drip")) {
        peer_write(r, S("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"));
        while (peer_write(r, S("x")) && peer_wait(r, 20))
            ;
    } else if (str_eqz(r->target, "/drip-head")) {
        peer_write(r, S("HTTP/1.1 200 OK\r\n"));
        while (peer_write(r, S("A: b\r\n")) && peer_wait(r, 20))
            ;
    } else if (str_eqz(r->target, "/silent")) {
        peer_wait(r, 60000);
    } else if (str_eqz(r->target, "/1xx")) {
        while (peer_write(r, S("HTTP/1.1 103 Early\r\nLink: <x>\r\n\r\n")))
            ;
    } else if (str_eqz(r->target, "/big-head")) {
        peer_write(r, S("HTTP/1.1 200 OK\r\n"));
        while (peer_write(r, S("A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n")))
            ;
    } else if (str_eqz(r->target, "/gigabyte")) {
        peer_write(r, S("HTTP/1.1 200 OK\r\n\r\n"));
        for (int i = 0; i < 1 << 14; i++)
            if (!peer_write(r, (struct str){ zeros, sizeof(zeros) }))
                break;
    } else if (str_eqz(r->target, "/claims-gigabyte")) {
        raw = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nx";
    } else if (str_eqz(r->target, "/chunked-gigabyte")) {
        peer_write(r, S("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
        while (peer_write(r, S("10000\r\n")) && peer_write(r, (struct str){ zeros, sizeof(zeros) }) &&
               peer_write(r, S("\r\n")))
            ;
    } else if (str_eqz(r->target, "/garbage")) {
        raw = "SSH-2.0-OpenSSH_9.2p1\r\n\r\n";
    } else if (str_eqz(r->target, "/garbage-status")) {
        raw = "HTTP/1.1 2x0 OK\r\n\r\nhello";
    } else if (str_eqz(r->target, "/http09")) {
        raw = "<html>hello</html>";
    } else if (str_eqz(r->target, "/cut")) {
        raw = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    } else if (str_eqz(r->target, "/brotli")) {
        raw = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx";
    } else if (str_eqz(r->target, "/not-gzip")) {
        raw = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello";
    } else if (str_eqz(r->target, "/negative")) {
        raw = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello";
    }
    if (raw != NULL)
        peer_write(r, str_z(raw));
}

UNIT(client_deadline_is_total)
{
    static const char *const urls[] = { "http://a.test/drip", "http://a.test/drip-head", "http://b.test/silent" };
    struct rig t;

    for (size_t i = 0; i < lengthof(urls); i++) {
        struct fetch_request rq = { .url = str_z(urls[i]), .timeout_ms = 300 };
        struct fetch_response *r;
        int64_t begin = clock_mono_ms();

        rig_up(&t, hostile, NULL, false, (struct http_client_options){ 0 }, true);
        assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_REMOTE);
        assert_int_equal(r->fail, FETCH_TIMEOUT);
        assert_in_range(clock_mono_ms() - begin, 250, FETCH_TIMEOUT_MS); /* which is what others get */
        rig_down(&t);
    }
}

UNIT(client_obeys_the_deadline_of_the_request)
{
    struct rig t;
    struct fetch_request rq = { .url = S("http://a.test/silent") };
    struct fetch_response *r;

    rig_up(&t, hostile, NULL, false, (struct http_client_options){ 0 }, true);
    t.c.deadline_mono_ms = clock_mono_ms() + 200;
    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_REMOTE);
    assert_int_equal(r->fail, FETCH_TIMEOUT);
    assert_true(clock_mono_ms() - t.c.deadline_mono_ms < FETCH_TIMEOUT_MS);
    rig_down(&t);
}

UNIT(client_caps_what_it_reads)
{
    struct rig t;

    rig_up(&t, hostile, NULL, false, (struct http_client_options){ 0 }, true);
    get(&t, "http://a.test/gigabyte", FETCH_TOO_LARGE);
    get(&t, "http://a.test/claims-gigabyte", FETCH_TOO_LARGE);
    get(&t, "http://a.test/chunked-gigabyte", FETCH_TOO_LARGE);
    get(&t, "http://b.test/1xx", FETCH_PROTOCOL);
    get(&t, "http://b.test/big-head", FETCH_PROTOCOL);
    rig_down(&t);
}

UNIT(client_refuses_garbage)
{
    static const char *const urls[] = { "/garbage", "/garbage-status", "/http09", "/cut", "/brotli", "/not-gzip",
        "/negative" };
    struct rig t;

    for (size_t i = 0; i < lengthof(urls); i++) {
        rig_up(&t, hostile, NULL, false, (struct http_client_options){ 0 }, true);
        get(&t, str_fmt(unit_mem(), "http://a.test%s", urls[i]).p, FETCH_PROTOCOL);
        rig_down(&t);
    }
}

/* ---- gzip ----------------------------------------------------------------------------------------------------- */

static struct str
gzip(struct str s)
{
    z_stream z = { 0 };
    size_t cap = s.n + 1024;
    char *out = arena_alloc(unit_mem(), cap, 1);

    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)s.p;
    z.avail_in = (unsigned)s.n;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)cap;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);
    return (struct str){ out, cap - z.avail_out };
}

static void
send_arg_gzip(void *arg, struct peer_request *r)
{
    const struct str *s = arg;

    CHECK(str_eqz(peer_header(r, "accept-encoding"), "gzip"));
    peer_answer(r, 200, "Content-Encoding: gzip\r\n", *s);
}

UNIT(client_gunzips)
{
    struct rig t;
    struct str one = gzip(S("hello ")), two = gzip(S("world")), sent = str_cat(unit_mem(), one, two, STR_NONE);

    rig_up(&t, send_arg_gzip, &sent, false, (struct http_client_options){ 0 }, true);
    assert_str(get(&t, "http://a.test/", FETCH_NONE)->body, "hello world");
    sent.n -= 3;
    get(&t, "http://a.test/", FETCH_PROTOCOL); /* cut in the middle */
    sent = str_cat(unit_mem(), one, S("junk behind the end"), STR_NONE);
    get(&t, "http://a.test/", FETCH_PROTOCOL);
    rig_down(&t);
}

UNIT(client_stops_gzip_bombs)
{
    struct rig t;
    size_t n = MB(8);
    struct str zeros = { arena_alloc(unit_mem(), n, 1), n }, sent;

    sent = gzip(str_sub(zeros, 0, 60000)); /* small things may compress well */
    rig_up(&t, send_arg_gzip, &sent, false, (struct http_client_options){ 0 }, true);
    assert_int_equal(get(&t, "http://a.test/", FETCH_NONE)->body_n, 60000);
    sent = gzip(str_sub(zeros, 0, 500000)); /* under the cap, but 1000 : 1 */
    get(&t, "http://a.test/", FETCH_TOO_LARGE);
    sent = gzip(zeros);
    get(&t, "http://a.test/", FETCH_TOO_LARGE);
    rig_down(&t);
}

/* ---- redirects ------------------------------------------------------------------------------------------------ */

static void
redirecting(void *arg, struct peer_request *r)
{
    char line[512];
    int64_t n;

    if (str_eqz(r->target, "/end")) {
        struct str auth = peer_header(r, "authorization"), sig = peer_header(r, "signature");

        snprintf(line, sizeof(line), "%.*s|%.*s", STR_ARG(auth), STR_ARG(sig));
        peer_answer(r, 200, "", str_z(line));
    } else if (str_starts(r->target, S("/to?"))) {
        snprintf(line, sizeof(line), "Location: %.*s\r\n", STR_ARG(str_sub(r->target, 4, r->target.n)));
        peer_answer(r, 302, line, S(""));
    } else if (str_int(str_sub(r->target, 1, r->target.n), &n)) { /* /3 -> /2 -> /1 -> /end */
        if (n > 1)
            snprintf(line, sizeof(line), "Location: ./%d\r\n", (int)n - 1);
        else
            snprintf(line, sizeof(line), "Location: end\r\n");
        peer_answer(r, 301, line, S(""));
    } else {
        peer_answer(r, 302, "", S("")); /* without Location */
    }
}

UNIT(client_follows_three_redirects)
{
    struct rig t;

    rig_up(&t, redirecting, NULL, true, (struct http_client_options){ 0 }, true);
    struct fetch_response *r = get(&t, "https://a.test/3", FETCH_NONE);

    assert_str(r->url, "https://a.test/end");
    assert_int_equal(r->redirects, 3);
    get(&t, "https://a.test/4", FETCH_REDIRECT);
    get(&t, "https://a.test/to?/to?https://a.test/x", FETCH_REDIRECT);
    get(&t, "https://a.test/none", FETCH_REDIRECT);
    rig_down(&t);
}

UNIT(client_refuses_bad_redirects)
{
    static const char *const bad[] = { "http://a.test/end", "file:///etc/passwd", "gopher://a.test/", "data:,x",
        "https://user@a.test/end", "//", "https://", "https://a.test/to?https://a.test/loop" };
    struct rig t;

    rig_up(&t, redirecting, NULL, true, (struct http_client_options){ 0 }, true);
    for (size_t i = 0; i < lengthof(bad); i++)
        get(&t, str_fmt(unit_mem(), "https://a.test/to?%s", bad[i]).p, FETCH_REDIRECT);
    get(&t, "https://a.test/to?https://10.0.0.1/", FETCH_ADDRESS);
    get(&t, "https://a.test/to?https://[::1]/", FETCH_ADDRESS);
    get(&t, "https://a.test/to?https://me.test/", FETCH_OWN);
    rig_down(&t);
}

static enum err
sign_hop(struct ctx *c, void *arg, const struct url *u, struct http_header *out, size_t max, size_t *n)
{
    int *calls = arg;

    if (str_eqz(u->host, "blocked.test"))
        return ctx_fail(c, ERR_FORBIDDEN, "blocked");
    out[0] = (struct http_header){ S("Signature"), str_fmt(c->mem, "%d:%.*s", ++*calls, STR_ARG(u->host)) };
    *n = 1;
    return ERR_OK;
}

UNIT(client_signs_each_hop_and_keeps_credentials_home)
{
    struct rig t;
    int calls = 0;
    struct http_header h = { S("Authorization"), S("Bearer x") };
    struct fetch_request rq = { .url = S("https://a.test/to?https://b.test/end"),
        .headers = &h,
        .n_headers = 1,
        .hop = sign_hop,
        .hop_arg = &calls };
    struct fetch_response *r;

    rig_up(&t, redirecting, NULL, true, (struct http_client_options){ 0 }, true);
    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_OK);
    assert_str(r->body, "|2:b.test");
    rq.url = S("https://a.test/to?/end");
    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_OK);
    assert_str(r->body, "Bearer x|4:a.test");
    rq.url = S("https://a.test/to?https://blocked.test/");
    assert_int_equal(http_client_fetch(&t.c, &rq, &r), ERR_FORBIDDEN);
    rig_down(&t);
}

/* ---- limits and health ---------------------------------------------------------------------------------------- */

struct crowd {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    int in, most, done, want;
    enum fetch_fail fails[FETCH_FAIL_COUNT];
};

static void
slow(void *arg, struct peer_request *r)
{
    struct crowd *w = arg;

    pthread_mutex_lock(&w->lock);
    w->in++;
    w->most = MAX(w->most, w->in);
    pthread_mutex_unlock(&w->lock);
    peer_wait(r, 30);
    pthread_mutex_lock(&w->lock);
    w->in--;
    pthread_mutex_unlock(&w->lock);
    peer_answer(r, 200, "", S("ok"));
}

static void
count_done(void *arg, struct fetch_response *r)
{
    struct crowd *w = arg;

    pthread_mutex_lock(&w->lock);
    w->done++;
    w->fails[r->fail]++;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->lock);
    fetch_response_free(r);
}

static void
wait_done(struct crowd *w, int n)
{
    pthread_mutex_lock(&w->lock);
    while (w->done < n)
        pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

#define CROWD                                                                                                          \
    {                                                                                                                  \
        .lock = PTHREAD_MUTEX_INITIALIZER, .cond = PTHREAD_COND_INITIALIZER                                            \
    }

UNIT(client_limits_requests_per_host_and_in_all)
{
    struct rig t;
    struct crowd w = CROWD;
    struct fetch_request rq = { .url = S("http://a.test/") };

    rig_up(&t, slow, &w, false, (struct http_client_options){ .per_host = 4, .total = 6 }, true);
    for (int i = 0; i < 40; i++) {
        rq.url = i % 2 == 0 ? S("http://a.test/") : S("http://b.test/");
        http_client_start(t.env.client, unit_mem(), &rq, count_done, &w);
    }
    wait_done(&w, 40);
    assert_int_equal(w.fails[FETCH_NONE], 40);
    assert_in_range(w.most, 2, 6);
    w = (struct crowd)CROWD;
    for (int i = 0; i < 20; i++) {
        rq.url = S("http://a.test/");
        http_client_start(t.env.client, unit_mem(), &rq, count_done, &w);
    }
    wait_done(&w, 20);
    assert_in_range(w.most, 2, 4);
    rig_down(&t);
}

UNIT(client_waiting_counts_against_the_deadline)
{
    struct rig t;
    struct crowd w;
    struct fetch_request rq = { .url = S("http://a.test/silent"), .timeout_ms = 400 };
    int64_t begin, begun_ms;

    rig_up(&t, hostile, NULL, false, (struct http_client_options){ .per_host = 1, .waiting_max = 3 }, true);
    do { /* again, if this thread had to pause for so long that the first ended before the last began */
        w = (struct crowd)CROWD;
        begin = clock_mono_ms();
        for (int i = 0; i < 10; i++)
            http_client_start(t.env.client, unit_mem(), &rq, count_done, &w);
        begun_ms = clock_mono_ms() - begin;
        wait_done(&w, 10);
        assert_int_equal(w.fails[FETCH_TIMEOUT] + w.fails[FETCH_BUSY], 10);
    } while (begun_ms >= rq.timeout_ms);
    assert_true(w.fails[FETCH_BUSY] >= 6);
    rig_down(&t);
}

UNIT(client_aborts_a_group_and_stops)
{
    struct rig t;
    struct crowd one = CROWD, two = CROWD;
    struct fetch_request rq = { .url = S("http://a.test/silent"), .group = &one, .own_limits = true };

    rig_up(&t, hostile, NULL, false, (struct http_client_options){ 0 }, true);
    for (int i = 0; i < 10; i++)
        http_client_start(t.env.client, unit_mem(), &rq, count_done, &one);
    rq.own_limits = false; /* some of these wait */
    for (int i = 0; i < 10; i++)
        http_client_start(t.env.client, unit_mem(), &rq, count_done, &one);
    rq.group = &two;
    for (int i = 0; i < 5; i++)
        http_client_start(t.env.client, unit_mem(), &rq, count_done, &two);
    http_client_abort(t.env.client, &one);
    wait_done(&one, 20);
    assert_int_equal(one.fails[FETCH_STOPPED], 20);
    assert_int_equal(two.done, 0);
    rig_down(&t);
    assert_int_equal(two.fails[FETCH_STOPPED], 5);
}

static void
unavailable(void *arg, struct peer_request *r)
{
    peer_answer(r, 503, arg, S(""));
}

UNIT(client_leaves_a_failing_host_alone)
{
    struct rig t;
    char retry[] = "Retry-After: 120\r\n", none[] = "";

    rig_up(&t, unavailable, retry, false, (struct http_client_options){ 0 }, true);
    assert_int_equal(get(&t, "http://a.test/", FETCH_STATUS)->retry_after_ms, 120000);
    assert_int_equal(t.c.fail.retry_after_ms, 120000);
    get(&t, "http://a.test/", FETCH_PARKED);
    http_client_host_ok(t.env.client, S("a.test"));
    get(&t, "http://a.test/", FETCH_STATUS);
    rig_down(&t);

    rig_up(&t, unavailable, none, false, (struct http_client_options){ 0 }, true);
    for (int i = 0; i < 12; i++)
        get(&t, "http://a.test/", FETCH_STATUS);
    clock_shift(11 * MINUTE_MS);
    get(&t, "http://a.test/", FETCH_STATUS);
    get(&t, "http://a.test/", FETCH_PARKED);
    get(&t, "http://b.test/", FETCH_STATUS); /* only that host */
    clock_shift(31 * MINUTE_MS);
    get(&t, "http://a.test/", FETCH_STATUS); /* the probe */
    get(&t, "http://a.test/", FETCH_PARKED);
    rig_down(&t);
}

UNIT(client_retry_after_is_sane)
{
    static const struct {
        const char *line;
        int64_t min, max;
    } v[] = { { "Retry-After: -1\r\n", 0, 0 }, { "Retry-After: 999999999999999\r\n", DAY_MS, DAY_MS },
        { "Retry-After: soon\r\n", 0, 0 }, { "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 0, 0 },
        { "Retry-After: Sat, 06 Nov 2094 08:49:37 GMT\r\n", DAY_MS, DAY_MS }, { "Retry-After: 7\r\n", 7000, 7000 } };

    for (size_t i = 0; i < lengthof(v); i++) {
        struct rig t;
        char line[128];

        snprintf(line, sizeof(line), "%s", v[i].line);
        rig_up(&t, unavailable, line, false, (struct http_client_options){ 0 }, true);
        assert_in_range(get(&t, "http://a.test/", FETCH_STATUS)->retry_after_ms, v[i].min, v[i].max);
        rig_down(&t);
    }
}

UNIT(client_options_are_checked)
{
    static const struct {
        const char *resolve, *allow, *ca, *key;
    } v[] = { { "a.test", NULL, NULL, "resolve" }, { "a.test:443:", NULL, NULL, "resolve" },
        { "a.test:443:b.test", NULL, NULL, "resolve" }, { "a.test:0:127.0.0.1", NULL, NULL, "resolve" },
        { "a.test:443:127.0.0.1:70000", NULL, NULL, "resolve" }, { NULL, "10.0.0.1/8", NULL, "allow_networks" },
        { NULL, NULL, "/nonexistent.pem", "ca_file" }, { NULL, NULL, "/dev/null", "ca_file" } };

    for (size_t i = 0; i < lengthof(v); i++) {
        struct str resolve = str_z(v[i].resolve), allow = str_z(v[i].allow);
        struct http_client_options o = { .resolve = { &resolve, resolve.p != NULL },
            .allow_networks = { &allow, allow.p != NULL },
            .ca_file = str_z(v[i].ca) };
        struct conf_error why;
        struct http_client *cl;

        assert_int_equal(http_client_new(&o, &why, &cl), ERR_INVALID);
        assert_str(why.key, v[i].key);
    }
    struct str good[] = { S("a.test:443:127.0.0.1"), S("a.test:443:[::1]:8443"), S("a.test:443:::1") };
    struct http_client_options o = { .resolve = { good, 3 } };
    struct http_client *cl;

    assert_int_equal(http_client_new(&o, NULL, &cl), ERR_OK);
    http_client_free(cl);
}

/* Public addresses, to which nothing is sent: the gate is asked before there is a socket.  That allow_networks wins show all tests here. */
UNIT(client_refuses_our_own_public_addresses)
{
    struct str listen = S("8.8.4.4:443");
    struct str resolve[] = { S("me.test:443:8.8.8.8"), S("other.test:443:8.8.8.8"), S("third.test:443:8.8.4.4") };
    struct http_client_options o = {
        .own_origin = S("https://me.test"), .resolve = { resolve, 3 }, .listen = { &listen, 1 }
    };
    struct http_client_stats stats = { 0 };
    struct rig t = { .mem = arena_new_heap() };

    assert_int_equal(http_client_new(&o, NULL, &t.env.client), ERR_OK);
    ctx_begin(&t.c, t.mem, &t.env);
    get(&t, "https://third.test/", FETCH_ADDRESS);
    http_client_learn_own(t.env.client);
    while (stats.finished < 2) { /* the one above, and what was asked for here */
        usleep(1000);
        http_client_stats(t.env.client, &stats);
    }
    get(&t, "https://other.test/", FETCH_ADDRESS);
    ctx_end(&t.c);
    http_client_free(t.env.client);
    arena_free(t.mem);
}
