/* Old posts that go by themselves. */
#include "service/cleanup.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/db.h"
#include "service/delivery.h"
#include "service/status.h"
#include "store/cleanup.h"
#include "store/status.h"

#define WEEK_S (7 * 24 * 3600)
#define MONTH_S (2629746) /* a twelfth of a year, as Mastodon counts */
#define YEAR_S (31556952)

const int64_t cleanup_ages_s[] = { 2 * WEEK_S, MONTH_S, 2 * MONTH_S, 3 * MONTH_S, 6 * MONTH_S, YEAR_S, 2 * YEAR_S, 0 };

enum {
    PORTION = 10,      /* posts of one account, in one transaction */
    BUDGET = 200,      /* posts of one run */
    ACCOUNTS_MAX = 50, /* of one round */
    LINE_MAX_MS = 2 * MINUTE_MS,
    AGAIN_MS = 6 * HOUR_MS, /* after the last: others come of age, and what kept one may be gone */
    SPARE_MS = 10 * SECOND_MS,
};

static int64_t
before_ms(const struct cleanup *p)
{
    return clock_ms() - p->min_age_s * SECOND_MS;
}

enum err
service_cleanup(struct ctx *c, struct cleanup *out)
{
    enum err e = store_cleanup_get(c, c->who.account_id, out);

    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    *out = (struct cleanup){ .account_id = c->who.account_id,
        .min_age_s = cleanup_ages_s[0],
        .keep_direct = true,
        .keep_pinned = true,
        .keep_own_favourites = true,
        .keep_own_bookmarks = true };
    return ERR_OK;
}

static enum err
check_age(struct ctx *c, const struct cleanup *p)
{
    for (size_t i = 0; cleanup_ages_s[i] != 0; i++)
        if (cleanup_ages_s[i] == p->min_age_s)
            return ERR_OK;
    return ctx_fail_public(c, ERR_INVALID, "Validation failed: This age is not one of those that can be chosen");
}

enum err
service_cleanup_change(struct ctx *c, const struct cleanup *p)
{
    struct cleanup next = *p;

    TRY(check_age(c, p));
    next.account_id = c->who.account_id;
    next.after_id = next.next_ms = 0;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_cleanup_put(c, &next));
    return db_commit(c);
}

enum err
service_cleanup_preview(struct ctx *c, const struct cleanup *p, int64_t *n)
{
    struct cleanup mine = *p;

    TRY(check_age(c, p));
    mine.account_id = c->who.account_id;
    return store_cleanup_count(c, &mine, before_ms(p), CLEANUP_COUNT_MAX, n);
}

/* ---- the job ----------------------------------------------------------------------------------------------------- */

/* In a write transaction: what the owner wants is read in it, so that what was switched off a moment ago deletes nothing. */
static enum err
portion(struct ctx *c, int64_t account_id, int64_t *budget)
{
    struct cleanup now;
    struct statuses v;
    struct ids ids;
    int64_t limit = MIN(PORTION, *budget);

    TRY(store_cleanup_get(c, account_id, &now));
    if (!now.enabled)
        return ERR_OK;
    TRY(store_cleanup_posts(c, &now, before_ms(&now), limit, &ids));
    TRY(store_status_list(c, &ids, &v));
    TRY(store_status_fill(c, v.v, v.n, 0));
    for (size_t i = 0; i < v.n; i++)
        TRY(service_status_remove_slowly(c, v.v[i]));
    *budget -= (int64_t)ids.n;
    if ((int64_t)ids.n < limit)
        return store_cleanup_progress(c, account_id, 0, clock_ms() + AGAIN_MS);
    return store_cleanup_progress(c, account_id, ids.v[ids.n - 1], clock_ms());
}

static enum err
one_round(struct ctx *c, int64_t *budget, bool *more)
{
    struct cleanups due;

    TRY(store_cleanup_due(c, clock_ms(), ACCOUNTS_MAX, &due));
    *more = due.n > 0;
    for (size_t i = 0; *budget > 0 && i < due.n; i++) {
        TRY(db_begin(c, DB_WRITE));
        TRY(portion(c, due.v[i].account_id, budget));
        TRY(db_commit(c));
    }
    return ERR_OK;
}

enum err
service_cleanup_run(struct ctx *c)
{
    int64_t budget = BUDGET;
    bool more = true;

    if (service_delivery_slow_wait_ms() > LINE_MAX_MS) /* other servers have not heard yet of what went before */
        return ERR_OK;
    while (more && budget > 0 && (c->deadline_mono_ms == 0 || clock_mono_ms() < c->deadline_mono_ms - SPARE_MS)) {
        struct arena_mark m = arena_save(c->mem);

        TRY(one_round(c, &budget, &more));
        arena_restore(c->mem, m);
    }
    if (budget < BUDGET)
        log_info(c, "cleanup.run", LOG_INT("posts", BUDGET - budget));
    return ERR_OK;
}
