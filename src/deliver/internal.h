/* Shared by the files of deliver/: the loop (loop.c), its hosts (host.c), documents (body.c), results (result.c), sending (send.c). */
#ifndef DELIVER_INTERNAL_H
#define DELIVER_INTERNAL_H

#include "deliver/deliver.h"
#include "deliver/policy.h"
#include "http/hosts.h"
#include "os/mailbox.h"
#include "os/pool.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    CLAIM_MAX = 512,        /* rows of one claim */
    HOST_QUEUE_MAX = 64,    /* rows of one host in memory; more are given back */
    HOST_CLAIM_MAX = 32,    /* rows of one host a claim asks for; it skips hosts with more, so that these two fit */
    SKIP_MAX = 1024,        /* skipped hosts of one claim */
    DOUBT_QUEUE = 2,        /* rows in memory of a host in doubt, before it is skipped */
    DOUBT_CLAIM_FROM = 256, /* so many rows of such hosts in memory: claims ask for DOUBT_QUEUE of each host */
    HOSTS_MAX = 16384,      /* host table */
    BUCKETS = 4096,         /* rows by id, documents by id; a power of two */
    BODY_FRESH_MS = 1000,   /* a document is asked for again after so long: deletes win */
    IDLE_BODIES = 16,       /* documents kept though nobody sends them now */
    RESULTS_MAX = 256,      /* written at once */
    RESULTS_WAIT_MS = 100,  /* oldest unwritten result */
    /* What a lease must still last.  The attempts of a row, in three dialects and at a second address, take two minutes. */
    LEFT_TO_BEGIN_MS = 5 * 60 * 1000,
    LEFT_TO_SEND_MS = 60 * 1000, /* one attempt, and its result on disk */
};

/* What other threads send to the loop; the first member of every message. */
enum mail_kind { MAIL_WAKE, MAIL_DONE, MAIL_HOST_OK };
struct note {
    struct mail mail;
    enum mail_kind kind;
};

struct host_note {
    struct note note;
    bool ed25519;
    size_t n;
    char name[];
};

struct body {
    int64_t id;
    int refs;
    struct str text; /* malloc */
    unsigned flags;
    struct body *chain;
    int64_t loaded_mono_ms;
};

struct dhost { /* entry of the host table */
    struct host h;
    enum deliver_dialect dialect;
    int64_t no_ed25519_ms;
    bool dirty;  /* to be written */
    bool parked; /* the source was told */
    bool in_ring;
    bool answered; /* well, since the start or before it */
    bool in_doubt; /* not heard well of, or the last time not: host_doubt() */
    bool skipped;  /* the last claim asked for none of its rows */
    int active;
    size_t n_queued;
    int64_t calm_until_ms; /* one at a time after it came back */
    struct item *first, *last;
    struct dhost *ring_next;
};

struct item { /* one row in memory */
    struct note note;
    struct deliver *d;
    struct deliver_row row; /* its strings are in data */
    struct dhost *host;     /* pinned */
    struct body *body;
    enum deliver_dialect dialect; /* of this attempt */
    unsigned tried;               /* bits 1 << dialect of those before it */
    bool followed;
    bool in_doubt; /* its place in flight is one of those for hosts in doubt */
    /* Its lease ends at the earlier of these: the clock may be set back, and the other one stands still while the machine sleeps. */
    _Atomic int64_t lease_ms, lease_mono_ms;
    int64_t asked_ns;   /* clock_mono_ns() when this attempt left */
    struct item *next;  /* host queue */
    struct item *chain; /* by id */
    char *moved;        /* where the inbox redirected to, malloc, NULL */
    struct fetch_response *response;
    enum err sign_err;
    char data[];
};

struct deliver {
    struct deliver_source source;
    deliver_sign_fn sign;
    void *sign_arg;
    struct http_client *client;
    int total, per_host, queue_max, timeout_ms, poll_ms;

    pthread_t thread;
    struct mailbox box;
    struct pool *signers;
    struct note wake_note;
    _Atomic bool wake_sent, stopping, cutting;
    _Atomic int64_t grace_end_ms;

    /* the loop's thread only */
    struct arena *mem; /* reset each turn */
    struct hosts *hosts;
    struct ring_of_hosts { /* in_ring is true in either */
        struct dhost *first, *last;
    } ring, waiting;                /* waiting: hosts in doubt, for one of their places */
    int active_doubt, queued_doubt; /* of active and queued */
    struct item *by_id[BUCKETS];
    struct body *bodies[BUCKETS];
    struct body *idle[IDLE_BODIES];
    int next_idle;
    int64_t next_claim_ms, next_write_ms; /* monotonic */
    struct arena *results_mem;
    struct deliver_result results[RESULTS_MAX];
    size_t n_results;
    struct deliver_host changes[RESULTS_MAX];
    size_t n_changes;
    int64_t oldest_result_ms;

    _Atomic int queued, active;
    _Atomic int64_t claimed, done, retried, held, dead;
};

/* host.c */
struct dhost *host_for(struct deliver *d, struct str name);
void host_queue(struct deliver *d, struct dhost *h, struct item *it);
struct item *host_pop(struct deliver *d, struct dhost *h);
void ring_put(struct deliver *d, struct dhost *h);
struct dhost *ring_take(struct deliver *d);
/* Put a host from the ring aside until a place for those in doubt is free; then ring_take gives it. */
void ring_wait(struct deliver *d, struct dhost *h);
int host_slots(struct deliver *d, const struct dhost *h, int64_t now_ms);
void host_hear(struct deliver *d, struct dhost *h, enum host_news news);
void host_hold(struct deliver *d, struct dhost *h, int64_t ms);
/* It took this one, after it refused those of the bits tried. */
void host_took(struct deliver *d, struct dhost *h, enum deliver_dialect dialect, unsigned tried);
/* It is said to understand Ed25519: tried from now on, unless it refused it in the last 30 days. */
void host_knows_ed25519(struct deliver *d, struct dhost *h);
void hosts_restore(struct deliver *d);
size_t hosts_to_skip(struct deliver *d, struct str *out, size_t max);

/* body.c: NOT_FOUND, GONE and what load returns; body_put gives back one reference. */
NODISCARD enum err body_get(struct deliver *d, int64_t id, struct body **out);
void body_put(struct deliver *d, struct body *b);
void bodies_free(struct deliver *d);

/* result.c: the row leaves memory. */
void finish_done(struct deliver *d, struct item *it, int status);
void finish_retry(struct deliver *d, struct item *it, int status, bool slow, int64_t least_ms, struct str why);
void finish_dead(struct deliver *d, struct item *it, int status, struct str why);
void finish_held(struct deliver *d, struct item *it, int64_t next_ms);
void host_changed(struct deliver *d, struct dhost *h);
/* Write what there is; true when nothing is left. */
bool results_flush(struct deliver *d);
bool results_full(const struct deliver *d);
struct item *item_new(struct deliver *d, const struct deliver_row *row);
/* NULL: not in memory. */
struct item *item_find(const struct deliver *d, int64_t id);
/* The row was claimed until lease_ms, by a question of asked_ms and asked_mono_ms. */
void item_lease(struct item *it, int64_t lease_ms, int64_t asked_ms, int64_t asked_mono_ms);
/* How long nobody else gets the row.  Any thread. */
int64_t item_left_ms(const struct item *it);

/* send.c */
void send_item(struct deliver *d, struct item *it); /* MAIL_DONE follows, always */
struct pool *signers_new(struct deliver *d, int threads);

#endif
