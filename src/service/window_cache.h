/*
 * How often something happened within a while, for keys that strangers choose: a table of fixed size, in this process only.  Where it is
 * full the count that ends first makes room, so a flood of keys forgets others and costs no memory.  Any thread.
 */
#ifndef SERVICE_WINDOW_CACHE_H
#define SERVICE_WINDOW_CACHE_H

#include "base/str.h"

#include <pthread.h>

enum { WINDOW_KEYS = 512 };

struct window {
    pthread_mutex_t lock;
    struct window_count {
        uint64_t key; /* 0: free */
        int64_t until_ms;
        int n;
    } v[WINDOW_KEYS];
};
#define WINDOW_INIT                                                                                                    \
    {                                                                                                                  \
        .lock = PTHREAD_MUTEX_INITIALIZER                                                                              \
    }

/* Count one of key; false when max were counted since the first one, less than period_ms ago. */
bool window_take(struct window *w, struct str key, int max, int64_t period_ms);
/* For tests. */
void window_clear(struct window *w);

#endif
