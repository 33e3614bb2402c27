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

#endif
