/*
 * How many connections each address has: two rows of counters under independent hashes, so that memory is constant however many
 * addresses come.  An address is over its limit when both its counters are; strangers share both with a chance of one in a
 * thousand million.  Any thread, no locks.
 */
#ifndef HTTP_ADDRS_H
#define HTTP_ADDRS_H

#include "base/ip.h"

enum { ADDRS_ROWS = 2, ADDRS_WIDTH = 32768 };

struct addrs {
    _Atomic uint32_t n[ADDRS_ROWS][ADDRS_WIDTH];
};

/* Count one more for the address (the /64 for IPv6), unless it has max already: false. */
NODISCARD bool addrs_enter(struct addrs *a, const struct ip *ip, uint32_t max);
/* One less, after a successful addrs_enter. */
void addrs_leave(struct addrs *a, const struct ip *ip);

#endif
