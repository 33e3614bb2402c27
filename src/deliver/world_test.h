/* The loop of deliveries against a source in memory, and peers that answer as told by the path of the inbox. */
#ifndef DELIVER_WORLD_TEST_H
#define DELIVER_WORLD_TEST_H

#include "deliver/deliver.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ROWS_MAX = 4000, HOSTS = 40, FOREVER_MS = 60000, NO_ED25519 = 7 /* an account */ };

struct row {
    int64_t id, account_id, next_ms, lease_ms, created_ms;
    char inbox[80], host[20];
    int tries, status, writes;
    enum deliver_state state;
    bool open; /* not done, not dead */
    char error[DELIVER_ERROR_BYTES + 1];
};

struct world {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    struct row rows[ROWS_MAX];
    int n;
    bool one_host_floods; /* the wish for few of each host is not heard */
    int parks, releases, write_errors, loads;
    int claims, granted, strange; /* and their rows; results of a lease that the row has no longer */
    bool freeze, is_frozen;       /* the next signature waits; one does */
    struct deliver_host saved[64];
    char saved_names[64][20];
    int n_saved;
    /* peers */
    struct peer *peer;
    int in_flight, most_in_flight, per_host[HOSTS], most_per_host;
    _Atomic int status; /* of /status */
    _Atomic int hits_rfc, hits_cavage, hits_ed25519;
    struct http_client *client;
    struct deliver *d;
};

struct world *world_up(void);
/* The loop over it; with its own source, signatures and client. */
void world_go(struct world *w, struct deliver_options o);
void world_down(struct world *w);

/* A row of account 1 to http://h<host>.test<path>, due now.  Before the loop runs, or with the lock held. */
struct row *world_add(struct world *w, int host, const char *path);
/* Rows while the loop runs, which is woken.  account_id 0: account 1. */
struct world_letter {
    int host;
    const char *path;
    int64_t account_id;
};
void world_send(struct world *w, const struct world_letter *v, size_t n);
#define WORLD_SEND(w, ...)                                                                                             \
    world_send(w, (struct world_letter[]){ __VA_ARGS__ }, lengthof(((struct world_letter[]){ __VA_ARGS__ })))

/* Until that many results of those rows were written in all. */
void world_wait_writes(struct world *w, int from, int to, int writes);
/* The next signature waits from now on, as in a process that was stopped; until it does; it goes on. */
void world_freeze(struct world *w);
void world_wait_frozen(struct world *w);
void world_thaw(struct world *w);
/* Until so many rows were claimed in all, and the loop has what it claimed. */
void world_wait_granted(struct world *w, int n);
/* Until those rows are done or dead. */
void world_wait_closed(struct world *w, int from, int to);
void world_check(const struct row *r, enum deliver_state state, int tries, int status);

#endif
