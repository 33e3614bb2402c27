/* Counts of window_cache.h. */
#include "service/window_cache.h"

#include "base/clock.h"

static uint64_t
key_of(struct str s)
{
    uint64_t h = str_hash(s);

    return h == 0 ? 1 : h;
}

/* With the lock held; the one of another key is begun anew. */
static struct window_count *
find(struct window *w, uint64_t key)
{
    struct window_count *oldest = &w->v[0];

    for (int i = 0; i < WINDOW_KEYS; i++) {
        if (w->v[i].key == key)
            return &w->v[i];
        if (w->v[i].until_ms < oldest->until_ms)
            oldest = &w->v[i];
    }
    *oldest = (struct window_count){ .key = key };
    return oldest;
}

bool
window_take(struct window *w, struct str key, int max, int64_t period_ms)
{
    struct window_count *c;
    bool ok;

    pthread_mutex_lock(&w->lock);
    c = find(w, key_of(key));
    if (c->until_ms <= clock_ms())
        *c = (struct window_count){ .key = c->key, .until_ms = clock_ms() + period_ms };
    ok = c->n < max;
    c->n += ok ? 1 : 0;
    pthread_mutex_unlock(&w->lock);
    return ok;
}

void
window_clear(struct window *w)
{
    pthread_mutex_lock(&w->lock);
    memset(w->v, 0, sizeof(w->v));
    pthread_mutex_unlock(&w->lock);
}
