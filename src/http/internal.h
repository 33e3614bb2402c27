/*
 * Shared by the files of the server core (server.c, conn.c, exchange.c, io.c, answer.c, stream.c) and by nobody else.
 *
 * Ownership.  A connection belongs to its loop, except while the bit LEASED stands in conn.lease: then it belongs to the worker
 * that runs its request, and the loop only adds EVENT bits.  The worker ends the lease with one compare-and-swap when nothing
 * is left to do, else it posts the connection to the loop.  doc/design/threads.md.
 */
#ifndef HTTP_INTERNAL_H
#define HTTP_INTERNAL_H

#include "base/conf.h"
#include "http/addrs.h"
#include "http/chunked.h"
#include "http/forwarded.h"
#include "http/parse.h"
#include "http/server.h"
#include "http/stream.h"
#include "http/tls.h"
#include "os/loop.h"
#include "os/pool.h"
#include "os/socket.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    READ_BYTES = 64 * 1024,      /* the buffer a loop's connections share */
    BODY_MEMORY_MAX = 64 * 1024, /* more goes to an unlinked file */
    BODY_SMALL_MAX = 16 * 1024,  /* routes without a body still swallow this much: some apps send {} everywhere */
    FLUSH_TURN_BYTES = 1 << 20,  /* one connection's share of a loop's turn */
    TURNS_MAX = 32,              /* steps of one connection before others have their turn */
    PIPELINE_MAX = 100,          /* requests that came before the answers to the ones before */
    LINGER_MS = 2000,            /* of silence, after an early answer, before the client has read it or never will */
    LINGER_ALL_MS = 30 * 1000,   /* what still comes is read and dropped so long: about 30 MB from a telephone */
    LINGER_STOPPING_MS = 100,
    RATE_BYTES_PER_S = 8 * 1024, /* transfers slower than this over a whole window are cut */
    THUMP_MS = 15 * 1000,        /* silence of an event stream before a heartbeat */
    PING_MS = 30 * 1000,         /* of a WebSocket */
    LISTENERS_MAX = 16,
};

enum { LEASED = 1, EVENT_IN = 2, EVENT_OUT = 4, EVENT_END = 8 };

enum phase {
    PHASE_TLS,    /* handshake */
    PHASE_IDLE,   /* between requests; owns no buffer */
    PHASE_HEAD,   /* part of a head is here */
    PHASE_BODY,   /* head accepted, body coming */
    PHASE_READY,  /* request complete, to be given to a lane */
    PHASE_RUN,    /* leased */
    PHASE_WRITE,  /* the loop sends what the worker could not */
    PHASE_LINGER, /* answered and shut down; drop what still comes */
    PHASE_STREAM,
    PHASE_DEAD, /* to be closed */
};

/* Bytes or a part of a file that wait until the socket takes them. */
struct out {
    struct out *next;
    struct blob *blob; /* NULL: file */
    size_t at;
    int fd; /* owned */
    int64_t off, n;
};

struct conn {
    struct loop_source source;
    struct net *net;
    struct conn *prev, *next; /* all of the loop */
    struct loop_call call;    /* the way back from a worker */
    _Atomic unsigned lease;
    unsigned char phase, stream_kind;
    bool trusted : 1;    /* the peer is a trusted proxy */
    bool readable : 1;   /* the socket may have more bytes (edge-triggered) */
    bool hup : 1;        /* the end was announced: a read will find it */
    bool ended : 1;      /* the end was read */
    bool keep_alive : 1; /* after the current answer */
    bool counted : 1;    /* in net->server->addrs */
    bool closing : 1;    /* a stream that ends when its queue is sent */
    bool opened : 1;     /* a stream whose open callback ran */
    unsigned short pipelined;
    struct peer peer;
    uint32_t in_n; /* bytes read but not used yet */
    char *in;
    struct exchange *x; /* being read or run */
    struct tls *tls;
    struct out *out, *out_last;
    size_t out_n;     /* bytes in blobs of out */
    int64_t since_ms; /* when the phase began, or the stream's last sign of life */
    int64_t moved;    /* bytes read or written in the phase */
    int64_t until_ms; /* a linger's end at the latest */
    const struct stream_handler *handler;
    void *arg;
    uint64_t stream_id;
    struct ws_message *message; /* WebSocket message in fragments */
};

/* A request on its way: made by the loop when the head is complete, freed by the worker. One allocation. */
struct exchange {
    struct mail mail;
    struct conn *conn;
    struct req req;
    struct str request_id; /* of a trusted proxy, else empty */
    bool head_minor_0;     /* HTTP/1.0 */
    bool is_chunked;
    bool expect_continue;
    struct chunked chunked;
    int64_t body_want; /* Content-Length */
    int64_t body_limit;
    size_t body_cap;
    char *body;
    char room[] __attribute__((aligned(8))); /* header fields, the head's bytes, copies */
};

struct slot {
    struct conn *conn; /* NULL: free */
    uint32_t generation, next_free;
};

struct listener {
    struct loop_source source;
    struct net *net;
};

/* One loop and what it owns. */
struct net {
    struct server *server;
    struct loop *loop;
    unsigned index;
    pthread_t thread;
    struct loop_timer tick;
    struct conn *conns;
    size_t n_conns;
    struct listener listeners[LISTENERS_MAX];
    bool listening, stopping;
    int64_t stop_at_ms;
    int reserve_fd;
    struct tls_ctx *tls;
    struct arena *scratch;
    struct slot *slots; /* of streams, slot 0 unused */
    uint32_t n_slots, free_slot;
    struct blob *thump, *ping; /* heartbeats, shared */
    int64_t date_s;
    char date[32];
    char buf[READ_BYTES];
};

struct server {
    struct server_options o;
    int listen_fds[LISTENERS_MAX];
    size_t n_listen;
    bool activated; /* the sockets belong to systemd */
    struct trust trust;
    struct addrs addrs;
    struct pool *lanes[LANE_COUNT];
    _Atomic bool stopping; /* nobody waits any more */
    _Atomic uint64_t n_conns, n_streams, accepted, refused, requests, cut;
    unsigned n_nets;
    struct net **nets;
};

/* ---- io.c: whoever owns the connection ---- */

enum { IO_AGAIN = -1, IO_ERROR = -2 };
/* Bytes moved, 0 at the end of the stream, IO_AGAIN, IO_ERROR. */
ssize_t conn_read(struct conn *c, char *p, size_t n);
ssize_t conn_write(struct conn *c, struct str head, struct str body);
ssize_t conn_send_file(struct conn *c, int fd, int64_t off, int64_t n);
/* Append to what waits; the blob's reference or the descriptor passes. */
void conn_queue_blob(struct conn *c, struct blob *b, size_t at);
void conn_queue_file(struct conn *c, int fd, int64_t off, int64_t n);
void conn_drop_queue(struct conn *c);
enum flush_result { FLUSH_DONE, FLUSH_BLOCKED, FLUSH_TURN, FLUSH_ERROR };
enum flush_result conn_flush(struct conn *c);

/* ---- exchange.c ---- */

/* Loop thread: a request from a complete head at the start of bytes, with its route. */
NODISCARD struct exchange *exchange_new(struct conn *c, struct str bytes, const struct http_head *h);
enum { BODY_COMPLETE = 1 };
/* Loop thread: use n bytes of body; 0 when more must come, BODY_COMPLETE, or the status to refuse with. */
NODISCARD int exchange_feed(struct exchange *x, char *p, size_t n, size_t *used);
/* The body is as long as it will be. */
void exchange_end_body(struct exchange *x);
void exchange_free(struct exchange *x); /* accepts NULL */

/* ---- conn.c: loop thread ---- */

void conn_open(struct net *net, int fd, const struct peer *peer, bool trusted, bool counted);
void conn_close(struct conn *c);
/* The coming close resets: else the kernel would keep megabytes for somebody who does not read them. */
void conn_abort(struct conn *c);
/* Make progress until nothing can be done without an event. */
void conn_advance(struct conn *c);
/* Let others have the loop, and come back through the mailbox: for long bodies, long answers and talkative streams. */
void conn_yield(struct conn *c);
/* Each second. */
void conn_check_deadline(struct conn *c, int64_t now_ms);
/* End the lease: needs_loop posts the connection, else the worker's side is over with this call.  Worker thread. */
void conn_give_back(struct conn *c, bool needs_loop);

/* ---- answer.c ---- */

struct worker;
void *worker_begin(void *server);
void worker_run(void *state, struct mail *item);
void worker_end(void *state);
/* A complete small answer from the loop; rendered into the loop's scratch arena. */
struct str answer_canned(struct net *net, int status, bool close, bool head_only);
const char *http_reason(int status);

/* ---- stream.c: loop thread ---- */

void stream_begin(struct conn *c);
void stream_advance(struct conn *c);
void stream_check_deadline(struct conn *c, int64_t now_ms);
/* Runs the close callback; the connection is closed by the caller. */
void stream_end(struct conn *c);

#endif
