/* Time-ordered ids. */
#include "base/id.h"

#include "base/clock.h"
#include "base/rng.h"

#include <stdatomic.h>

static _Atomic int64_t last_id;

int64_t
id_new(void)
{
    int64_t now = clock_ms() << 16, last = last_id, next;

    do {
        /* Within one millisecond count up; at the start of a new one begin at a random place in the lower half. */
        next = (last >> 16) >= (now >> 16) ? last + 1 : now | (int64_t)rng_below(1 << 15);
    } while (!atomic_compare_exchange_weak(&last_id, &last, next));
    return next;
}

int64_t
id_at(int64_t ms)
{
    return (MAX(ms, 0) << 16) | (int64_t)rng_below(1 << 16);
}

int64_t
id_ms(int64_t id)
{
    return id >> 16;
}
