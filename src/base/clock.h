/*
 * The one clock.  Everything about dates (due jobs, expiry, created_at) asks clock_ms(); deadlines of I/O ask
 * clock_mono_ms(), which no test moves.  Any thread.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/def.h"

enum {
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
};

/* Milliseconds since 1970 UTC, plus the offset set by tests. */
int64_t clock_ms(void);
/* Monotonic milliseconds from an arbitrary start; not settable. */
int64_t clock_mono_ms(void);
/* Monotonic nanoseconds, for metrics. */
int64_t clock_mono_ns(void);
/* Move clock_ms() by so many milliseconds (may be negative) and wake every sleeper.  Test mode only: the caller checks. */
void clock_shift(int64_t by_ms);
/* fn(arg) is called by clock_shift, on its thread; at most 16 callbacks, registered at start. */
void clock_on_shift(void (*fn)(void *), void *arg);

#endif
