/* One count of a rate limit, as http/limit.h gives it away and store/limit.h keeps it. */
#ifndef BASE_LIMIT_COUNT_H
#define BASE_LIMIT_COUNT_H

#include "base/def.h"

struct limit_count {
    uint64_t key;   /* seeded hash of limit and key: says nothing about whom it counts */
    int64_t used;   /* requests in this window */
    int64_t end_ms; /* of the window */
};

#endif
