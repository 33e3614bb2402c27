/* TLS of the server by OpenSSL, on sockets that do not block.  TLS 1.2 and 1.3, ALPN http/1.1. */
#ifndef HTTP_TLS_H
#define HTTP_TLS_H

#include "base/err.h"
#include "base/str.h"

#include <sys/types.h>

struct arena;
struct tls_ctx; /* certificate and key; counted */
struct tls;     /* one connection */

/* Load a PEM chain and key.  Errors: INVALID with a sentence in why. */
NODISCARD enum err tls_ctx_new(struct arena *a, struct str cert, struct str key, struct tls_ctx **out, struct str *why);
struct tls_ctx *tls_ctx_ref(struct tls_ctx *t);
void tls_ctx_unref(struct tls_ctx *t); /* accepts NULL */

NODISCARD struct tls *tls_new(struct tls_ctx *t, int fd); /* NULL when memory is out */
void tls_free(struct tls *t); /* sends close_notify when possible; the descriptor stays open; accepts NULL */

/* As read(2): bytes, 0 at the end, -1 with errno EAGAIN (wait for the socket) or another one.  handshake: 1 when done. */
ssize_t tls_handshake(struct tls *t);
ssize_t tls_read(struct tls *t, void *p, size_t n);
ssize_t tls_write(struct tls *t, const void *p, size_t n);

#endif
