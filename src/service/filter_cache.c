/* A table of sets behind a lock. */
#include "service/filter_cache.h"

#include "base/arena.h"

#include <pthread.h>

enum { SETS = 128, WAYS = 4 }; /* an ordinary one has 64 KB, of which it uses a few */

static struct {
    pthread_mutex_t lock;
    int64_t clock;
    struct filter_set *v[SETS][WAYS];
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER };

static struct filter_set **
row_of(int64_t account_id)
{
    return cache.v[(uint64_t)account_id * UINT64_C(0x9e3779b97f4a7c15) >> 57];
}

/* With the lock held; the arena is freed by the caller when this gives one. */
static struct arena *
drop(struct filter_set *s)
{
    return s != NULL && --s->refs == 0 ? s->mem : NULL;
}

struct filter_set *
filter_cache_get(int64_t account_id, int64_t version)
{
    struct filter_set *found = NULL, **row = row_of(account_id);

    pthread_mutex_lock(&cache.lock);
    for (int i = 0; i < WAYS && found == NULL; i++)
        if (row[i] != NULL && row[i]->account_id == account_id && row[i]->version == version)
            found = row[i];
    if (found != NULL) {
        found->refs++;
        found->used = ++cache.clock;
    }
    pthread_mutex_unlock(&cache.lock);
    return found;
}

void
filter_cache_put(struct filter_set *s)
{
    struct filter_set **row = row_of(s->account_id), **slot = &row[0];
    struct arena *dead = NULL;

    pthread_mutex_lock(&cache.lock);
    for (int i = 0; i < WAYS; i++) {
        if (row[i] != NULL && row[i]->account_id == s->account_id) {
            slot = &row[i];
            break;
        }
        if (*slot != NULL && (row[i] == NULL || row[i]->used < (*slot)->used))
            slot = &row[i];
    }
    dead = drop(*slot);
    s->refs++;
    s->used = ++cache.clock;
    *slot = s;
    pthread_mutex_unlock(&cache.lock);
    arena_free(dead);
}

void
filter_cache_release(void *set)
{
    struct arena *dead;

    pthread_mutex_lock(&cache.lock);
    dead = drop(set);
    pthread_mutex_unlock(&cache.lock);
    arena_free(dead);
}
