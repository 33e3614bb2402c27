/* Counters of connections by address. */
#include "http/addrs.h"

#include <stdatomic.h>

static void
find(struct addrs *a, const struct ip *ip, _Atomic uint32_t *out[ADDRS_ROWS])
{
    struct ip net = ip_client_network(ip);
    uint64_t h = str_hash((struct str){ (const char *)net.b, sizeof(net.b) });

    for (int row = 0; row < ADDRS_ROWS; row++)
        out[row] = &a->n[row][(h >> (row * 32)) % ADDRS_WIDTH];
}

bool
addrs_enter(struct addrs *a, const struct ip *ip, uint32_t max)
{
    _Atomic uint32_t *at[ADDRS_ROWS];
    bool over = true;

    find(a, ip, at);
    for (int row = 0; row < ADDRS_ROWS; row++)
        over &= atomic_fetch_add(at[row], 1) >= max;
    if (over)
        addrs_leave(a, ip);
    return !over;
}

void
addrs_leave(struct addrs *a, const struct ip *ip)
{
    _Atomic uint32_t *at[ADDRS_ROWS];

    find(a, ip, at);
    for (int row = 0; row < ADDRS_ROWS; row++)
        atomic_fetch_sub(at[row], 1);
}
