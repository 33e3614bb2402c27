/* What goes: uploads that nobody used, files of rows that are gone, pictures beyond the budget, files that nobody names. */
#include "service/media.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "media/media.h"
#include "store/media.h"
#include "store/media_cache.h"

#include <stdlib.h>
#include <string.h>

enum {
    EVICT_PORTION = 100,
    EVICT_PORTIONS_MAX = 100,
    SWEEP_SHARDS = 11,        /* of 256, each hour: all within a day */
    SWEEP_FILES_MAX = 20000,  /* of one shard */
    SWEEP_DELETES_MAX = 1000, /* of one run */
    PREFIX_DIGITS = 3,
};

enum err
service_media_prune(struct ctx *c, int64_t loose_before_ms)
{
    struct ids loose;
    struct strs dead;
    enum err failed = ERR_OK;

    TRY(store_media_loose(c, loose_before_ms, 500, &loose));
    if (loose.n > 0) {
        TRY(db_begin(c, DB_WRITE));
        for (size_t i = 0; i < loose.n; i++) {
            enum err e = store_media_delete(c, loose.v[i]);

            if (e != ERR_NOT_FOUND) /* attached meanwhile: stays */
                TRY(e);
        }
        TRY(db_commit(c));
    }
    TRY(store_dead_file_list(c, 500, &dead));
    for (size_t i = 0; i < dead.n; i++) {
        enum err e = media_store_delete(media_store_of(c->env->media), dead.v[i]);

        if (e != ERR_OK && e != ERR_NOT_FOUND) { /* one that cannot be deleted must not keep the others */
            failed = e;
            continue;
        }
        TRY(db_begin(c, DB_WRITE));
        TRY(store_dead_file_forget(c, dead.v[i]));
        TRY(db_commit(c));
    }
    return failed == ERR_OK ? ERR_OK : ctx_fail(c, failed, "a file could not be deleted from storage");
}

/* ---- the cache ----------------------------------------------------------------------------------------------------- */

/* The oldest go, unless somebody looked at them since; *freed their bytes. */
static enum err
evict_portion(struct ctx *c, int64_t too_many, int64_t *freed, size_t *seen)
{
    struct media_store *store = media_store_of(c->env->media);
    struct cached_files v;

    *freed = 0;
    TRY(store_cached_oldest(c, EVICT_PORTION, &v));
    *seen = v.n;
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < v.n && *freed < too_many; i++) {
        int64_t used_ms = 0;

        if (media_store_used(store, v.v[i].file, &used_ms) == ERR_OK && used_ms > v.v[i].used_ms + MINUTE_MS) {
            TRY(store_cached_touch(c, v.v[i].file, used_ms));
            continue;
        }
        TRY(store_cached_release(c, &v.v[i]));
        *freed += v.v[i].bytes;
    }
    return db_commit(c);
}

enum err
service_media_evict(struct ctx *c)
{
    int64_t budget = c->env->conf->media_cache * (int64_t)MB(1), have, freed = 0, all = 0;
    size_t seen = 1;

    TRY(store_cached_bytes(c, &have));
    for (int i = 0; i < EVICT_PORTIONS_MAX && have > budget && seen > 0; i++) {
        TRY(evict_portion(c, have - budget, &freed, &seen));
        have -= freed;
        all += freed;
    }
    if (all > 0)
        log_info(c, "media.evict", LOG_INT("bytes", all), LOG_INT("kept", have));
    return ERR_OK;
}

/* ---- files that nobody names ------------------------------------------------------------------------------------------ */

struct sweep {
    struct arena *mem;
    struct str *v; /* old files of a shard */
    size_t n;
    int64_t before_ms;
};

static bool
collect(void *arg, struct str key, int64_t bytes UNUSED, int64_t modified_ms)
{
    struct sweep *s = arg;

    if (modified_ms < s->before_ms)
        s->v[s->n++] = str_dup(s->mem, key);
    return s->n < SWEEP_FILES_MAX;
}

static int
compare(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    int order = memcmp(x->p, y->p, MIN(x->n, y->n));

    return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

/* Files with one prefix against the rows that name any with it. */
static enum err
sweep_prefix(struct ctx *c, const struct str *v, size_t n, size_t *deleted)
{
    struct strs named;

    TRY(store_files_named(c, str_sub(v[0], 0, PREFIX_DIGITS), &named));
    if (named.n > 0)
        qsort(named.v, named.n, sizeof(named.v[0]), compare);
    for (size_t i = 0; i < n && *deleted < SWEEP_DELETES_MAX; i++) {
        if (named.n > 0 && bsearch(&v[i], named.v, named.n, sizeof(v[i]), compare) != NULL)
            continue;
        if (media_store_delete(media_store_of(c->env->media), v[i]) == ERR_OK)
            ++*deleted;
    }
    return ERR_OK;
}

static enum err
sweep_shard(struct ctx *c, unsigned shard, int64_t before_ms, size_t *deleted)
{
    struct sweep s = { .mem = c->mem, .v = arena_vec(c->mem, struct str, SWEEP_FILES_MAX), .before_ms = before_ms };
    size_t from = 0;

    if (media_store_walk_shard(media_store_of(c->env->media), shard, collect, &s) != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "a part of the media directory cannot be read");
    if (s.n > 0)
        qsort(s.v, s.n, sizeof(s.v[0]), compare);
    for (size_t i = 1; i <= s.n; i++)
        if (i == s.n || memcmp(s.v[i].p, s.v[from].p, PREFIX_DIGITS) != 0) {
            TRY(sweep_prefix(c, s.v + from, i - from, deleted));
            from = i;
        }
    return ERR_OK;
}

enum err
service_media_sweep(struct ctx *c, int64_t before_ms)
{
    unsigned first = (unsigned)(clock_ms() / HOUR_MS % 256) * SWEEP_SHARDS;
    size_t deleted = 0;

    for (unsigned i = 0; i < SWEEP_SHARDS && deleted < SWEEP_DELETES_MAX; i++)
        TRY(sweep_shard(c, (first + i) % 256, before_ms, &deleted));
    if (deleted > 0)
        log_info(c, "media.sweep", LOG_INT("files", (int64_t)deleted));
    return ERR_OK;
}
