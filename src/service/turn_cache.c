/*
 * Jobs of strangers share a few threads, so no host may have them all: two fetches of one at a time, one while it is slow, and all that
 * are slow together two.  Who gets no turn goes back to the queue.  A fixed table: strangers choose the hosts, so nothing may grow; those
 * at work always have a place, as there are fewer threads.
 */
#include "service/resolve_internal.h"

#include "base/clock.h"
#include "base/cond.h"

enum {
    PLACES = 128,
    HOST_MAX = 2,
    SLOW_ALL_MAX = 2,
    SLOW_MS = 2 * SECOND_MS,
    REMEMBER_MS = 10 * MINUTE_MS,
    WAIT_MS = 1 * SECOND_MS, /* for a host that is quick */
};

struct place {
    uint64_t key; /* 0: free */
    int n;        /* fetches under way */
    int64_t since_mono_ms;
    int64_t slow_until_mono_ms;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t left = PTHREAD_COND_INITIALIZER;
static struct place places[PLACES];

/* With the lock held.  The one that is forgotten is not at work, and its slowness ends first. */
static struct place *
place_of(uint64_t key)
{
    struct place *worst = NULL;

    for (int i = 0; i < PLACES; i++) {
        if (places[i].key == key)
            return &places[i];
        if (places[i].n == 0 && (worst == NULL || places[i].slow_until_mono_ms < worst->slow_until_mono_ms))
            worst = &places[i];
    }
    if (worst != NULL)
        *worst = (struct place){ .key = key };
    return worst;
}

static bool
is_slow(const struct place *p, int64_t now)
{
    return now < p->slow_until_mono_ms || (p->n > 0 && now - p->since_mono_ms > SLOW_MS);
}

static bool
has_room(const struct place *p, int64_t now)
{
    int slow = 0;

    if (!is_slow(p, now))
        return p->n < HOST_MAX;
    for (int i = 0; i < PLACES; i++)
        if (places[i].n > 0 && is_slow(&places[i], now))
            slow += places[i].n;
    return p->n == 0 && slow < SLOW_ALL_MAX;
}

static uint64_t
key_of(struct str host)
{
    uint64_t h = str_hash(resolve_registered(host));

    return h == 0 ? 1 : h;
}

bool
resolve_turn_enter(struct str host, struct host_turn *out)
{
    int64_t until = clock_mono_ms() + WAIT_MS, now;
    uint64_t key = key_of(host);
    struct place *p;

    *out = (struct host_turn){ 0 };
    pthread_mutex_lock(&lock);
    while (true) {
        now = clock_mono_ms();
        p = place_of(key);
        if (p == NULL || has_room(p, now) || is_slow(p, now) || now >= until)
            break;
        cond_wait_until(&left, &lock, until);
    }
    if (p != NULL && has_room(p, now)) {
        *out = (struct host_turn){ key, now };
        if (p->n++ == 0)
            p->since_mono_ms = now;
    }
    pthread_mutex_unlock(&lock);
    return out->key != 0;
}

void
resolve_turn_leave(struct host_turn t)
{
    int64_t now = clock_mono_ms();
    struct place *p;

    pthread_mutex_lock(&lock);
    p = place_of(t.key); /* there, as it is at work */
    p->n--;
    p->since_mono_ms = now;
    p->slow_until_mono_ms = now - t.since_mono_ms > SLOW_MS ? now + REMEMBER_MS : 0;
    pthread_cond_broadcast(&left);
    pthread_mutex_unlock(&lock);
}

bool
resolve_turn_is_slow(struct str host)
{
    bool slow;
    struct place *p;

    pthread_mutex_lock(&lock);
    p = place_of(key_of(host));
    slow = p == NULL || is_slow(p, clock_mono_ms());
    pthread_mutex_unlock(&lock);
    return slow;
}

void
resolve_turns_clear(void)
{
    pthread_mutex_lock(&lock);
    for (int i = 0; i < PLACES; i++)
        places[i].slow_until_mono_ms = 0;
    pthread_mutex_unlock(&lock);
}
