/*
 * A foreign server for unit tests: listens on 127.0.0.1, port of the system's choice, a thread for each connection, and answers with
 * whatever bytes the test wants, over TLS with a throw-away authority or in clear.
 */
#ifndef TEST_PEER_H
#define TEST_PEER_H

#include "base/str.h"

struct peer;

/* One request of a connection.  Views live until the handler returns. */
struct peer_request {
    struct peer *peer;
    struct str method, target, head, body; /* head: all lines with their line ends */
    int nth;                               /* of this connection, from 0 */
    bool close;                            /* set by the handler: no further request */
    void *io;
};

/* Runs on the connection's thread. */
typedef void (*peer_fn)(void *arg, struct peer_request *r);

/* names: DNS names for the certificate, NULL-terminated; NULL: no TLS.  Aborts when it cannot start. */
struct peer *peer_new(peer_fn fn, void *arg, const char *const *names);
/* Cuts all connections and waits for their threads. */
void peer_free(struct peer *p);
int peer_port(const struct peer *p);
/* PEM file of the authority; removed by peer_free. */
const char *peer_ca_file(const struct peer *p);
/* Connections accepted and requests read so far. */
int peer_connections(const struct peer *p);
int peer_requests(const struct peer *p);

/* A certificate for the names, its key and its authority, as PEM files. */
void peer_make_certificate(const char *const *names, const char *cert_file, const char *key_file, const char *ca_file);

/* False when the other side has gone; the handler should return then. */
bool peer_write(struct peer_request *r, struct str bytes);
/* A complete answer: status line, Content-Length, extra header lines ("A: b\r\n", may be ""), body. */
bool peer_answer(struct peer_request *r, int status, const char *headers, struct str body);
/* Wait so long or until the other side closes; false then. */
bool peer_wait(struct peer_request *r, int ms);
/* Value of a request header, p NULL when absent. */
struct str peer_header(const struct peer_request *r, const char *name);

#endif
