/*
 * Topics in a hash table of 64 parts with a lock each.  A publish holds the lock of its topic's part while it calls the
 * subscribers, so that an unsubscribe cannot return while one of them runs; they only post to mailboxes.
 */
#include "hub/hub.h"

#include <pthread.h>
#include <stdatomic.h>

enum { SHARDS = 64, BUCKETS_FIRST = 16 };

struct topic {
    struct topic *next; /* in its bucket */
    uint64_t hash;
    struct hub_sub *subs;
    size_t n;
    char name[];
};

struct hub_sub {
    struct hub_sub *prev, *next;
    struct topic *topic;
    hub_fn fn;
    void *arg;
};

struct shard {
    _Alignas(64) pthread_mutex_t m;
    struct topic **buckets;
    size_t n_buckets, n_topics;
};

struct hub {
    struct shard shards[SHARDS];
    atomic_size_t n_subs;
    struct hub_bridge bridge; /* publish NULL: none */
};

static void *
must_alloc(size_t n)
{
    void *p = calloc(1, n);

    if (p == NULL)
        BUG("out of memory");
    return p;
}

struct hub *
hub_new(void)
{
    struct hub *h = aligned_alloc(64, (sizeof(*h) + 63) / 64 * 64);

    if (h == NULL)
        BUG("out of memory");
    memset(h, 0, sizeof(*h));
    for (int i = 0; i < SHARDS; i++)
        pthread_mutex_init(&h->shards[i].m, NULL);
    return h;
}

void
hub_free(struct hub *h)
{
    if (h == NULL)
        return;
    if (h->n_subs > 0)
        BUG("%zu subscriptions are still there", h->n_subs);
    for (int i = 0; i < SHARDS; i++) {
        free(h->shards[i].buckets);
        pthread_mutex_destroy(&h->shards[i].m);
    }
    free(h);
}

/* The low bits choose the shard, the next ones the bucket. */
static struct shard *
shard_of(struct hub *h, uint64_t hash)
{
    return &h->shards[hash % SHARDS];
}

static struct topic **
bucket_of(struct shard *s, uint64_t hash)
{
    return &s->buckets[hash / SHARDS & (s->n_buckets - 1)];
}

/* The place where the topic hangs, or would. */
static struct topic **
find(struct shard *s, uint64_t hash, struct str name)
{
    struct topic **at;

    if (s->n_buckets == 0)
        return NULL;
    for (at = bucket_of(s, hash); *at != NULL; at = &(*at)->next)
        if ((*at)->hash == hash && str_eqz(name, (*at)->name))
            break;
    return at;
}

static void
grow(struct shard *s)
{
    struct topic **old = s->buckets;
    size_t n_old = s->n_buckets;

    s->n_buckets = n_old == 0 ? BUCKETS_FIRST : n_old * 2;
    s->buckets = must_alloc(s->n_buckets * sizeof(struct topic *));
    for (size_t i = 0; i < n_old; i++)
        while (old[i] != NULL) {
            struct topic *t = old[i], **to = bucket_of(s, t->hash);

            old[i] = t->next;
            t->next = *to;
            *to = t;
        }
    free(old);
}

static struct topic *
find_or_add(struct shard *s, uint64_t hash, struct str name)
{
    struct topic **at = find(s, hash, name), *t;

    if (at != NULL && *at != NULL)
        return *at;
    if (s->n_topics >= s->n_buckets) {
        grow(s);
        at = bucket_of(s, hash);
    }
    t = must_alloc(sizeof(*t) + name.n + 1);
    t->hash = hash;
    memcpy(t->name, name.p, name.n);
    t->next = *at;
    *at = t;
    s->n_topics++;
    return t;
}

static bool
is_topic(struct str topic)
{
    return topic.n > 0 && topic.n <= HUB_TOPIC_BYTES_MAX && memchr(topic.p, '\0', topic.n) == NULL;
}

enum err
hub_subscribe(struct hub *h, struct str topic, hub_fn fn, void *arg, struct hub_sub **out)
{
    struct hub_sub *sub;
    struct shard *s;
    uint64_t hash;

    if (!is_topic(topic))
        return ERR_INVALID;
    if (atomic_fetch_add(&h->n_subs, 1) >= HUB_SUBSCRIPTIONS_MAX) {
        atomic_fetch_sub(&h->n_subs, 1);
        return ERR_BUSY;
    }
    sub = must_alloc(sizeof(*sub));
    sub->fn = fn;
    sub->arg = arg;
    hash = str_hash(topic);
    s = shard_of(h, hash);
    pthread_mutex_lock(&s->m);
    sub->topic = find_or_add(s, hash, topic);
    sub->next = sub->topic->subs;
    if (sub->next != NULL)
        sub->next->prev = sub;
    sub->topic->subs = sub;
    sub->topic->n++;
    pthread_mutex_unlock(&s->m);
    *out = sub;
    return ERR_OK;
}

void
hub_unsubscribe(struct hub *h, struct hub_sub *sub)
{
    struct shard *s;
    struct topic *t;

    if (sub == NULL)
        return;
    t = sub->topic; /* stays while sub hangs on it */
    s = shard_of(h, t->hash);
    pthread_mutex_lock(&s->m);
    if (sub->prev != NULL)
        sub->prev->next = sub->next;
    else
        t->subs = sub->next;
    if (sub->next != NULL)
        sub->next->prev = sub->prev;
    if (--t->n == 0) {
        *find(s, t->hash, str_z(t->name)) = t->next;
        s->n_topics--;
        free(t);
    }
    pthread_mutex_unlock(&s->m);
    atomic_fetch_sub(&h->n_subs, 1);
    free(sub);
}

size_t
hub_deliver(struct hub *h, const struct hub_message *m)
{
    uint64_t hash = str_hash(m->topic);
    struct shard *s = shard_of(h, hash);
    struct topic **at;
    size_t n = 0;

    pthread_mutex_lock(&s->m);
    at = find(s, hash, m->topic);
    if (at != NULL && *at != NULL)
        for (struct hub_sub *sub = (*at)->subs; sub != NULL; sub = sub->next, n++)
            sub->fn(sub->arg, m);
    pthread_mutex_unlock(&s->m);
    return n;
}

size_t
hub_publish(struct hub *h, struct str topic, struct str event, struct blob *b)
{
    const struct hub_message m = { .topic = topic, .event = event, .blob = b };

    CHECK(is_topic(topic) && event.n <= HUB_EVENT_BYTES_MAX && blob_str(b).n <= HUB_MESSAGE_BYTES_MAX);
    if (h->bridge.publish != NULL)
        h->bridge.publish(h->bridge.arg, &m);
    return hub_deliver(h, &m);
}

bool
hub_is_wanted(struct hub *h, struct str topic)
{
    uint64_t hash = str_hash(topic);
    struct shard *s = shard_of(h, hash);
    struct topic **at;
    bool found;

    if (h->bridge.publish != NULL && h->bridge.is_wanted(h->bridge.arg))
        return true;
    pthread_mutex_lock(&s->m);
    at = find(s, hash, topic);
    found = at != NULL && *at != NULL;
    pthread_mutex_unlock(&s->m);
    return found;
}

size_t
hub_count(const struct hub *h)
{
    return h->n_subs;
}

void
hub_set_bridge(struct hub *h, const struct hub_bridge *b)
{
    h->bridge = b != NULL ? *b : (struct hub_bridge){ 0 };
}
