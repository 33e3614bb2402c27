/*
 * The HTTP/1.1 server: loop threads own sockets, worker threads run requests.  doc/design/http.md, doc/design/threads.md.
 * RFC 9110, RFC 9112.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "http/http.h"
#include "http/route.h"
#include "os/loop.h"

struct server;

struct server_options {
    const struct config *
        conf; /* listen, workers, loops, tls_cert, tls_key, trusted_proxies, connections_max, connections_per_ip, data_dir */
    const struct env *env; /* given to every ctx */
    const struct router *router;
    void (*dispatch)(struct ctx *c, struct req *r); /* worker thread; fills r->res */
    bool gzip;                   /* compress text bodies for clients that ask; behind a proxy leave it off */
    size_t lane_max[LANE_COUNT]; /* requests that may wait; 0: 1024 fast, 256 slow, 1024 for strangers */
    const char *spool_dir;       /* for request bodies above 64 KiB; NULL: TMPDIR or /tmp */
    /* Deadlines in milliseconds; 0: head 10 s, idle 60 s, transfer 30 s (in each such window
     * at least 8 KiB a second must move), stop 10 s. */
    int64_t head_ms, idle_ms, transfer_ms, stop_ms;
};

/*
 * Listen and start all threads.  a lives as long as the server, as does everything in o.  Sockets passed by systemd are used instead of conf->listen.  why gets a sentence for the
 * operator on failure.  Errors: BAD_REQUEST (an address or network in the configuration), CONFLICT (address in use), INVALID (TLS
 * files), INTERNAL.
 */
NODISCARD enum err server_start(const struct server_options *o, struct arena *a, struct server **out, struct str *why);
/* What is listened on, with the real port where 0 was asked for. */
struct strs server_addresses(const struct server *s, struct arena *a);
/* Read tls_cert and tls_key again; running connections keep what they have.  Errors: INVALID (the old stays), why as above. */
NODISCARD enum err server_reload(struct server *s, struct arena *a, struct str *why);
/* Stop accepting, close idle connections and streams, let running requests finish (at most stop_ms), end all threads, free. */
void server_stop(struct server *s);

/* The loops, for whoever posts to streams on them (the hub). */
unsigned server_loop_count(const struct server *s);
struct loop *server_loop(const struct server *s, unsigned i);

/* Numbers for metrics; any thread. */
struct server_stats {
    uint64_t accepted, refused, requests, streams_cut;
    uint64_t connections, streams; /* now */
    size_t lane_depth[LANE_COUNT];
};
void server_stats(const struct server *s, struct server_stats *out);

#endif
