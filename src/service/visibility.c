/* The one visibility function, and the pipeline that every list goes through. */
#include "service/visibility_internal.h"

#include "base/clock.h"
#include "db/db.h"
#include "service/collection.h"
#include "service/filter.h"
#include "service/quote.h"
#include "store/live.h"
#include "store/account.h"
#include "store/relation.h"
#include "store/status.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 5 };

/* Of posts for this server alone: is the viewer one of ours? */
static enum err
put_neighbours(struct ctx *c, int64_t viewer, struct status **v, size_t n, struct relations *out)
{
    struct account *a;
    bool asked = false;
    enum err e;

    for (size_t i = 0; i < n && !asked; i++)
        asked = v[i]->local_only;
    if (!asked || viewer == 0)
        return ERR_OK;
    e = store_account_get(c, viewer, &a);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    for (size_t i = 0; i < out->n; i++)
        out->v[i].neighbour = account_is_local(a);
    return ERR_OK;
}

enum err
visible_relations(struct ctx *c, int64_t viewer, struct status **v, size_t n, struct relations *out)
{
    struct ids authors = ids_new(c->mem, 2 * n);

    for (size_t i = 0; i < n; i++) {
        const struct status *shown = v[i]->reblog != NULL ? v[i]->reblog : v[i];

        ids_add(&authors, v[i]->account_id != viewer ? v[i]->account_id : 0);
        ids_add(&authors, shown->account_id != viewer ? shown->account_id : 0);
    }
    ids_sort(&authors);
    TRY(store_relations_visible(c, viewer, &authors, out));
    return put_neighbours(c, viewer, v, n, out);
}

static int
by_target(const void *key, const void *item)
{
    int64_t x = *(const int64_t *)key, y = ((const struct relation *)item)->target_id;

    return (x > y) - (x < y);
}

const struct relation *
visible_relation(const struct relations *all, int64_t account_id)
{
    static const struct relation none = { 0 };
    const struct relation *found =
        all->n == 0 ? NULL : bsearch(&account_id, all->v, all->n, sizeof(all->v[0]), by_target);

    return found != NULL ? found : &none;
}

static bool
is_mentioned(const struct status *s, int64_t viewer)
{
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id == viewer)
            return true;
    return false;
}

bool
visible_alone(int64_t viewer, enum view_purpose purpose, const struct status *s, const struct relation *r)
{
    bool own = viewer != 0 && s->account_id == viewer;

    if (s->account->suspended_ms != 0 && !own)
        return false;
    if (own)
        return true;
    if (r->blocked_by || r->blocking || (s->local_only && !r->neighbour) || !approval_is_open(s->approval))
        return false;
    if (purpose != VIEW_DIRECT && (r->muting || r->domain_blocking))
        return false;
    if (purpose == VIEW_PUBLIC && s->account->silenced_ms != 0 && !r->following)
        return false;
    switch (s->visibility) {
    case VIS_PUBLIC:
    case VIS_UNLISTED:
        return true;
    case VIS_PRIVATE:
        return viewer != 0 && (r->following || is_mentioned(s, viewer));
    case VIS_DIRECT:
    case VIS_LIMITED:
        return viewer != 0 && is_mentioned(s, viewer);
    case VIS_COUNT:
        break;
    }
    return false;
}

/* The status, and what it reblogs. */
static bool
may_see(int64_t viewer, enum view_purpose purpose, const struct status *s, const struct relations *all)
{
    if (!visible_alone(viewer, purpose, s, visible_relation(all, s->account_id)))
        return false;
    if (s->reblog_of_id == 0)
        return true;
    return s->reblog != NULL && visible_alone(viewer, purpose, s->reblog, visible_relation(all, s->reblog->account_id));
}

/* Whom a status and what it reblogs names, except the viewer; silent ones are named nowhere. */
static void
add_named(const struct status *s, int64_t viewer, struct ids *out)
{
    const struct status *both[] = { s, s->reblog };

    for (size_t k = 0; k < lengthof(both); k++)
        for (size_t i = 0; both[k] != NULL && i < both[k]->n_mentions; i++)
            if (!both[k]->mentions[i].silent && both[k]->mentions[i].account_id != viewer)
                out->v[out->n++] = both[k]->mentions[i].account_id;
}

static size_t
count_mentions(const struct status *s)
{
    return s->n_mentions + (s->reblog != NULL ? s->reblog->n_mentions : 0);
}

/* For homes and lists: bad[i] when v[i] is not the viewer's and names somebody whom they block or mute.  One query. */
static enum err
find_unwanted(struct ctx *c, int64_t viewer, enum view_purpose purpose, struct status **v, size_t n, const bool **out)
{
    bool *bad = arena_vec(c->mem, bool, n);
    struct ids all = { 0 }, named, unwanted;
    size_t max = 0;

    *out = bad;
    for (size_t i = 0; purpose == VIEW_TIMELINE && i < n; i++)
        max += count_mentions(v[i]);
    if (max == 0)
        return ERR_OK;
    all.v = arena_vec(c->mem, int64_t, max);
    named.v = arena_vec(c->mem, int64_t, max);
    for (size_t i = 0; i < n; i++)
        if (v[i]->account_id != viewer)
            add_named(v[i], viewer, &all);
    TRY(store_relations_unwanted(c, viewer, &all, &unwanted));
    for (size_t i = 0; unwanted.n > 0 && i < n; i++) {
        named.n = 0;
        if (v[i]->account_id != viewer)
            add_named(v[i], viewer, &named);
        for (size_t k = 0; k < named.n && !bad[i]; k++)
            bad[i] = ids_has(&unwanted, named.v[k]);
    }
    return ERR_OK;
}

enum err
service_visible(struct ctx *c, int64_t viewer, enum view_purpose purpose, struct status **v, size_t n, bool *out)
{
    struct relations all;
    const bool *bad;

    TRY(visible_relations(c, viewer, v, n, &all));
    TRY(find_unwanted(c, viewer, purpose, v, n, &bad));
    for (size_t i = 0; i < n; i++)
        out[i] = !bad[i] && may_see(viewer, purpose, v[i], &all);
    return ERR_OK;
}

enum err
service_visible_to(struct ctx *c, enum view_purpose purpose, const struct status *s, const struct ids *viewers,
    bool *out, struct relations *shown)
{
    bool *bad = arena_vec(c->mem, bool, viewers->n);
    struct ids named = { arena_vec(c->mem, int64_t, count_mentions(s)), 0 };
    struct relations to_author;

    add_named(s, 0, &named);
    if (purpose == VIEW_TIMELINE)
        TRY(store_live_unwanting(c, viewers, &named, bad));
    TRY(store_live_relations(c, viewers, s->account_id, &to_author));
    *shown = to_author;
    if (s->reblog != NULL)
        TRY(store_live_relations(c, viewers, s->reblog->account_id, shown));
    for (size_t i = 0; i < viewers->n; i++) {
        to_author.v[i].neighbour = shown->v[i].neighbour = viewers->v[i] != 0; /* only people of ours have streams */
        out[i] =
            (!bad[i] || s->account_id == viewers->v[i]) && visible_alone(viewers->v[i], purpose, s, &to_author.v[i]);
        if (out[i] && s->reblog_of_id != 0)
            out[i] = s->reblog != NULL && visible_alone(viewers->v[i], purpose, s->reblog, &shown->v[i]);
    }
    return ERR_OK;
}

static enum err
load(struct ctx *c, int64_t viewer, enum view_purpose purpose, const struct ids *ids, struct statuses *out)
{
    struct relations all;
    const bool *bad;
    size_t n = 0;

    TRY(store_status_list(c, ids, out));
    TRY(store_status_fill(c, out->v, out->n, viewer));
    TRY(visible_relations(c, viewer, out->v, out->n, &all));
    TRY(find_unwanted(c, viewer, purpose, out->v, out->n, &bad));
    for (size_t i = 0; i < out->n; i++)
        if (!bad[i] && may_see(viewer, purpose, out->v[i], &all))
            out->v[n++] = out->v[i];
    out->n = n;
    TRY(service_quote_show(c, viewer, out->v, n, &all));
    TRY(service_collection_show_tagged(c, viewer, out->v, n));
    return service_filter_apply(c, viewer, out->v, n);
}

/* One snapshot for the dozen queries: they agree with each other, and SQLite locks its file once and not for each. */
enum err
service_status_load(
    struct ctx *c, int64_t viewer, enum view_purpose purpose, const struct ids *ids, struct statuses *out)
{
    if (c->tx != 0)
        return load(c, viewer, purpose, ids, out);
    TRY(db_begin(c, DB_READ));
    return db_end(c, load(c, viewer, purpose, ids, out));
}

enum err
service_status_page(struct ctx *c, int64_t viewer, enum view_purpose purpose, const struct page *p,
    status_fetch_fn fetch, void *arg, struct statuses *out)
{
    struct page at = *p;
    bool up = p->min_id > 0;
    size_t limit = (size_t)p->limit;

    out->v = arena_vec(c->mem, struct status *, limit);
    out->n = 0;
    for (int round = 0; round < ROUNDS_MAX && out->n < limit; round++) {
        struct ids ids;
        struct statuses some;
        size_t take;

        TRY(fetch(c, arg, &at, &ids));
        if (ids.n == 0)
            break;
        TRY(service_status_load(c, viewer, purpose, &ids, &some));
        take = MIN(some.n, limit - out->n);
        if (up) { /* each round is newer than the one before: it goes in front, and its oldest are the adjacent ones */
            memmove(out->v + take, out->v, out->n * sizeof(out->v[0]));
            memcpy(out->v, some.v + (some.n - take), take * sizeof(out->v[0]));
            at.min_id = ids.v[0];
        } else {
            memcpy(out->v + out->n, some.v, take * sizeof(out->v[0]));
            at.max_id = ids.v[ids.n - 1];
        }
        out->n += take;
        if (ids.n < limit)
            break;
    }
    return ERR_OK;
}
