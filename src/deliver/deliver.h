/*
 * Delivery: takes due rows from a source, signs each and posts it to its inbox, and reports what became of it.  One loop thread,
 * a few signing threads, the outbound client.  It knows no database, keys or ActivityPub: the source and the sign function do.
 *
 * At least once: a row is done only when its result was written; whatever is cut short is due again.  doc/design/delivery.md
 */
#ifndef DELIVER_DELIVER_H
#define DELIVER_DELIVER_H

#include "base/arena.h"
#include "base/err.h"
#include "http/circuit.h"
#include "http/client.h"

/* DIALECT_ED25519: RFC 9421 with the author's Ed25519 key, ten times cheaper to make than RSA. */
enum deliver_dialect { DIALECT_UNKNOWN, DIALECT_CAVAGE, DIALECT_RFC9421, DIALECT_ED25519 };

enum { DELIVER_HORIZON_MS = 7 * 24 * 60 * 60 * 1000, DELIVER_HEADERS_MAX = 12, DELIVER_ERROR_BYTES = 200 };

struct deliver_row {
    int64_t id, activity_id;
    int64_t account_id; /* whose key signs; 0: the instance actor */
    struct str inbox;
    struct str host; /* authority of inbox */
    int tries;       /* attempts that failed so far */
    int64_t created_ms;
    int64_t lease_ms;             /* until then it is ours: clock_ms() */
    enum deliver_dialect dialect; /* remembered for the host */
};

struct deliver_rows {
    struct deliver_row *v;
    size_t n;
    int64_t next_due_ms; /* earliest of the rows not returned, the skipped hosts aside; 0: none */
};

struct deliver_claim {
    int64_t now_ms;
    size_t max;
    size_t max_per_host;          /* a wish: more of one host are given back at once */
    const struct str *skip_hosts; /* they have enough rows waiting in memory */
    size_t n_skip;
};

enum deliver_state {
    DELIVER_DONE,  /* accepted by the peer */
    DELIVER_RETRY, /* failed, tries went up, due again at next_ms */
    DELIVER_HELD,  /* not attempted, or not the row's fault: tries unchanged, due again at next_ms */
    DELIVER_DEAD,  /* failed for good */
};

struct deliver_result {
    int64_t id;
    int64_t lease_ms; /* of the claim, so that what somebody else has claimed since is left alone */
    enum deliver_state state;
    int tries;
    int64_t next_ms;  /* RETRY, HELD */
    int http_status;  /* 0: no answer came */
    struct str error; /* for the author's delivery report; empty when DONE */
    /* for consequences: 410 and 404 make the service look at the actor */
    int64_t activity_id;
    struct str inbox;
};

/* What is known of a host: written when it changed for good reasons, read back at start. */
struct deliver_host {
    struct str name;
    enum deliver_dialect dialect;
    int64_t no_ed25519_ms;  /* when it refused DIALECT_ED25519 and took another, 0: never */
    struct circuit circuit; /* probes, next_ms and hold_ms may be forgotten between runs */
};

struct deliver_batch {
    const struct deliver_result *results;
    size_t n_results;
    const struct deliver_host *hosts;
    size_t n_hosts;
};

struct deliver_hosts {
    struct deliver_host *v;
    size_t n;
};

/*
 * Where rows come from.  Every function runs on the loop's thread and may block on the database; memory of answers is mem's.
 * Errors of claim and write are tried again after a second.
 */
struct deliver_source {
    void *arg;
    /*
     * Due rows, most urgent first, leased: neither this nor another process gets them again for at least 10 minutes, unless their
     * result was written.  One whose lease has ended may come again to this loop, with a new lease.
     */
    enum err (*claim)(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out);
    /* The document, and what the sign function is to know of it.  NOT_FOUND or GONE: its rows are dead. */
    enum err (*load)(void *arg, struct arena *mem, int64_t activity_id, struct str *body, unsigned *flags);
    /* All or nothing, durable on return; results of another lease than the row has now are no error, and change nothing. */
    enum err (*write)(void *arg, const struct deliver_batch *b);
    /* All waiting rows of the host: not before until_ms; or due now.  One statement each. */
    enum err (*park)(void *arg, struct str host, int64_t until_ms);
    enum err (*release)(void *arg, struct str host, int64_t now_ms);
    /* At start: hosts that are not up, and remembered dialects; at most max.  May be NULL. */
    enum err (*hosts)(void *arg, struct arena *mem, size_t max, struct deliver_hosts *out);
};

struct deliver_to_sign {
    int64_t activity_id, account_id;
    struct str url;  /* the inbox, or where it moved to */
    struct str host; /* of the row: for Collection-Synchronization */
    struct str body;
    unsigned flags;               /* of load */
    enum deliver_dialect dialect; /* in: any but UNKNOWN; out: RFC9421 when there was no Ed25519 key to sign with */
    int64_t now_ms;
};

/*
 * All headers of the request but User-Agent and Content-Length, values in mem.  Runs on the signing threads.  Errors: NOT_FOUND or
 * GONE (no such key any more): the row is dead; others: tried again.
 */
typedef enum err (*deliver_sign_fn)(
    void *arg, struct arena *mem, struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n);

struct deliver_options {
    struct deliver_source source; /* copied */
    deliver_sign_fn sign;
    void *sign_arg;
    struct http_client *client; /* must outlive the loop */
    int signers;                /* threads, 0: one for each core */
    int total, per_host;        /* in flight, 0: 1000 and 4 */
    int queue_max;              /* rows in memory that are not in flight, 0: 4096 */
    int timeout_ms;             /* of one attempt, 0: 30 s */
    int poll_ms;                /* rows of other processes bring no wake-up: the source is asked so often, 0: 10 s */
};

struct deliver;

/* Starts the threads.  NULL when the system has none. */
NODISCARD struct deliver *deliver_new(const struct deliver_options *o);
/* Waits at most grace_ms for what is in flight, cuts the rest, writes the results, ends the threads.  Accepts NULL. */
void deliver_free(struct deliver *d, int grace_ms);
/* There may be due rows: after commit.  Any thread, cheap. */
void deliver_wake(struct deliver *d);
/*
 * Something verified came from that host (authority, lower case): it is up, what was held may go.  ed25519: it understands
 * DIALECT_ED25519, as it signs so itself, or takes RFC 9421 and publishes such keys.  Any thread.
 */
void deliver_host_ok(struct deliver *d, struct str host, bool ed25519);

struct deliver_stats {
    int queued, active;
    int64_t claimed, done, retried, held, dead;
};
void deliver_stats(struct deliver *d, struct deliver_stats *out);

#endif
