/* The one clock, with an offset that tests can set. */
#include "base/clock.h"

#include <stdatomic.h>
#include <time.h>

enum { CALLBACKS_MAX = 16 };

static _Atomic int64_t offset_ms;
static struct {
    void (*fn)(void *);
    void *arg;
} callbacks[CALLBACKS_MAX];
static _Atomic int n_callbacks;

static int64_t
read_ns(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t
clock_ms(void)
{
    return read_ns(CLOCK_REALTIME) / 1000000 + offset_ms;
}

int64_t
clock_mono_ms(void)
{
    return read_ns(CLOCK_MONOTONIC) / 1000000;
}

int64_t
clock_mono_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

void
clock_shift(int64_t by_ms)
{
    offset_ms += by_ms;
    for (int i = 0; i < n_callbacks; i++)
        callbacks[i].fn(callbacks[i].arg);
}

void
clock_on_shift(void (*fn)(void *), void *arg)
{
    int i = n_callbacks;

    CHECK(i < CALLBACKS_MAX);
    callbacks[i].fn = fn;
    callbacks[i].arg = arg;
    n_callbacks = i + 1;
}
