/*
 * Parsed keys, least recently used last out.  Loading a key costs 7 µs (public) to 100 µs (private), a look-up under 1 µs, and
 * the same few hundred peers sign nearly everything.
 */
#include "crypto/internal.h"

#include <openssl/evp.h>
#include <pthread.h>

enum { BUCKETS = 1024 };

struct entry {
    struct sha256 id;
    EVP_PKEY *key;
    struct entry *chain;         /* in the bucket */
    struct entry *newer, *older; /* in the order of use */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct entry *buckets[BUCKETS];
static struct entry *newest, *oldest;
static size_t count;

static struct entry **
bucket_of(const struct sha256 *id)
{
    return &buckets[(id->b[0] | (unsigned)id->b[1] << 8) % BUCKETS];
}

static void
unlink_use(struct entry *e)
{
    if (e->newer != NULL)
        e->newer->older = e->older;
    else
        newest = e->older;
    if (e->older != NULL)
        e->older->newer = e->newer;
    else
        oldest = e->newer;
}

static void
push_newest(struct entry *e)
{
    e->newer = NULL;
    e->older = newest;
    if (newest != NULL)
        newest->newer = e;
    else
        oldest = e;
    newest = e;
}

static struct entry *
find(const struct sha256 *id)
{
    struct entry *e = *bucket_of(id);

    while (e != NULL && memcmp(e->id.b, id->b, sizeof(id->b)) != 0)
        e = e->chain;
    return e;
}

static void
drop(struct entry *e)
{
    struct entry **at = bucket_of(&e->id);

    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    unlink_use(e);
    EVP_PKEY_free(e->key);
    free(e);
    count--;
}

EVP_PKEY *
keycache_get(const struct sha256 *id)
{
    EVP_PKEY *key = NULL;
    struct entry *e;

    pthread_mutex_lock(&lock);
    e = find(id);
    if (e != NULL) {
        unlink_use(e);
        push_newest(e);
        key = e->key;
        CHECK(EVP_PKEY_up_ref(key) == 1);
    }
    pthread_mutex_unlock(&lock);
    return key;
}

void
keycache_put(const struct sha256 *id, EVP_PKEY *key)
{
    struct entry *e = calloc(1, sizeof(*e));

    CHECK(e != NULL && EVP_PKEY_up_ref(key) == 1);
    e->id = *id;
    e->key = key;
    pthread_mutex_lock(&lock);
    if (find(id) != NULL) { /* another thread was faster */
        EVP_PKEY_free(key);
        free(e);
    } else {
        if (count == KEY_CACHE_MAX)
            drop(oldest);
        e->chain = *bucket_of(id);
        *bucket_of(id) = e;
        push_newest(e);
        count++;
    }
    pthread_mutex_unlock(&lock);
}

size_t
keycache_count(void)
{
    size_t n;

    pthread_mutex_lock(&lock);
    n = count;
    pthread_mutex_unlock(&lock);
    return n;
}

void
key_cache_clear(void)
{
    pthread_mutex_lock(&lock);
    while (oldest != NULL)
        drop(oldest);
    pthread_mutex_unlock(&lock);
}
