/* TLS of the server, spoken to by OpenSSL's client. */
#include "http/tls.h"

#include "base/conf.h"
#include "http/server.h"
#include "os/file.h"
#include "os/proc.h"
#include "os/socket.h"
#include "unit.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <unistd.h>

static void
make_certificate(const char *cert, const char *key, const char *name)
{
    struct proc_options o = { .argv = (const char *const[]){ "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                                  "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", name, "-keyout", key,
                                  "-out", cert, NULL } };
    struct proc_result r;

    if (proc_run(unit_mem(), &o, S(""), 10000, 20000, &r) == ERR_NOT_FOUND)
        skip();
    assert_int_equal(r.status, 0);
}

static enum err
get_https(struct ctx *c, struct req *r)
{
    static char bytes[300000];

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = r->https ? 's' : 'p';
    r->res.status = 200;
    buf_init(&r->res.body, c->mem, sizeof(bytes));
    buf_put(&r->res.body, (struct str){ bytes, sizeof(bytes) });
    return ERR_OK;
}

static void
dispatch(struct ctx *c, struct req *r)
{
    if (r->route == NULL || r->route->fn(c, r) != ERR_OK)
        r->res.status = 404;
}

static void
send_all(SSL *s, struct str bytes)
{
    while (bytes.n > 0) {
        int n = SSL_write(s, bytes.p, (int)MIN(bytes.n, 64 * 1024));

        assert_true(n > 0); /* many clients look at no answer when sending fails */
        bytes = str_sub(bytes, (size_t)n, bytes.n);
    }
}

/* The whole answer; *subject gets the name in the certificate; empty when the handshake fails. */
static struct str
ask(struct str address, const char *alpn, int max_version, struct str request, struct str *subject)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL *s = SSL_new(ctx);
    int fd = socket_connect(address), n;
    struct buf b;

    buf_init(&b, unit_mem(), 1 << 20);
    assert_true(fd >= 0);
    SSL_set_fd(s, fd);
    SSL_set_max_proto_version(s, max_version);
    SSL_set_security_level(s, 0);
    assert_int_equal(SSL_set_alpn_protos(s, (const unsigned char *)alpn, (unsigned)str_z(alpn).n), 0);
    if (SSL_connect(s) == 1) {
        char bytes[20000], name[200];
        X509 *x = SSL_get1_peer_certificate(s);

        X509_NAME_oneline(X509_get_subject_name(x), name, sizeof(name));
        *subject = str_dup(unit_mem(), str_z(name));
        X509_free(x);
        send_all(s, request);
        while ((n = SSL_read(s, bytes, sizeof(bytes))) > 0)
            buf_put(&b, (struct str){ bytes, (size_t)n });
    }
    SSL_free(s);
    SSL_CTX_free(ctx);
    close(fd);
    return buf_str(&b);
}

UNIT(tls_serves_and_reloads)
{
    static char upload[32 << 20] = "POST /s HTTP/1.1\r\nHost: h\r\nContent-Length: 90000000\r\n\r\n";
    char dir[] = "/tmp/dassie-unit-XXXXXX";
    static struct route routes[] = { { .method = HTTP_GET, .pattern = "/s", .fn = get_https } };
    static const struct route_group group = { .name = "test" };
    struct str get = S("GET /s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    struct str listen = S("127.0.0.1:0"), why, subject = STR_NONE, answer, address;
    struct router *router = router_new();
    struct server *server;
    struct config conf = {
        .listen = { &listen, 1 }, .connections_max = 100, .connections_per_ip = 100, .workers = 2, .loops = 1
    };
    struct server_options o = { .conf = &conf, .router = router, .dispatch = dispatch };

    assert_non_null(mkdtemp(dir));
    conf.tls_cert = str_fmt(unit_mem(), "%s/cert.pem", dir);
    conf.tls_key = str_fmt(unit_mem(), "%s/key.pem", dir);
    router_add(router, &group, routes, lengthof(routes));
    assert_int_equal(server_start(&o, unit_mem(), &server, &why), ERR_INVALID);
    assert_true(str_find(why, S("cert.pem")) >= 0);
    make_certificate(conf.tls_cert.p, conf.tls_key.p, "/CN=first");
    assert_int_equal(server_start(&o, unit_mem(), &server, &why), ERR_OK);
    address = server_addresses(server, unit_mem()).v[0];

    for (int version = TLS1_2_VERSION; version <= TLS1_3_VERSION; version++) {
        answer = ask(address, "\x02h2\x08http/1.1", version, get, &subject);
        assert_true(str_starts(answer, S("HTTP/1.1 200 OK\r\n")));
        assert_true(answer.n > 300000 && answer.p[answer.n - 1] == 's');
        assert_str(subject, "/CN=first");
    }
    assert_int_equal(ask(address, "\x02h2", TLS1_3_VERSION, get, &subject).n, 0);       /* no protocol in common */
    assert_int_equal(ask(address, "\x08http/1.1", TLS1_1_VERSION, get, &subject).n, 0); /* too old */

    /* Who sends more than is taken reads why, though the rest was never looked at. */
    answer = ask(address, "\x08http/1.1", TLS1_3_VERSION, (struct str){ upload, sizeof(upload) }, &subject);
    assert_true(str_starts(answer, S("HTTP/1.1 413 ")));

    /* A certificate that does not belong to the key is refused, and the old one stays. */
    make_certificate(conf.tls_cert.p, str_fmt(unit_mem(), "%s/other.pem", dir).p, "/CN=wrong");
    assert_int_equal(server_reload(server, unit_mem(), &why), ERR_INVALID);
    answer = ask(address, "\x08http/1.1", TLS1_3_VERSION, get, &subject);
    assert_str(subject, "/CN=first");
    make_certificate(conf.tls_cert.p, conf.tls_key.p, "/CN=second");
    assert_int_equal(server_reload(server, unit_mem(), &why), ERR_OK);
    for (int i = 0; i < 1000 && !str_eqz(subject, "/CN=second"); i++) /* each loop takes it in its turn */
        answer = ask(address, "\x08http/1.1", TLS1_3_VERSION, get, &subject);
    assert_str(subject, "/CN=second");

    server_stop(server);
    router_free(router);
    assert_int_equal(file_remove_tree(dir), ERR_OK);
}
