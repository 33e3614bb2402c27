/* Signatures accepted in the last hours, so that the same bytes sent again cost one look-up.  A fixed table: the oldest makes room. */
#include "inbox/replay_cache.h"

#include "base/clock.h"

#include <pthread.h>

enum { SETS = 8192, WAYS = 4, KEEP_MS = 3 * HOUR_MS };

struct entry {
    uint64_t key;
    int64_t until_ms;
};

static struct {
    pthread_mutex_t lock;
    struct entry v[SETS][WAYS];
} seen = { .lock = PTHREAD_MUTEX_INITIALIZER };

static uint64_t
key_of(struct str signature)
{
    return str_hash(signature);
}

bool
replay_seen(struct str signature)
{
    uint64_t key = key_of(signature);
    struct entry *set = seen.v[key % SETS];
    bool found = false;

    pthread_mutex_lock(&seen.lock);
    for (int i = 0; i < WAYS && !found; i++)
        found = set[i].key == key && set[i].until_ms > clock_ms();
    pthread_mutex_unlock(&seen.lock);
    return found;
}

void
replay_note(struct str signature)
{
    uint64_t key = key_of(signature);
    struct entry *set = seen.v[key % SETS], *oldest = &set[0];

    pthread_mutex_lock(&seen.lock);
    for (int i = 1; i < WAYS; i++)
        if (set[i].until_ms < oldest->until_ms)
            oldest = &set[i];
    *oldest = (struct entry){ key, clock_ms() + KEEP_MS };
    pthread_mutex_unlock(&seen.lock);
}
