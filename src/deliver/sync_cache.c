/*
 * A post to a thousand servers reads its author's followers once.  A follow that comes in the half minute makes a digest of before:
 * the other side then reads a list with another digest, and does nothing.
 */
#include "deliver/sync.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "service/sync.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_MS = 30 * SECOND_MS };

struct place {
    bool used;
    int64_t account_id, until_mono_ms;
    struct sync_sums sums; /* malloc */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct place places[SYNC_PLACES];

static struct place *
place_of(int64_t account_id)
{
    return &places[(uint64_t)account_id * 0x9e3779b97f4a7c15u >> 60];
}

_Static_assert(SYNC_PLACES == 1 << 4, "the shift above leaves four bits");

static bool
find(const struct env *env, struct arena *mem, int64_t account_id, struct str inbox, struct str *out)
{
    struct place *p = place_of(account_id);
    bool found;

    pthread_mutex_lock(&lock);
    found = p->used && p->account_id == account_id && clock_mono_ms() < p->until_mono_ms;
    if (found)
        *out = service_sync_header(mem, env->conf->origin, account_id, &p->sums, inbox);
    pthread_mutex_unlock(&lock);
    return found;
}

static void
keep(int64_t account_id, const struct sync_sums *sums)
{
    struct place *p = place_of(account_id);
    struct sync_sum *copy = calloc(sums->n + 1, sizeof(*copy));

    if (copy == NULL)
        return;
    if (sums->n > 0)
        memcpy(copy, sums->v, sums->n * sizeof(*copy));
    pthread_mutex_lock(&lock);
    free(p->sums.v);
    *p = (struct place){ true, account_id, clock_mono_ms() + KEEP_MS, { copy, sums->n } };
    pthread_mutex_unlock(&lock);
}

struct str
sync_header_get(const struct env *env, struct arena *mem, int64_t account_id, struct str inbox)
{
    struct sync_sums sums;
    struct str found;
    struct ctx c;
    enum err e;

    if (find(env, mem, account_id, inbox, &found))
        return found;
    ctx_begin(&c, mem, env);
    e = service_sync_sums(&c, account_id, &sums);
    db_rollback(&c);
    if (e != ERR_OK) {
        log_failure(&c, "deliver.sync", e);
        return STR_NONE;
    }
    keep(account_id, &sums);
    return service_sync_header(mem, env->conf->origin, account_id, &sums, inbox);
}

void
sync_forget(void)
{
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < lengthof(places); i++) {
        free(places[i].sums.v);
        places[i] = (struct place){ 0 };
    }
    pthread_mutex_unlock(&lock);
}
