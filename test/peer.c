/* The foreign server of peer.h.  Test code: plain threads, plain reads. */
#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNS_MAX = 8192, HEAD_MAX = 64 * 1024 };

struct conn {
    struct peer *peer;
    pthread_t thread;
    int fd;
    SSL *ssl;
    char *in; /* unread bytes */
    size_t n, cap;
};

struct peer {
    peer_fn fn;
    void *arg;
    int fd, port;
    pthread_t thread;
    SSL_CTX *tls;
    char ca_file[64];
    pthread_mutex_t lock;
    struct conn *conns[CONNS_MAX];
    int n_conns;
    bool stopping;
    _Atomic int requests;
};

/* ---- certificate ---------------------------------------------------------------------------------------------- */

static X509 *
make_cert(EVP_PKEY *key, const char *cn, X509 *issuer, EVP_PKEY *issuer_key, const char *ext_san)
{
    X509 *c = X509_new();
    X509_EXTENSION *e;
    X509V3_CTX ctx;

    X509_set_version(c, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(c), issuer == NULL ? 1 : 2);
    X509_gmtime_adj(X509_getm_notBefore(c), -3600);
    X509_gmtime_adj(X509_getm_notAfter(c), 86400);
    X509_set_pubkey(c, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(c), "CN", MBSTRING_ASC, (const unsigned char *)cn, -1, -1, 0);
    X509_set_issuer_name(c, X509_get_subject_name(issuer != NULL ? issuer : c));
    X509V3_set_ctx(&ctx, issuer != NULL ? issuer : c, c, NULL, NULL, 0);
    e = ext_san != NULL ? X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, ext_san)
                        : X509V3_EXT_conf_nid(NULL, &ctx, NID_basic_constraints, "critical,CA:TRUE");
    CHECK(e != NULL);
    X509_add_ext(c, e, -1);
    X509_EXTENSION_free(e);
    CHECK(X509_sign(c, issuer_key != NULL ? issuer_key : key, EVP_sha256()) > 0);
    return c;
}

struct identity {
    EVP_PKEY *key;
    X509 *cert, *ca;
};

static struct identity
make_identity(const char *const *names)
{
    EVP_PKEY *ca_key = EVP_EC_gen("P-256");
    struct identity id = { .key = EVP_EC_gen("P-256") };
    char san[4096] = "";

    for (size_t n = 0; *names != NULL; names++)
        n += (size_t)snprintf(san + n, sizeof(san) - n, "%sDNS:%s", n > 0 ? "," : "", *names);
    id.ca = make_cert(ca_key, "peer test authority", NULL, NULL, NULL);
    id.cert = make_cert(id.key, "peer", id.ca, ca_key, san);
    EVP_PKEY_free(ca_key);
    return id;
}

static void
free_identity(struct identity *id)
{
    X509_free(id->ca);
    X509_free(id->cert);
    EVP_PKEY_free(id->key);
}

static FILE *
open_new(const char *path)
{
    FILE *f = fopen(path, "w");

    CHECK(f != NULL);
    return f;
}

void
peer_make_certificate(const char *const *names, const char *cert_file, const char *key_file, const char *ca_file)
{
    struct identity id = make_identity(names);
    FILE *f = open_new(cert_file);

    CHECK(PEM_write_X509(f, id.cert) == 1 && fclose(f) == 0);
    f = open_new(key_file);
    CHECK(PEM_write_PrivateKey(f, id.key, NULL, NULL, 0, NULL, NULL) == 1 && fclose(f) == 0);
    f = open_new(ca_file);
    CHECK(PEM_write_X509(f, id.ca) == 1 && fclose(f) == 0);
    free_identity(&id);
}

static void
start_tls(struct peer *p, const char *const *names)
{
    struct identity id = make_identity(names);
    FILE *f;

    p->tls = SSL_CTX_new(TLS_server_method());
    CHECK(SSL_CTX_use_certificate(p->tls, id.cert) == 1 && SSL_CTX_use_PrivateKey(p->tls, id.key) == 1);
    snprintf(p->ca_file, sizeof(p->ca_file), "/tmp/peer-ca-XXXXXX");
    f = fdopen(mkstemp(p->ca_file), "w");
    CHECK(f != NULL && PEM_write_X509(f, id.ca) == 1 && fclose(f) == 0);
    free_identity(&id);
}

/* ---- bytes ---------------------------------------------------------------------------------------------------- */

static ssize_t
read_some(struct conn *c)
{
    ssize_t n;

    if (c->cap - c->n < 16384) {
        c->cap = c->cap * 2 + 16384;
        c->in = realloc(c->in, c->cap);
        CHECK(c->in != NULL);
    }
    n = c->ssl != NULL ? SSL_read(c->ssl, c->in + c->n, 16384) : read(c->fd, c->in + c->n, 16384);
    if (n > 0)
        c->n += (size_t)n;
    return n;
}

bool
peer_write(struct peer_request *r, struct str s)
{
    struct conn *c = r->io;

    while (s.n > 0) {
        ssize_t n =
            c->ssl != NULL ? SSL_write(c->ssl, s.p, (int)MIN(s.n, 1 << 20)) : send(c->fd, s.p, s.n, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        s = str_sub(s, (size_t)n, s.n);
    }
    return true;
}

bool
peer_answer(struct peer_request *r, int status, const char *headers, struct str body)
{
    char head[4096];
    int n = snprintf(head, sizeof(head), "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s\r\n", status, body.n, headers);

    CHECK(n > 0 && (size_t)n < sizeof(head));
    return peer_write(r, (struct str){ head, (size_t)n }) && peer_write(r, body);
}

bool
peer_wait(struct peer_request *r, int ms)
{
    struct conn *c = r->io;
    struct pollfd p = { c->fd, POLLIN | POLLRDHUP, 0 };

    return poll(&p, 1, ms) == 0;
}

struct str
peer_header(const struct peer_request *r, const char *name)
{
    struct str rest = r->head, line, key;

    while (str_cut(&rest, '\n', &line))
        if (str_cut(&line, ':', &key) && str_eqi(key, str_z(name)) && line.p != NULL)
            return str_trim(line);
    return STR_NONE;
}

/* ---- requests ------------------------------------------------------------------------------------------------- */

static bool
read_request(struct conn *c, struct peer_request *r, size_t *used)
{
    struct str all, line, length;
    ptrdiff_t end;
    int64_t body_n = 0;

    while ((end = str_find((struct str){ c->in, c->n }, S("\r\n\r\n"))) < 0)
        if (c->n > HEAD_MAX || read_some(c) <= 0)
            return false;
    r->head = (struct str){ c->in, (size_t)end + 4 };
    length = peer_header(r, "content-length");
    if (length.p != NULL && !str_int(length, &body_n))
        return false;
    *used = r->head.n + (size_t)body_n;
    while (c->n < *used)
        if (read_some(c) <= 0)
            return false;
    all = (struct str){ c->in, *used }; /* the buffer may have moved */
    r->head = str_sub(all, 0, (size_t)end + 4);
    r->body = str_sub(all, r->head.n, all.n);
    line = r->head;
    return str_cut(&line, ' ', &r->method) && str_cut(&line, ' ', &r->target);
}

static void *
conn_thread(void *arg)
{
    struct conn *c = arg;
    struct peer *p = c->peer;

    if (p->tls != NULL) {
        c->ssl = SSL_new(p->tls);
        SSL_set_fd(c->ssl, c->fd);
        if (SSL_accept(c->ssl) != 1)
            goto out;
    }
    for (int nth = 0;; nth++) {
        struct peer_request r = { .peer = p, .nth = nth, .io = c };
        size_t used;

        if (!read_request(c, &r, &used))
            break;
        p->requests++;
        p->fn(p->arg, &r);
        if (r.close)
            break;
        memmove(c->in, c->in + used, c->n - used);
        c->n -= used;
    }
out:
    ERR_clear_error();
    SSL_free(c->ssl);
    shutdown(c->fd, SHUT_RDWR); /* closed by peer_free, so that its number is not reused meanwhile */
    return NULL;
}

static void *
accept_thread(void *arg)
{
    struct peer *p = arg;

    for (;;) {
        int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC);
        struct conn *c;

        if (fd < 0)
            break;
        c = calloc(1, sizeof(*c));
        CHECK(c != NULL);
        c->peer = p;
        c->fd = fd;
        pthread_mutex_lock(&p->lock);
        if (p->stopping || p->n_conns == CONNS_MAX) {
            close(fd);
            free(c);
        } else {
            CHECK(pthread_create(&c->thread, NULL, conn_thread, c) == 0);
            p->conns[p->n_conns++] = c;
        }
        pthread_mutex_unlock(&p->lock);
    }
    return NULL;
}

struct peer *
peer_new(peer_fn fn, void *arg, const char *const *names)
{
    struct peer *p = calloc(1, sizeof(*p));
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof(in);

    CHECK(p != NULL);
    signal(SIGPIPE, SIG_IGN);
    p->fn = fn;
    p->arg = arg;
    pthread_mutex_init(&p->lock, NULL);
    if (names != NULL)
        start_tls(p, names);
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(p->fd, (struct sockaddr *)&in, n) == 0 && listen(p->fd, 1024) == 0);
    CHECK(getsockname(p->fd, (struct sockaddr *)&in, &n) == 0);
    p->port = ntohs(in.sin_port);
    CHECK(pthread_create(&p->thread, NULL, accept_thread, p) == 0);
    return p;
}

void
peer_free(struct peer *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_mutex_unlock(&p->lock);
    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
    for (int i = 0; i < p->n_conns; i++) {
        struct conn *c = p->conns[i];

        shutdown(c->fd, SHUT_RDWR);
        pthread_join(c->thread, NULL);
        close(c->fd);
        free(c->in);
        free(c);
    }
    SSL_CTX_free(p->tls);
    if (p->ca_file[0] != '\0')
        unlink(p->ca_file);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

int
peer_port(const struct peer *p)
{
    return p->port;
}

const char *
peer_ca_file(const struct peer *p)
{
    return p->ca_file;
}

int
peer_connections(const struct peer *p)
{
    struct peer *q = (struct peer *)(uintptr_t)p;
    int n;

    pthread_mutex_lock(&q->lock);
    n = q->n_conns;
    pthread_mutex_unlock(&q->lock);
    return n;
}

int
peer_requests(const struct peer *p)
{
    return p->requests;
}
