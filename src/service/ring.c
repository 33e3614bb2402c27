/*
 * Rings in shards: each has a lock, a hash table and an order of use.  Items stand in a circular buffer, oldest first, so that the
 * usual push, a status newer than all, moves nothing.
 */
#include "service/ring.h"

#include "base/clock.h"

#include <pthread.h>

enum { SHARDS = 64, BUCKETS_MIN = 16 };

struct entry {
    int64_t account_id;
    uint64_t ticket;
    int64_t built_ms; /* monotonic */
    bool building;    /* items are only what was pushed since ring_begin */
    bool whole;
    unsigned start, n;
    struct entry *chain;         /* in the bucket, or in the list of free ones */
    struct entry *newer, *older; /* in the order of use */
    struct home_item v[RING_IDS];
};

struct shard {
    pthread_mutex_t lock;
    struct arena *mem; /* entries; never given back, but used again */
    struct entry **buckets;
    size_t n_buckets, n, max;
    struct entry *newest, *oldest, *unused;
    uint64_t tickets;
};

struct ring {
    struct arena *mem;
    struct shard shards[SHARDS];
};

struct ring *
ring_new(size_t users_max)
{
    struct arena *mem = arena_new_heap();
    struct ring *r = arena_new(mem, struct ring);
    size_t each = MAX(users_max / SHARDS, (size_t)1), n_buckets = BUCKETS_MIN;

    while (n_buckets < each)
        n_buckets *= 2;
    r->mem = mem;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &r->shards[i];

        CHECK(pthread_mutex_init(&s->lock, NULL) == 0);
        s->mem = arena_new_heap();
        s->buckets = arena_vec(mem, struct entry *, n_buckets);
        s->n_buckets = n_buckets;
        s->max = each;
    }
    return r;
}

void
ring_free(struct ring *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        pthread_mutex_destroy(&r->shards[i].lock);
        arena_free(r->shards[i].mem);
    }
    arena_free(r->mem);
}

/* ---- finding entries; the shard is locked ------------------------------------------------------------------------- */

/* Ids of accounts made together differ little: mix all bits into the upper ones. */
static uint64_t
mix(int64_t account_id)
{
    return ((uint64_t)account_id ^ (uint64_t)account_id >> 17) * UINT64_C(0x9E3779B97F4A7C15);
}

static struct shard *
shard_of(struct ring *r, int64_t account_id)
{
    return &r->shards[mix(account_id) >> 58];
}

static struct entry **
place_of(struct shard *s, int64_t account_id)
{
    struct entry **at = &s->buckets[mix(account_id) >> 32 & (s->n_buckets - 1)];

    while (*at != NULL && (*at)->account_id != account_id)
        at = &(*at)->chain;
    return at;
}

static void
unlink_use(struct shard *s, struct entry *e)
{
    *(e->newer != NULL ? &e->newer->older : &s->newest) = e->older;
    *(e->older != NULL ? &e->older->newer : &s->oldest) = e->newer;
}

static void
link_newest(struct shard *s, struct entry *e)
{
    e->newer = NULL;
    e->older = s->newest;
    *(s->newest != NULL ? &s->newest->newer : &s->oldest) = e;
    s->newest = e;
}

static void
drop(struct shard *s, struct entry **at)
{
    struct entry *e = *at;

    *at = e->chain;
    unlink_use(s, e);
    e->chain = s->unused;
    s->unused = e;
    s->n--;
}

static struct entry *
add(struct shard *s, int64_t account_id)
{
    struct entry *e, **at;

    if (s->n >= s->max)
        drop(s, place_of(s, s->oldest->account_id));
    e = s->unused;
    if (e != NULL)
        s->unused = e->chain;
    else
        e = arena_new(s->mem, struct entry);
    e->account_id = account_id;
    e->start = e->n = 0;
    e->whole = e->building = false;
    e->chain = NULL;
    at = place_of(s, account_id);
    *at = e;
    link_newest(s, e);
    s->n++;
    return e;
}

/* ---- items: 0 is the oldest --------------------------------------------------------------------------------------- */

static struct home_item *
item(struct entry *e, unsigned i)
{
    return &e->v[(e->start + i) % RING_IDS];
}

/* How many are older than id. */
static unsigned
rank(struct entry *e, int64_t id)
{
    unsigned lo = 0, hi = e->n;

    while (lo < hi) {
        unsigned mid = (lo + hi) / 2;

        if (item(e, mid)->id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void
insert(struct entry *e, struct home_item x)
{
    unsigned at;

    if (e->n > 0 && item(e, e->n - 1)->id < x.id)
        at = e->n;
    else
        at = rank(e, x.id);
    if (at < e->n && item(e, at)->id == x.id)
        return;
    if (at == 0 && !e->whole && !e->building) /* older than what this ring covers */
        return;
    if (e->n == RING_IDS) {
        e->whole = false;
        if (at == 0)
            return;
        e->start = (e->start + 1) % RING_IDS; /* the oldest falls out */
        e->n--;
        at--;
    }
    for (unsigned i = e->n; i > at; i--)
        *item(e, i) = *item(e, i - 1);
    *item(e, at) = x;
    e->n++;
}

static void
take_out(struct entry *e, int64_t id)
{
    unsigned at = rank(e, id);

    if (at == e->n || item(e, at)->id != id)
        return;
    for (unsigned i = at; i + 1 < e->n; i++)
        *item(e, i) = *item(e, i + 1);
    e->n--;
}

/* ---- reading and building ----------------------------------------------------------------------------------------- */

bool
ring_read(struct ring *r, int64_t account_id, int64_t max_age_ms, struct ring_view *out)
{
    struct shard *s = shard_of(r, account_id);
    struct entry *e;
    bool found;

    pthread_mutex_lock(&s->lock);
    e = *place_of(s, account_id);
    found = e != NULL && !e->building && (max_age_ms == 0 || clock_mono_ms() - e->built_ms <= max_age_ms);
    if (found) {
        unlink_use(s, e);
        link_newest(s, e);
        out->n = e->n;
        out->whole = e->whole;
        for (unsigned i = 0; i < e->n; i++)
            out->v[i] = *item(e, e->n - 1 - i);
    }
    pthread_mutex_unlock(&s->lock);
    return found;
}

uint64_t
ring_begin(struct ring *r, int64_t account_id)
{
    struct shard *s = shard_of(r, account_id);
    struct entry *e;
    uint64_t ticket;

    pthread_mutex_lock(&s->lock);
    e = *place_of(s, account_id);
    if (e == NULL)
        e = add(s, account_id);
    if (!e->building) { /* of two builders at once each may fill: they share the ticket */
        e->building = true;
        e->whole = false;
        e->start = e->n = 0;
        e->ticket = ++s->tickets;
    }
    ticket = e->ticket;
    pthread_mutex_unlock(&s->lock);
    return ticket;
}

void
ring_fill(struct ring *r, int64_t account_id, uint64_t ticket, const struct home_item *v, size_t n, bool whole)
{
    struct shard *s = shard_of(r, account_id);
    struct entry *e;

    pthread_mutex_lock(&s->lock);
    e = *place_of(s, account_id);
    if (e != NULL && e->building && e->ticket == ticket) {
        struct home_item pushed[RING_IDS];
        unsigned n_pushed = e->n;

        for (unsigned i = 0; i < n_pushed; i++)
            pushed[i] = *item(e, i);
        e->start = 0;
        e->n = (unsigned)MIN(n, (size_t)RING_IDS);
        for (unsigned i = 0; i < e->n; i++)
            e->v[i] = v[e->n - 1 - i];
        e->whole = whole && n <= RING_IDS;
        e->building = false;
        e->built_ms = clock_mono_ms();
        for (unsigned i = 0; i < n_pushed; i++)
            insert(e, pushed[i]);
    }
    pthread_mutex_unlock(&s->lock);
}

/* ---- changes ------------------------------------------------------------------------------------------------------ */

void
ring_push(struct ring *r, const int64_t *accounts, size_t n, struct home_item x)
{
    for (size_t i = 0; i < n; i++) {
        struct shard *s = shard_of(r, accounts[i]);
        struct entry *e;

        pthread_mutex_lock(&s->lock);
        e = *place_of(s, accounts[i]);
        if (e != NULL)
            insert(e, x);
        pthread_mutex_unlock(&s->lock);
    }
}

void
ring_drop(struct ring *r, int64_t account_id)
{
    struct shard *s = shard_of(r, account_id);
    struct entry **at;

    pthread_mutex_lock(&s->lock);
    at = place_of(s, account_id);
    if (*at != NULL)
        drop(s, at);
    pthread_mutex_unlock(&s->lock);
}

void
ring_remove(struct ring *r, int64_t status_id)
{
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &r->shards[i];

        pthread_mutex_lock(&s->lock);
        for (struct entry *e = s->newest; e != NULL; e = e->older)
            take_out(e, status_id);
        pthread_mutex_unlock(&s->lock);
    }
}

void
ring_clear(struct ring *r)
{
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &r->shards[i];

        pthread_mutex_lock(&s->lock);
        while (s->newest != NULL)
            drop(s, place_of(s, s->newest->account_id));
        pthread_mutex_unlock(&s->lock);
    }
}
