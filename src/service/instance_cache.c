/* A few entries behind a lock. */
#include "service/instance_cache.h"

#include "base/arena.h"
#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance_counts kept;
static struct instance_week weeks[INSTANCE_WEEKS];
static struct answer {
    int64_t version, made_ms; /* clock_ms() */
    char *p;                  /* NULL: nothing */
    size_t n;
} answers[INSTANCE_ANSWERS];
static int64_t kept_ms, weeks_ms; /* clock_mono_ms(), 0: nothing */

bool
service_instance_cache_get(struct instance_counts *out)
{
    bool fresh;

    pthread_mutex_lock(&lock);
    fresh = kept_ms != 0 && clock_mono_ms() - kept_ms < MINUTE_MS;
    if (fresh)
        *out = kept;
    pthread_mutex_unlock(&lock);
    return fresh;
}

void
service_instance_cache_put(const struct instance_counts *n)
{
    pthread_mutex_lock(&lock);
    kept = *n;
    kept_ms = clock_mono_ms();
    pthread_mutex_unlock(&lock);
}

bool
service_instance_cache_get_weeks(struct instance_week out[INSTANCE_WEEKS])
{
    bool fresh;

    pthread_mutex_lock(&lock);
    fresh = weeks_ms != 0 && clock_mono_ms() - weeks_ms < HOUR_MS;
    if (fresh)
        memcpy(out, weeks, sizeof(weeks));
    pthread_mutex_unlock(&lock);
    return fresh;
}

void
service_instance_cache_put_weeks(const struct instance_week v[INSTANCE_WEEKS])
{
    pthread_mutex_lock(&lock);
    memcpy(weeks, v, sizeof(weeks));
    weeks_ms = clock_mono_ms();
    pthread_mutex_unlock(&lock);
}

struct str
service_instance_cache_get_answer(struct arena *a, enum instance_answer which, int64_t version)
{
    const struct answer *k = &answers[which];
    struct str out = STR_NONE;
    int64_t now = clock_ms(); /* the date is in the answer: when the clock moves, it is another one */

    pthread_mutex_lock(&lock);
    if (k->p != NULL && k->version == version && now >= k->made_ms && now < k->made_ms + MINUTE_MS)
        out = str_dup(a, (struct str){ k->p, k->n });
    pthread_mutex_unlock(&lock);
    return out;
}

void
service_instance_cache_put_answer(enum instance_answer which, int64_t version, struct str bytes)
{
    char *p = bytes.n == 0 || bytes.n > INSTANCE_ANSWER_MAX ? NULL : malloc(bytes.n);
    char *old;

    if (p != NULL)
        memcpy(p, bytes.p, bytes.n);
    pthread_mutex_lock(&lock);
    old = answers[which].p;
    answers[which] = (struct answer){ .version = version, .made_ms = clock_ms(), .p = p, .n = bytes.n };
    pthread_mutex_unlock(&lock);
    free(old);
}
