/*
 * The one way out: every request to other servers and services goes through this client, over libcurl on one thread of its own.
 *
 * What it guarantees: no socket is opened to a special-purpose address (netgate.h); https unless told otherwise; one total
 * monotonic deadline that no dripping peer can stretch; a cap on the bytes on the wire and after gunzip; bounded requests for each
 * host and in all; verified TLS >= 1.2; no proxy, cookies, netrc or other ambient state.  It knows nothing of signatures or
 * ActivityPub: headers come from the caller.  doc/design/outbound.md
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "base/ctx.h"
#include "base/url.h"
#include "http/http.h"

struct conf_error;
struct http_client;

/* X(name, counts against the host, text for the log) */
#define FETCH_FAIL_LIST(X)                                                                                             \
    X(NONE, false, "no failure")                                                                                       \
    X(URL, false, "not an acceptable URL or header")                                                                   \
    X(SCHEME, false, "scheme refused")                                                                                 \
    X(PORT, false, "port refused")                                                                                     \
    X(OWN, false, "our own origin")                                                                                    \
    X(DNS, true, "name does not resolve")                                                                              \
    X(ADDRESS, false, "address refused")                                                                               \
    X(CONNECT, true, "no connection")                                                                                  \
    X(REFUSED, true, "connection refused")                                                                             \
    X(TLS, true, "TLS handshake failed")                                                                               \
    X(CERT, true, "certificate not valid for this name")                                                               \
    X(TIMEOUT, true, "deadline passed")                                                                                \
    X(TOO_LARGE, false, "answer too large")                                                                            \
    X(PROTOCOL, true, "not a proper HTTP answer")                                                                      \
    X(REDIRECT, false, "too many or bad redirects")                                                                    \
    X(STATUS, false, "unwelcome status")                                                                               \
    X(PARKED, false, "host is left alone for now")                                                                     \
    X(BUSY, false, "too many requests waiting")                                                                        \
    X(WRITE, false, "could not store the answer")                                                                      \
    X(STOPPED, false, "client is stopping")

#define X(name, counts, text) FETCH_##name,
enum fetch_fail { FETCH_FAIL_LIST(X) FETCH_FAIL_COUNT };
#undef X

const char *fetch_fail_name(enum fetch_fail f); /* "TLS" */
const char *fetch_fail_text(enum fetch_fail f); /* for logs */
bool fetch_fail_counts(enum fetch_fail f);      /* says something about the health of the host */

enum {
    FETCH_TIMEOUT_MS = 30 * 1000,
    FETCH_CONNECT_MS = 10 * 1000, /* name, TCP and TLS together */
    FETCH_BODY_BYTES = 1024 * 1024,
    FETCH_REDIRECTS = 3,
    FETCH_HEADERS_MAX = 32,
    FETCH_RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000,
};

/*
 * Called on the thread of http_client_fetch before each request of a chain, the first one too.  Writes at most max headers to out
 * (values in c->mem), e.g. a signature over u; or refuses the URL, e.g. because its domain is blocked: the error is returned.
 */
typedef enum err (*fetch_hop_fn)(
    struct ctx *c, void *arg, const struct url *u, struct http_header *out, size_t max, size_t *n);

struct fetch_request {
    enum http_method method; /* GET, HEAD, POST, PUT, DELETE */
    struct str url;          /* host in A-labels */
    const struct http_header *headers;
    size_t n_headers;
    struct str body;    /* POST and PUT; must stay until the request is done */
    size_t body_max;    /* bytes of the answer, on the wire and decoded; 0: FETCH_BODY_BYTES */
    int64_t timeout_ms; /* in all, waiting for a slot included; 0: FETCH_TIMEOUT_MS */
    int fd;             /* > 0: the answer's body is appended to this file instead of memory */
    bool
        http_ok; /* http besides https, for the verification of profile links; http may redirect to https, never back */
    bool own_ok; /* our own origin is a fair target: self-check */
    bool learn_own; /* for http_client_learn_own: no connection */
    int64_t
        again_ms; /* the host has just spoken to us: its pause ends when the last failure is so long ago (circuit_early); 0: it has not */
    bool own_limits;  /* the caller itself limits by host and backs off: deliveries */
    bool any_status;  /* http_client_fetch: a status other than 2xx is no error */
    bool no_redirect; /* http_client_fetch: return a 3xx as it is; always so for methods other than GET and HEAD */
    fetch_hop_fn hop; /* http_client_fetch only; may be NULL */
    void *hop_arg;
    const void *group; /* for http_client_abort */
};

struct fetch_response {
    enum fetch_fail fail; /* NONE or STATUS when there is an answer */
    int status;           /* 0: none came */
    struct str url;       /* of this answer, the last one of the chain */
    const struct http_header *headers;
    size_t n_headers;
    struct str content_type; /* as sent, "" when absent */
    struct str location;     /* as sent, "" when absent */
    struct str body;         /* empty when it went to a file */
    int64_t body_n;          /* decoded bytes */
    int64_t retry_after_ms;  /* from now, 0 when absent or senseless, at most a day */
    int redirects;           /* followed */
    struct str detail;       /* for the log: what libcurl said */
};

struct http_client_options {
    struct str user_agent;
    struct str own_origin; /* https://social.example; empty: none */
    struct strs resolve;   /* host:port:address[:port] */
    struct strs allow_networks;
    struct strs listen; /* addresses of ours: what is public of them is refused */
    struct str ca_file;
    bool http;                        /* permit http everywhere (federation_http) */
    int per_host, total, waiting_max; /* 0: 4, 1000, 10000 */
};

/* What the configuration says.  Strings are shared with conf; the user agent is in a. */
struct http_client_options http_client_options_from(struct arena *a, const struct config *conf);

/*
 * An entry of resolve as libcurl's CONNECT_TO wants it: "a.test:443:127.0.0.1:8443", or "a.test:443:127.0.0.1:" when the port stays.
 * NULL when it is malformed; the address is a literal, an IPv6 one in brackets or bare.
 */
const char *http_client_connect_to(struct arena *mem, struct str entry);

/* Starts the thread.  Errors: INVALID with *why (a bad resolve, allow_networks or ca_file). */
NODISCARD enum err http_client_new(
    const struct http_client_options *o, struct conf_error *why, struct http_client **out);
/* Ends everything in flight with STOPPED (callbacks run) and joins the thread.  Accepts NULL. */
void http_client_free(struct http_client *cl);

/*
 * http_client_fetch — request, follow redirects, wait for the end.  Uses c->env->client.
 *
 * out     always set, in c->mem: on failure its fail, status and detail say why; body and headers are there for STATUS too.
 * errors  REMOTE (see out->fail; every status but 2xx is one unless any_status); what hop returned
 * thread  worker, job; no transaction may be open (checked).  Never longer than timeout_ms or c->deadline_mono_ms.
 */
NODISCARD enum err http_client_fetch(struct ctx *c, const struct fetch_request *rq, struct fetch_response **out);

/* Owns r: free it with fetch_response_free, on any thread. */
typedef void (*fetch_done_fn)(void *arg, struct fetch_response *r);

/*
 * http_client_start — one request without redirects; done(arg, response) runs once on the client's thread and must be short and
 * must not call http_client_fetch.  It may run before this returns.
 *
 * rq      copied but for body, which stays the caller's until done
 * mem     scratch for this call only
 * thread  any
 */
void http_client_start(
    struct http_client *cl, struct arena *mem, const struct fetch_request *rq, fetch_done_fn done, void *arg);
void fetch_response_free(struct fetch_response *r);

/* A Location (or link) against the URL it came from, RFC 3986 5.2.  False when what results is no URL for this client. */
bool http_client_location(struct arena *mem, struct str base, struct str location, struct url *out);

/* End the requests of that group soon, with STOPPED. */
void http_client_abort(struct http_client *cl, const void *group);
/*
 * Look up the name of our own origin, without connecting, so that its addresses are refused from then on: a server behind a
 * translating router does not see them on its interfaces.  Nothing happens unless the origin is https.
 */
void http_client_learn_own(struct http_client *cl);
/* Something verified came from that host (authority, lower case): it is up. */
void http_client_host_ok(struct http_client *cl, struct str host);

struct http_client_stats {
    int active, waiting;
    size_t hosts;
    int64_t started, finished;
};
void http_client_stats(struct http_client *cl, struct http_client_stats *out);

#endif
