/*
 * What resolve remembers between fetches, in this process only: URLs that failed (so that a storm of mentions of a dead server
 * costs one request), and URLs that are being fetched now.  Fixed tables: strangers choose the keys, so nothing may grow.
 */
#include "service/resolve_internal.h"

#include "base/clock.h"
#include "base/cond.h"
#include "base/url.h"
#include "service/window_cache.h"

enum {
    SETS = 2048,
    WAYS = 4, /* in a set the entry that ends first makes room */
    FLIGHTS = 256,
    NEW_HOSTS_MAX = 10,
    QUICK_WAIT_MS = 1 * SECOND_MS, /* for a host that is quick */
};

struct failure_entry {
    uint64_t key;
    int64_t until_ms;
    enum err err;
    int failures;
};

struct flying {
    uint64_t key; /* 0: free */
    pthread_t by;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t landed;
    struct failure_entry failed[SETS][WAYS];
    struct flying flights[FLIGHTS];
} cache = { .lock = PTHREAD_MUTEX_INITIALIZER, .landed = PTHREAD_COND_INITIALIZER };

static struct window new_hosts = WINDOW_INIT;

static uint64_t
key_of(struct str url)
{
    uint64_t h = str_hash(url);

    return h == 0 ? 1 : h;
}

/* With the lock held; NULL when it is not there. */
static struct failure_entry *
find(uint64_t key)
{
    struct failure_entry *set = cache.failed[key % SETS];

    for (int i = 0; i < WAYS; i++)
        if (set[i].key == key)
            return &set[i];
    return NULL;
}

static int64_t
remember_ms(enum err e, int failures)
{
    int64_t ms = MINUTE_MS;

    if (e == ERR_GONE)
        return DAY_MS;
    if (e == ERR_NOT_FOUND)
        return HOUR_MS;
    for (int i = 1; i < failures && ms < DAY_MS; i++)
        ms *= 2;
    return MIN(ms, DAY_MS);
}

enum err
resolve_failed_before(struct str url, int64_t again_ms)
{
    int64_t now = clock_ms();
    enum err e = ERR_OK;
    struct failure_entry *f;

    pthread_mutex_lock(&cache.lock);
    f = find(key_of(url));
    if (f != NULL && f->until_ms > now &&
        (again_ms == 0 || f->until_ms - remember_ms(f->err, f->failures) + again_ms > now))
        e = f->err;
    pthread_mutex_unlock(&cache.lock);
    return e;
}

void
resolve_note_failure(struct str url, enum err e)
{
    uint64_t key = key_of(url);
    struct failure_entry *f, *set = cache.failed[key % SETS];

    if (e != ERR_GONE && e != ERR_NOT_FOUND && e != ERR_FORBIDDEN && e != ERR_REMOTE)
        return; /* ours, not theirs */
    pthread_mutex_lock(&cache.lock);
    f = find(key);
    if (f == NULL) {
        f = &set[0];
        for (int i = 1; i < WAYS; i++)
            if (set[i].until_ms < f->until_ms)
                f = &set[i];
        *f = (struct failure_entry){ .key = key };
    }
    f->failures = MIN(f->failures + 1, 30);
    f->err = e;
    f->until_ms = clock_ms() + remember_ms(e, f->failures);
    pthread_mutex_unlock(&cache.lock);
}

void
resolve_note_success(struct str url)
{
    struct failure_entry *f;

    pthread_mutex_lock(&cache.lock);
    f = find(key_of(url));
    if (f != NULL)
        *f = (struct failure_entry){ 0 };
    pthread_mutex_unlock(&cache.lock);
}

void
resolve_cache_clear(void)
{
    pthread_mutex_lock(&cache.lock);
    for (int i = 0; i < SETS; i++)
        for (int k = 0; k < WAYS; k++)
            cache.failed[i][k] = (struct failure_entry){ 0 };
    pthread_mutex_unlock(&cache.lock);
    window_clear(&new_hosts);
    resolve_turns_clear();
}

static int
slot_of(uint64_t key)
{
    for (int i = 0; i < FLIGHTS; i++)
        if (cache.flights[i].key == key)
            return i;
    return -1;
}

static uint64_t
flight_key(enum flight_kind kind, struct str url)
{
    uint64_t h = key_of(url) + (uint64_t)kind;

    return h == 0 ? 1 : h;
}

struct flight
resolve_flight_enter(enum flight_kind kind, struct str url, int64_t until_mono_ms)
{
    uint64_t key = flight_key(kind, url);
    struct flight f = { .slot = -1 };
    int other;

    pthread_mutex_lock(&cache.lock);
    while ((other = slot_of(key)) >= 0 && !pthread_equal(cache.flights[other].by, pthread_self()) &&
           clock_mono_ms() < until_mono_ms) {
        f.waited = true;
        cond_wait_until(&cache.landed, &cache.lock, until_mono_ms);
    }
    if (other < 0)
        f.slot = slot_of(0);
    if (f.slot >= 0) /* a full table only means that two may fetch the same */
        cache.flights[f.slot] = (struct flying){ key, pthread_self() };
    pthread_mutex_unlock(&cache.lock);
    return f;
}

struct flight
resolve_flight_of(struct ctx *c, const struct budget *b, enum flight_kind kind, struct str url)
{
    int64_t until = b->until_mono_ms;
    struct url u;

    if (b->in_turn)
        until = url_parse(c->mem, url, &u) && !resolve_turn_is_slow(u.host)
                    ? MIN(until, clock_mono_ms() + QUICK_WAIT_MS)
                    : 0;
    ctx_release(c); /* nobody waits with a database connection in hand */
    return resolve_flight_enter(kind, url, until);
}

void
resolve_flight_leave(struct flight f)
{
    if (f.slot < 0)
        return;
    pthread_mutex_lock(&cache.lock);
    cache.flights[f.slot].key = 0;
    pthread_cond_broadcast(&cache.landed);
    pthread_mutex_unlock(&cache.lock);
}

/* ---- new hosts -------------------------------------------------------------------------------------------------------- */

static struct str
from_label(struct str host, int labels)
{
    size_t i = host.n;

    while (i > 0 && (host.p[i - 1] != '.' || --labels > 0))
        i--;
    return str_sub(host, i, host.n);
}

/* Two labels, or three below "co.uk" and its like.  A guess is enough to count. */
struct str
resolve_registered(struct str host)
{
    struct str two = from_label(host, 2);
    ptrdiff_t dot = str_chr(two, '.');

    if (host.n == 0 || host.p[host.n - 1] == ']' || (host.p[host.n - 1] >= '0' && host.p[host.n - 1] <= '9'))
        return host;
    return dot > 0 && dot <= 3 && two.n - (size_t)dot == 3 ? from_label(host, 3) : two;
}

bool
resolve_new_host(struct str host)
{
    struct str domain = resolve_registered(host);

    if (domain.n == host.n) /* whoever registers names pays for them */
        return true;
    return window_take(&new_hosts, domain, NEW_HOSTS_MAX, HOUR_MS);
}
