/*
 * Home timelines, put together when they are read (doc/design/home.md).  "Candidates" are all that store/home.c admits; a page is
 * picked from them by leaving out repeated reblogs, then service/visibility drops what the reader may not or will not see.
 */
#include "service/timeline.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/homes.h"
#include "service/internal.h"
#include "service/ring.h"
#include "service/visibility.h"
#include "store/home.h"
#include "store/list.h"

#include <string.h>

enum {
    REPEAT_PLACES = 40, /* a reblog hides when its original stands so near below */
    BATCH_FIRST = 16,
    BATCH_MAX = 256, /* followees asked at once */
    CHUNK = 32,      /* rows taken from a source at once */
    OWN_RECENT_MS =
        10 * MINUTE_MS, /* own statuses this new are looked up, so that they are there before the fan-out ran */
};

/* ---- gathering candidates ------------------------------------------------------------------------------------------ */

/* The best `max` seen so far, best first: newest first, or (up) oldest first. */
struct best {
    struct home_item *v;
    size_t n, max;
    bool up;
};

static bool
is_better(const struct best *b, int64_t x, int64_t y)
{
    return b->up ? x < y : x > y;
}

static void
best_add(struct best *b, struct home_item x)
{
    size_t lo = 0, hi = b->n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (is_better(b, b->v[mid].id, x.id))
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == b->max || (lo < b->n && b->v[lo].id == x.id))
        return;
    if (b->n == b->max)
        b->n--;
    memmove(b->v + lo + 1, b->v + lo, (b->n - lo) * sizeof(b->v[0]));
    b->v[lo] = x;
    b->n++;
}

struct gather {
    struct home_feed feed;
    const struct home_source *sources; /* newest last_id first */
    size_t n_sources;
    int64_t above, below; /* both excluded */
    struct best best;
};

/* Nothing beyond this can get in any more: the bound rises (falls) as the best fill up. */
static void
bounds(const struct gather *g, int64_t *above, int64_t *below)
{
    bool full = g->best.n == g->best.max;
    int64_t worst = full ? g->best.v[g->best.n - 1].id : 0;

    *above = full && !g->best.up ? MAX(g->above, worst) : g->above;
    *below = full && g->best.up ? MIN(g->below, worst) : g->below;
}

/* Take the next rows of source i, from *from on; *more when there may be others that matter. */
static enum err
gather_chunk(struct ctx *c, struct gather *g, size_t i, int64_t *from, bool *more)
{
    int64_t above, below;
    struct home_item *v;
    size_t n;

    bounds(g, &above, &below);
    if (*from != 0)
        *(g->best.up ? &above : &below) = *from;
    *more = false;
    if (above >= below - 1)
        return ERR_OK;
    TRY(store_home_heads(c, &g->feed, &g->sources[i], g->best.up, above, below, CHUNK, &v, &n));
    for (size_t k = 0; k < n; k++)
        best_add(&g->best, v[k]);
    if (n == CHUNK) {
        *from = v[n - 1].id;
        bounds(g, &above, &below);
        *more = g->best.up ? *from < below - 1 : *from > above + 1;
    }
    return ERR_OK;
}

/* How far the gathering is in each source. */
struct progress {
    int64_t from; /* where the next chunk begins, 0: at the bounds */
    bool open;    /* there may be more that matters */
};

/* One chunk of each of n followees, in one query. */
static enum err
gather_batch(struct ctx *c, struct gather *g, size_t first, size_t n, struct progress *progress)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n), n };
    size_t *counts = arena_vec(c->mem, size_t, n), rows, at = 0;
    int64_t above, below;
    struct home_head *v;

    for (size_t i = 0; i < n; i++)
        ids.v[i] = g->sources[first + i].account_id;
    bounds(g, &above, &below);
    TRY(store_home_heads_many(c, &g->feed, &ids, g->best.up, above, below, CHUNK, &v, &rows));
    for (size_t k = 0; k < rows; k++) {
        struct progress *p;

        for (size_t i = 0; i < n && ids.v[at] != v[k].account_id; i++)
            at = (at + 1) % n;
        p = &progress[first + at];
        if (counts[at]++ == 0 || is_better(&g->best, p->from, v[k].item.id))
            p->from = v[k].item.id;
        best_add(&g->best, v[k].item);
    }
    bounds(g, &above, &below);
    for (size_t i = 0; i < n; i++) {
        struct progress *p = &progress[first + i];

        p->open = counts[i] == CHUNK && (g->best.up ? p->from < below - 1 : p->from > above + 1);
    }
    return ERR_OK;
}

/* How many followees from i on can matter, at most max; 0: the source is a tag or the reader. */
static size_t
batch_length(const struct gather *g, size_t i, size_t max)
{
    int64_t above, below;
    size_t n = 0;

    bounds(g, &above, &below);
    while (n < max && i + n < g->n_sources && g->sources[i + n].last_id > above && g->sources[i + n].account_id != 0 &&
           g->sources[i + n].account_id != g->feed.reader)
        n++;
    return n;
}

/*
 * Breadth first: one chunk from each source, those with the newest statuses first, until no other can matter; then deeper into those
 * that still can.  So a busy followee is never read far below what the others bring.  Batches grow, as the first ones set the bound.
 */
static enum err
gather(struct ctx *c, struct gather *g)
{
    struct progress *p = arena_vec(c->mem, struct progress, g->n_sources);
    size_t batch = BATCH_FIRST, n;
    int64_t above, below;
    bool more = false;

    for (size_t i = 0; i < g->n_sources; i += MAX(n, (size_t)1)) {
        bounds(g, &above, &below);
        if (g->sources[i].last_id <= above)
            break;
        n = batch_length(g, i, batch);
        if (n == 0)
            TRY(gather_chunk(c, g, i, &p[i].from, &p[i].open));
        else
            TRY(gather_batch(c, g, i, n, p));
        batch = MIN(batch * 2, (size_t)BATCH_MAX);
    }
    for (size_t i = 0; i < g->n_sources; i++)
        more |= p[i].open;
    while (more) {
        more = false;
        for (size_t i = 0; i < g->n_sources; i++)
            if (p[i].open) {
                TRY(gather_chunk(c, g, i, &p[i].from, &p[i].open));
                more |= p[i].open;
            }
    }
    return ERR_OK;
}

/* ---- candidates of one timeline ---------------------------------------------------------------------------------------- */

struct home {
    struct home_feed feed;
    struct home_source *sources;
    size_t n_sources;
    bool has_sources;
    struct ring_view *ring; /* NULL: none */
};

/* A piece of a home, newest first; whole: there is nothing older. */
struct piece {
    struct home_item *v;
    size_t n;
    bool whole;
};

static enum err
candidates(struct ctx *c, struct home *h, bool up, int64_t above, int64_t below, size_t max, struct piece *out)
{
    struct gather g = { .feed = h->feed, .above = above, .below = below };

    if (!h->has_sources)
        TRY(store_home_sources(c, &h->feed, &h->sources, &h->n_sources));
    h->has_sources = true;
    g.sources = h->sources;
    g.n_sources = h->n_sources;
    g.best = (struct best){ arena_vec(c->mem, struct home_item, max), 0, max, up };
    TRY(gather(c, &g));
    *out = (struct piece){ g.best.v, g.best.n, g.best.n < max };
    return ERR_OK;
}

/* The reader's ring, built when there is none.  Without rings (tools, tests) everything is read from the database. */
static enum err
load_ring(struct ctx *c, struct home *h)
{
    struct ring *r = c->env->ring;
    int64_t max_age_ms = service_homes_age_ms(c->env);
    struct home_source own = { .account_id = h->feed.reader };
    struct piece p;
    struct best b;
    struct home_item *v;
    uint64_t ticket;
    size_t n;

    if (r == NULL)
        return ERR_OK;
    h->ring = arena_new(c->mem, struct ring_view);
    if (!ring_read(r, h->feed.reader, max_age_ms, h->ring)) {
        ticket = ring_begin(r, h->feed.reader);
        TRY(candidates(c, h, false, 0, INT64_MAX, RING_IDS, &p));
        ring_fill(r, h->feed.reader, ticket, p.v, p.n, p.whole);
        h->ring->n = p.n;
        h->ring->whole = p.whole;
        memcpy(h->ring->v, p.v, p.n * sizeof(p.v[0]));
    }
    TRY(store_home_heads(c, &h->feed, &own, false, (clock_ms() - OWN_RECENT_MS) << 16, INT64_MAX, CHUNK, &v, &n));
    b = (struct best){ h->ring->v, h->ring->n, RING_IDS, false };
    h->ring->whole = h->ring->whole && h->ring->n + n <= RING_IDS;
    for (size_t i = 0; i < n; i++)
        if (h->ring->whole || (h->ring->n > 0 && v[i].id > h->ring->v[b.n - 1].id)) /* no gap below the oldest */
            best_add(&b, v[i]);
    h->ring->n = b.n;
    return ERR_OK;
}

/* Is item i a reblog whose original, or another reblog of it, is among the places below? */
static bool
is_repeated(const struct piece *p, size_t i)
{
    if (p->v[i].original == p->v[i].id)
        return false;
    for (size_t k = i + 1; k < p->n && k <= i + REPEAT_PLACES; k++)
        if (p->v[k].original == p->v[i].original)
            return true;
    return false;
}

/* Downwards from below; false when the piece ends before the page is full, or before repetitions can be judged. */
static bool
pick_down(const struct piece *p, const struct page *page, int64_t below, int64_t above, struct ids *out)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->v[i].id >= below)
            continue;
        if (p->v[i].id <= above || out->n == (size_t)page->limit)
            return true;
        if (p->v[i].original != p->v[i].id && !p->whole && i + REPEAT_PLACES >= p->n)
            return false;
        if (!is_repeated(p, i))
            out->v[out->n++] = p->v[i].id;
    }
    return p->whole || out->n == (size_t)page->limit;
}

/* Upwards from above, newest first in the end; as pick_down. */
static bool
pick_up(const struct piece *p, const struct page *page, int64_t below, int64_t above, struct ids *out)
{
    size_t first = 0;

    while (first < p->n && p->v[first].id > above)
        first++;
    if (!p->whole && first + REPEAT_PLACES > p->n)
        return false;
    for (size_t i = first; i-- > 0 && p->v[i].id < below && out->n < (size_t)page->limit;)
        if (!is_repeated(p, i))
            out->v[out->n++] = p->v[i].id;
    for (size_t i = 0; i + i + 1 < out->n; i++) {
        int64_t x = out->v[i];

        out->v[i] = out->v[out->n - 1 - i];
        out->v[out->n - 1 - i] = x;
    }
    return true;
}

/* ---- pages --------------------------------------------------------------------------------------------------------- */

/* Beyond the ring: read more and more until the page is full; the second round is rare. */
static enum err
deep_down(struct ctx *c, struct home *h, const struct page *page, int64_t below, int64_t above, struct ids *out)
{
    struct piece p;

    for (size_t max = (size_t)page->limit + REPEAT_PLACES + 8;; max *= 2) {
        TRY(candidates(c, h, false, 0, below, max, &p));
        out->n = 0;
        if (pick_down(&p, page, below, above, out))
            return ERR_OK;
    }
}

/* What is above, turned round, over the places below that say whether it is repeated. */
static enum err
deep_up(struct ctx *c, struct home *h, const struct page *page, int64_t below, int64_t above, struct ids *out)
{
    struct piece up, down, all;

    for (size_t max = (size_t)page->limit + 8;; max *= 2) {
        TRY(candidates(c, h, true, above, below, max, &up));
        TRY(candidates(c, h, false, 0, MIN(above, INT64_MAX - 1) + 1, REPEAT_PLACES, &down));
        all = (struct piece){ arena_vec(c->mem, struct home_item, up.n + down.n), up.n + down.n, true };
        for (size_t i = 0; i < up.n; i++)
            all.v[i] = up.v[up.n - 1 - i];
        memcpy(all.v + up.n, down.v, down.n * sizeof(down.v[0]));
        out->n = 0;
        if (pick_up(&all, page, below, above, out) && (up.whole || out->n == (size_t)page->limit))
            return ERR_OK;
    }
}

static enum err
fetch_home(struct ctx *c, void *arg, const struct page *page, struct ids *out)
{
    struct home *h = arg;
    bool up = page->min_id > 0;
    int64_t below = page->max_id > 0 ? page->max_id : INT64_MAX, above = MAX(page->min_id, page->since_id);

    *out = (struct ids){ arena_vec(c->mem, int64_t, (size_t)page->limit), 0 };
    if (h->ring != NULL) {
        const struct piece p = { h->ring->v, h->ring->n, h->ring->whole };

        if (up ? pick_up(&p, page, below, above, out) : pick_down(&p, page, below, above, out))
            return ERR_OK;
        out->n = 0;
    }
    return up ? deep_up(c, h, page, below, above, out) : deep_down(c, h, page, below, above, out);
}

enum err
service_timeline_home(struct ctx *c, const struct page *p, struct statuses *out)
{
    struct home h = { .feed = { .reader = c->who.account_id } };

    if (h.feed.reader == 0)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user");
    TRY(load_ring(c, &h));
    return service_status_page(c, h.feed.reader, VIEW_TIMELINE, p, fetch_home, &h, out);
}

/* Gathered at each read: lists have few members, and a change of theirs needs nothing to be forgotten. */
enum err
service_timeline_list(struct ctx *c, int64_t list_id, const struct page *p, struct statuses *out)
{
    struct home h = { .feed = { .reader = c->who.account_id } };
    struct list *l;

    TRY(store_list_get(c, h.feed.reader, list_id, &l));
    h.feed.list = l;
    return service_status_page(c, h.feed.reader, VIEW_TIMELINE, p, fetch_home, &h, out);
}
