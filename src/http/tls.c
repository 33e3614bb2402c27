/* OpenSSL behind read(2)-like functions.  An SSL object belongs to whoever owns its connection, like the socket. */
#include "http/tls.h"

#include "base/arena.h"

#include <errno.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

/* SSL_CTX and SSL under our own names, so that no other file needs OpenSSL. */
static SSL_CTX *
as_ctx(struct tls_ctx *t)
{
    return (SSL_CTX *)t;
}

static SSL *
as_ssl(struct tls *t)
{
    return (SSL *)t;
}

static int
choose_protocol(SSL *ssl UNUSED, const unsigned char **out, unsigned char *out_n, const unsigned char *in, unsigned n,
    void *arg UNUSED)
{
    static const unsigned char ours[] = "\x08http/1.1";
    unsigned char *chosen;

    if (SSL_select_next_proto(&chosen, out_n, ours, sizeof(ours) - 1, in, n) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

static enum err
explain(struct arena *a, const char *what, struct str file, struct str *why)
{
    char text[256];

    ERR_error_string_n(ERR_get_error(), text, sizeof(text));
    ERR_clear_error();
    *why = str_fmt(a, "%s %.*s: %s", what, STR_ARG(file), text);
    return ERR_INVALID;
}

enum err
tls_ctx_new(struct arena *a, struct str cert, struct str key, struct tls_ctx **out, struct str *why)
{
    SSL_CTX *c = SSL_CTX_new(TLS_server_method());
    enum err e = ERR_OK;

    if (c == NULL)
        return explain(a, "TLS cannot start for", cert, why);
    SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
    SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                               SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF); /* tickets need no memory here */
    SSL_CTX_set_num_tickets(c, 1);
    SSL_CTX_set_alpn_select_cb(c, choose_protocol, NULL);
    if (SSL_CTX_use_certificate_chain_file(c, str_cz(a, cert)) != 1)
        e = explain(a, "cannot use the certificate", cert, why);
    else if (SSL_CTX_use_PrivateKey_file(c, str_cz(a, key), SSL_FILETYPE_PEM) != 1)
        e = explain(a, "cannot use the private key", key, why);
    else if (SSL_CTX_check_private_key(c) != 1)
        e = explain(a, "the certificate is not for the key", key, why);
    if (e == ERR_OK)
        *out = (struct tls_ctx *)c;
    else
        SSL_CTX_free(c);
    return e;
}

struct tls_ctx *
tls_ctx_ref(struct tls_ctx *t)
{
    SSL_CTX_up_ref(as_ctx(t));
    return t;
}

void
tls_ctx_unref(struct tls_ctx *t)
{
    SSL_CTX_free(as_ctx(t));
}

struct tls *
tls_new(struct tls_ctx *t, int fd)
{
    SSL *s = SSL_new(as_ctx(t));

    if (s != NULL && SSL_set_fd(s, fd) != 1) {
        SSL_free(s);
        s = NULL;
    }
    if (s != NULL)
        SSL_set_accept_state(s);
    return (struct tls *)s;
}

void
tls_free(struct tls *t)
{
    if (t == NULL)
        return;
    if (SSL_is_init_finished(as_ssl(t)))
        SSL_shutdown(as_ssl(t));
    ERR_clear_error();
    SSL_free(as_ssl(t));
}

/* A result of OpenSSL as one of read(2). */
static ssize_t
result(struct tls *t, int n)
{
    int e = n > 0 ? SSL_ERROR_NONE : SSL_get_error(as_ssl(t), n);

    ERR_clear_error(); /* the queue is per thread and would be blamed on the next connection */
    switch (e) {
    case SSL_ERROR_NONE:
        return n;
    case SSL_ERROR_ZERO_RETURN:
        return 0;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        errno = EAGAIN;
        return -1;
    default:
        errno = EIO;
        return -1;
    }
}

ssize_t
tls_handshake(struct tls *t)
{
    return result(t, SSL_do_handshake(as_ssl(t)));
}

ssize_t
tls_read(struct tls *t, void *p, size_t n)
{
    return result(t, SSL_read(as_ssl(t), p, (int)MIN(n, INT_MAX)));
}

ssize_t
tls_write(struct tls *t, const void *p, size_t n)
{
    return result(t, SSL_write(as_ssl(t), p, (int)MIN(n, INT_MAX)));
}
