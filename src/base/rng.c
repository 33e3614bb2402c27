/* Random bytes from the kernel. */
#include "base/rng.h"

#include "base/arena.h"
#include "base/b64.h"

#include <errno.h>
#include <pthread.h>
#include <sys/random.h>

void
rng_bytes(void *p, size_t n)
{
    char *at = p;

    while (n > 0) {
        ssize_t got = getrandom(at, n, 0);

        if (got < 0) {
            if (errno == EINTR)
                continue;
            BUG("getrandom failed");
        }
        at += got;
        n -= (size_t)got;
    }
}

uint64_t
rng_below(uint64_t below)
{
    uint64_t limit, v;

    CHECK(below > 0);
    limit = UINT64_MAX - UINT64_MAX % below;
    do
        rng_bytes(&v, sizeof(v));
    while (v >= limit);
    return v % below;
}

struct str
rng_hex(struct arena *a, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char *raw = arena_alloc(a, n, 1);
    char *p = arena_alloc(a, 2 * n + 1, 1);

    rng_bytes(raw, n);
    for (size_t i = 0; i < n; i++) {
        p[2 * i] = digits[raw[i] >> 4];
        p[2 * i + 1] = digits[raw[i] & 15];
    }
    return (struct str){ p, 2 * n };
}

struct str
rng_base64url(struct arena *a, size_t n)
{
    char *raw = arena_alloc(a, n, 1);

    rng_bytes(raw, n);
    return b64url_encode(a, (struct str){ raw, n });
}

static uint64_t hash_key[2];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void
draw_hash_key(void)
{
    rng_bytes(hash_key, sizeof(hash_key));
}

const uint64_t *
rng_hash_key(void)
{
    pthread_once(&hash_key_once, draw_hash_key);
    return hash_key;
}
