/* One request on its way, between client.c (threads, queues, limits) and client_xfer.c (libcurl options, bytes, outcome).
 * Included by client*.c only. */
#ifndef HTTP_CLIENT_XFER_H
#define HTTP_CLIENT_XFER_H

#include "http/client.h"
#include "http/hosts.h"
#include "http/netgate.h"

#include <curl/curl.h>
#include <zlib.h>

enum {
    XFER_HEAD_BYTES_MAX = 64 * 1024, /* all heads of one request, 1xx and trailers included */
    XFER_RATIO_MAX = 20,             /* decoded : wire */
    XFER_RATIO_FREE_BYTES = 64 * 1024,
};

/* Growing bytes with a limit; malloc, as they pass between threads. */
struct xbuf {
    char *p;
    size_t n, cap;
};

/* What every request of a client shares; fixed after http_client_new. */
struct xfer_shared {
    struct cidr *allow;
    size_t n_allow;
    struct curl_slist *connect_to;
    struct trust *trust;
    char *user_agent;
    struct netgate_own *own; /* grows, on the client's thread */
    bool http;               /* permitted everywhere */
};

struct client_host { /* entry of the host table */
    struct host h;
    int active;
    bool in_ring;
    struct xfer *first, *last; /* waiting */
    struct client_host *ring_next;
};

struct xfer {
    /* the request */
    const struct xfer_shared *shared;
    enum http_method method;
    char *url, *host; /* host: authority, key of the host table */
    struct curl_slist *headers;
    struct str body;
    int64_t body_max;
    int fd;
    bool http_ok, own_limits;
    int64_t again_ms;
    bool own_ok, learn_own; /* our own addresses are fair; are what is asked for */
    bool only_allowed;      /* an unusual port: good only for the operator's networks */
    const void *group;
    int64_t deadline_ms; /* monotonic */
    fetch_done_fn done;
    void *arg;
    /* on its way */
    CURL *easy;
    struct client_host *ch; /* pinned */
    struct xfer *next;      /* inbox or host queue */
    struct xfer *run_prev, *run_next;
    enum fetch_fail fail; /* why a callback gave up */
    bool refused, opened; /* addresses seen by the gate */
    int64_t wire_n, body_n, head_n;
    bool body_began, gzip, gzip_ended;
    z_stream z;
    struct xbuf head, data;
    char why[CURL_ERROR_SIZE];
};

/*
 * Check and copy the request.  *out is always made; when FETCH_NONE is not returned it may only be finished with that reason.
 * mem: scratch.
 */
enum fetch_fail xfer_new(
    struct arena *mem, const struct xfer_shared *sh, const struct fetch_request *rq, struct xfer **out);
bool client_url(struct arena *mem, struct str s, struct url *out);
char *xfer_copy_z(struct str s); /* malloc */
void xfer_free(struct xfer *x);
/* Sets every option; easy is fresh or reset. */
void xfer_prepare(struct xfer *x, CURL *easy);
/* The response for the end of the request: rc from libcurl, or a reason of our own before or instead of it (fail != NONE). */
struct fetch_response *xfer_response(struct xfer *x, CURLcode rc, enum fetch_fail fail);

/* client.c */
bool client_is_own_thread(const struct http_client *cl);

/* client_conf.c.  Errors: INVALID with *why; xfer_shared_done is due also then. */
NODISCARD enum err xfer_shared_init(
    struct xfer_shared *sh, const struct http_client_options *o, struct conf_error *why);
void xfer_shared_done(struct xfer_shared *sh);

/* client_tls.c: the certificates we trust, read once. */
struct trust *trust_new(struct str ca_file);
void trust_free(struct trust *t);
/* CURLOPT_SSL_CTX_FUNCTION; the argument is the trust. */
CURLcode trust_apply(CURL *easy, void *ssl_ctx, void *arg);

#endif
