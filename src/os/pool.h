/* A pool of threads behind one bounded queue. */
#ifndef OS_POOL_H
#define OS_POOL_H

#include "os/mailbox.h"

struct pool;

enum { POOL_SHARES = 2 };

struct pool_options {
    const char *name; /* of the threads, at most 15 bytes */
    unsigned threads;
    size_t queue_max;   /* items that may wait; more are refused */
    size_t stack_bytes; /* 0: 512 KiB */
    /* On each thread: made before the first item, given to every run, freed at the end.  begin and end may be NULL. */
    void *(*begin)(void *arg);
    void (*run)(void *state, struct mail *item);
    void (*end)(void *state);
    void *arg; /* for begin */
    /*
     * Whose an item is, for threads that wait for strangers: of what has its i-th share in common at most share_threads[i] run at a time
     * and share_queue_max[i] wait; the items of others overtake.  0 is nobody's.  NULL: everything runs in the order of its coming.
     * Called with the pool's lock held.
     */
    void (*shares)(const struct mail *item, uint64_t out[POOL_SHARES]);
    size_t share_threads[POOL_SHARES], share_queue_max[POOL_SHARES];
};

/* NULL when threads cannot be started. */
NODISCARD struct pool *pool_new(const struct pool_options *o);
/* Any thread: queue one item, which passes ownership; false (nothing taken) when the queue or a share is full, or the pool stops. */
NODISCARD bool pool_put_take(struct pool *p, struct mail *item);
/* Items that wait now. */
size_t pool_depth(struct pool *p);
/* Run what waits, then end the threads and free; accepts NULL. */
void pool_free(struct pool *p);

#endif
