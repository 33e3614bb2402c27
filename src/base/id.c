/* Time-ordered ids. */
#include "base/id.h"

#include "base/clock.h"
#include "base/rng.h"

#include <stdatomic.h>

enum {
    LOW_BITS = 16,
    NODE_BITS = 6,
    COUNT_BITS = LOW_BITS - NODE_BITS,
};
_Static_assert(1 << NODE_BITS == ID_NODES, "numbers of processes fill their bits");

static _Atomic int64_t last_id;
static _Atomic int64_t lease; /* until when, and in the low bits the number */

void
id_node(int number, int64_t until_mono_ms)
{
    CHECK(number >= 0 && number < ID_NODES);
    lease = MIN(until_mono_ms, INT64_MAX >> NODE_BITS) << NODE_BITS | number;
}

static int64_t
own_number(void)
{
    int64_t l = lease;

    return l >> NODE_BITS > clock_mono_ms() ? l & (ID_NODES - 1) : 0;
}

int64_t
id_new(void)
{
    int64_t now = clock_ms() << LOW_BITS, own = own_number(), last = last_id, next;

    do {
        /* Within one millisecond count up; at the start of a new one begin at a random place in the lower half. */
        if (last >> LOW_BITS >= now >> LOW_BITS)
            next = (((last >> NODE_BITS) + 1) << NODE_BITS) | own;
        else
            next = now | (int64_t)rng_below(1 << (COUNT_BITS - 1)) << NODE_BITS | own;
    } while (!atomic_compare_exchange_weak(&last_id, &last, next));
    return next;
}

int64_t
id_at(int64_t ms)
{
    return (MAX(ms, 0) << LOW_BITS) | (int64_t)rng_below(1 << LOW_BITS);
}

int64_t
id_ms(int64_t id)
{
    return id >> LOW_BITS;
}
