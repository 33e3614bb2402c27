/* Two entries behind a lock. */
#include "service/instance_cache.h"

#include "base/clock.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct instance_counts kept;
static struct instance_week weeks[INSTANCE_WEEKS];
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
