/*
 * A condition with a deadline on the clock that nobody sets.  Works with any pthread_cond_t; spurious wake-ups as with pthread.
 *
 *   while (!ready && cond_wait_until(&cond, &lock, until_mono_ms))
 *       ;
 */
#ifndef BASE_COND_H
#define BASE_COND_H

#include "base/def.h"

#include <pthread.h>
#include <time.h>

/* With the lock held.  until_mono_ms: of clock_mono_ms().  False: that time has come.  Any thread. */
static inline bool
cond_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock, int64_t until_mono_ms)
{
    struct timespec t = { .tv_sec = until_mono_ms / 1000, .tv_nsec = until_mono_ms % 1000 * 1000000 };

    return pthread_cond_clockwait(cond, lock, CLOCK_MONOTONIC, &t) == 0;
}

/*
 * Threads that wait for something of which one at a time may have it, in the order of their coming: each has a condition of its own.  In
 * glibc before 2.41 a signal of a condition at which several threads wait can be lost (bug 25847), and whoever counts on it sleeps for
 * ever; with one thread at each there is nothing to lose.  All zero is empty.  The same lock for all calls of a queue.
 */
struct cond_queue {
    struct cond_waiter *first, *last;
};
enum { COND_FOREVER = 0 };

/* With the lock held; no spurious wake-ups.  until_mono_ms: of clock_mono_ms(), or COND_FOREVER.  False: that time has come, uncalled. */
bool cond_queue_wait(struct cond_queue *q, pthread_mutex_t *lock, int64_t until_mono_ms);
/* With the lock held: wake who came first.  False when nobody waits. */
bool cond_queue_call(struct cond_queue *q);
void cond_queue_call_all(struct cond_queue *q);

#endif
