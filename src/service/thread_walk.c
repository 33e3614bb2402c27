/*
 * The walk through a thread at other servers, one portion of it: up from the topmost known post, then the collection of the whole
 * conversation when the topmost post names one, else the replies of each post, breadth first.  All its state beyond a portion is in the
 * database: which posts are here, and when each was asked.
 *
 * Everything it reads may lie.  So an item is only an id, fetched from its own server; it is stored only when it answers a post of this
 * thread; ids, pages and time are bounded, and nothing is asked twice in one portion.
 */
#include "service/thread_internal.h"

#include "ap/read_collection.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "service/resolve_internal.h"
#include "store/status.h"

#include <string.h>

enum {
    FETCHES = 500, /* of one portion */
    ACCOUNTS = 150,
    PORTION_MS = 60 * SECOND_MS,
    UP_MAX = 50,      /* steps upwards */
    TREE_MAX = 4096,  /* posts that are looked at; as many as a thread shows */
    FOUND_MAX = 1000, /* new posts of one thread */
    PAGES_MAX = 500,
    ITEMS_MAX = 500, /* of one collection */
    QUOTES_MAX = 20,
    SET_SLOTS = 32768, /* a power of two */
    NEXT_BYTES_MAX = 400,
};

/* Hashes of URIs. */
struct set {
    uint64_t *v; /* SET_SLOTS; 0: free */
    size_t n;
};

/* A post whose replies are to be asked for. */
struct stop {
    int64_t id;
    bool fresh;      /* its document was just read: what it says of its replies is in next */
    uint16_t next_n; /* 0: it has none */
    char next[NEXT_BYTES_MAX];
};

/* An item whose parent was not known when it was read: only its names, as documents may be large. */
struct untied {
    uint64_t parent;
    uint16_t uri_n;
    char uri[NEXT_BYTES_MAX];
};

struct walk {
    struct budget b;
    struct thread_fetch *t;
    struct set tree, asked; /* posts of the thread; items that were looked at */
    struct stop *stops;
    size_t n, at;
    struct untied *untied; /* ITEMS_MAX */
    size_t n_untied;
    uint64_t parent; /* hash of what the item in hand answers; 0: nothing */
};

static uint64_t
hash_of(struct str uri)
{
    return str_hash(uri) | 1;
}

static bool
set_has(const struct set *s, uint64_t hash)
{
    for (size_t i = hash >> 1;; i++) {
        uint64_t x = s->v[i & (SET_SLOTS - 1)];

        if (x == 0 || x == hash)
            return x == hash;
    }
}

/* False when it was there, or there is no room. */
static bool
set_add(struct set *s, struct str uri)
{
    uint64_t hash = hash_of(uri);
    size_t i = hash >> 1;

    if (s->n >= SET_SLOTS / 2)
        return false;
    while (s->v[i & (SET_SLOTS - 1)] != 0)
        if (s->v[i++ & (SET_SLOTS - 1)] == hash)
            return false;
    s->v[i & (SET_SLOTS - 1)] = hash;
    s->n++;
    return true;
}

static bool
is_spent(const struct walk *w)
{
    return w->b.fetches <= 0 || w->b.new_accounts <= 0 || clock_mono_ms() >= w->b.until_mono_ms;
}

static bool
is_full(const struct walk *w)
{
    return w->t->found >= FOUND_MAX || w->t->pages >= PAGES_MAX;
}

/* ---- stops --------------------------------------------------------------------------------------------------------- */

static struct stop *
add_stop(struct walk *w, int64_t id)
{
    struct stop *s = &w->stops[w->n];

    if (w->n == TREE_MAX)
        return NULL;
    w->n++;
    *s = (struct stop){ .id = id };
    return s;
}

/* A post whose note is in hand need not be read again to find its replies. */
static void
add_fresh(struct walk *w, int64_t id, const struct ap_note *x)
{
    struct stop *s = add_stop(w, id);
    struct str next = x->first_replies.n == 0 && x->replies_next.n > 0 ? x->replies_next : x->replies;

    if (s == NULL || next.n > sizeof(s->next) || (next.n == 0 && x->first_replies.n > 0))
        return;
    s->fresh = true;
    if (x->n_replies == 0 || next.n == 0)
        return;
    s->next_n = (uint16_t)next.n;
    memcpy(s->next, next.p, next.n);
}

/* How long a post's replies are not asked for again: the older, the longer. */
static int64_t
rest_ms(int64_t age_ms)
{
    return age_ms < HOUR_MS               ? 14 * MINUTE_MS
           : age_ms < DAY_MS              ? HOUR_MS
           : age_ms < 7 * (int64_t)DAY_MS ? 6 * HOUR_MS
                                          : DAY_MS;
}

static void
add_known(struct walk *w, const struct thread_post *p, bool opened)
{
    int64_t now = clock_ms(), since = opened ? w->t->started_ms : now - rest_ms(now - p->created_ms);

    (void)set_add(&w->tree, p->uri);
    if (!p->local && p->visibility <= VIS_UNLISTED && p->walked_ms < since)
        (void)add_stop(w, p->id);
}

/* The opened post first, then from the top. */
static enum err
add_tree(struct ctx *c, struct walk *w, int64_t top)
{
    struct thread_post *v;
    struct ids below, all;
    size_t n;

    TRY(store_status_descendants(c, top, TREE_MAX - 1, TREE_MAX, &below, NULL));
    all = (struct ids){ arena_vec(c->mem, int64_t, below.n + 1), 0 };
    all.v[all.n++] = top;
    for (size_t i = 0; i < below.n; i++)
        all.v[all.n++] = below.v[i];
    TRY(store_thread_posts(c, &all, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].id == w->t->opened_id)
            add_known(w, &v[i], true);
    for (size_t i = 0; i < n; i++)
        if (v[i].id != w->t->opened_id)
            add_known(w, &v[i], v[i].id == top);
    return ERR_OK;
}

/* ---- items --------------------------------------------------------------------------------------------------------- */

/* Only what answers a post of this thread is stored. */
static enum err
is_wanted(struct ctx *c, void *arg, const struct ap_note *x, bool *yes)
{
    struct walk *w = arg;

    w->parent = x->in_reply_to.n > 0 && !ap_id_eq(c->mem, x->in_reply_to, x->id) ? hash_of(x->in_reply_to) : 0;
    *yes = w->parent != 0 && set_has(&w->tree, w->parent);
    return ERR_OK;
}

/* Kept for when its parent is here. */
static void
keep_untied(struct walk *w, struct str uri)
{
    struct untied *u = &w->untied[w->n_untied];

    if (w->n_untied == ITEMS_MAX || uri.n > sizeof(u->uri))
        return;
    w->n_untied++;
    *u = (struct untied){ .parent = w->parent, .uri_n = (uint16_t)uri.n };
    memcpy(u->uri, uri.p, uri.n);
}

/* What others could not or would not give is no failure of ours. */
static enum err
take_reply(struct ctx *c, struct walk *w, struct str uri)
{
    struct status *s = NULL;
    struct ap_note x;
    enum err e;

    w->parent = 0;
    e = resolve_status_wanted(c, &w->b, uri, is_wanted, w, &s, &x);
    if (e != ERR_OK) {
        if (!resolve_is_theirs(e))
            return e;
        ctx_ok(c);
        return ERR_OK;
    }
    if (s == NULL && w->parent != 0)
        keep_untied(w, uri);
    if (s == NULL || x.id.n == 0) /* not stored, or it was here */
        return ERR_OK;
    w->t->found++;
    (void)set_add(&w->tree, s->uri);
    add_fresh(w, s->id, &x);
    return ERR_OK;
}

/* Items that stood before what they answer, as long as some find their place. */
static enum err
take_untied(struct ctx *c, struct walk *w)
{
    bool any = true;

    while (any) {
        any = false;
        for (size_t i = 0; i < w->n_untied && !is_spent(w) && !is_full(w); i++) {
            struct untied *u = &w->untied[i];
            struct arena_mark mark = arena_save(c->mem);

            if (u->uri_n == 0 || !set_has(&w->tree, u->parent))
                continue;
            any = true;
            TRY(take_reply(c, w, str_dup(c->mem, (struct str){ u->uri, u->uri_n })));
            u->uri_n = 0;
            arena_restore(c->mem, mark);
        }
    }
    return ERR_OK;
}

static enum err
take_item(struct ctx *c, void *arg, const struct val *item, bool *stop)
{
    struct walk *w = arg;
    struct str uri = ap_as_id(item);
    struct ap_uri at;

    if (item->kind == VAL_OBJ && ap_type_class(ap_type_of(item)) == AP_CLASS_ACTIVITY)
        uri = ap_as_id(val_get(item, S("object"))); /* a container of activities (FEP-171b) */
    if (is_spent(w) || is_full(w)) {
        *stop = true;
        return ERR_OK;
    }
    if (uri.n == 0 || uri.n > URL_BYTES_MAX || ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &at) ||
        !set_add(&w->asked, uri))
        return ERR_OK;
    return take_reply(c, w, uri);
}

/* ---- collections --------------------------------------------------------------------------------------------------- */

static enum err
read_pages(struct ctx *c, struct walk *w, struct str uri, struct str owner)
{
    struct pages_limits l = { .pages = (int)MAX(PAGES_MAX - w->t->pages, 0), .items = ITEMS_MAX, .owner = owner };
    int before = l.pages;
    enum err e = resolve_pages(c, &w->b, uri, &l, take_item, w);

    w->t->pages += before - l.pages;
    return e;
}

/* Failures of others are none; *ok says whether the collection could be read. */
static enum err
try_pages(struct ctx *c, struct walk *w, struct str uri, struct str owner, bool *ok)
{
    enum err e = uri.n > 0 ? read_pages(c, w, uri, owner) : ERR_NOT_FOUND;

    *ok = e == ERR_OK;
    if (e == ERR_OK)
        return e;
    if (!resolve_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* The collection of the whole conversation (FEP-7888, FEP-f228), when the topmost post names one on its own server. */
static enum err
read_context(struct ctx *c, struct walk *w, const struct ap_note *x, bool *ok)
{
    *ok = false;
    if (!url_same_origin(c->mem, x->context, x->id))
        return ERR_OK;
    TRY(try_pages(c, w, x->context, x->id, ok));
    return take_untied(c, w);
}

static enum err
read_first(struct ctx *c, struct walk *w, const struct ap_note *x)
{
    for (size_t i = 0; i < x->first_replies.n && !is_spent(w) && !is_full(w); i++)
        if (set_add(&w->asked, x->first_replies.v[i]))
            TRY(take_reply(c, w, x->first_replies.v[i]));
    return ERR_OK;
}

/* ---- the walk ------------------------------------------------------------------------------------------------------ */

/* Read the post again (its numbers and edits come with it), and ask for its replies; *whole when its conversation was read. */
static enum err
ask_known(struct ctx *c, struct walk *w, int64_t id, bool is_top, bool *whole)
{
    struct status *s;
    struct ap_note x;
    bool ok;
    enum err e = store_status_get(c, id, &s);

    if (e == ERR_OK)
        e = resolve_status_note(c, &w->b, s->uri, &s, &x);
    if (e != ERR_OK) {
        if (!resolve_is_theirs(e))
            return e;
        ctx_ok(c);
        return ERR_OK;
    }
    if (s->visibility > VIS_UNLISTED)
        return ERR_OK;
    if (is_top)
        TRY(read_context(c, w, &x, whole));
    if (*whole && id != w->t->opened_id)
        return ERR_OK;
    TRY(read_first(c, w, &x));
    return x.n_replies == 0 ? ERR_OK : try_pages(c, w, x.replies_next.n > 0 ? x.replies_next : x.replies, x.id, &ok);
}

static enum err
ask_fresh(struct ctx *c, struct walk *w, const struct stop *p)
{
    struct str next = str_dup(c->mem, (struct str){ p->next, p->next_n });
    struct status *s;
    bool ok;
    enum err e = store_status_get(c, p->id, &s);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    return try_pages(c, w, next, s->uri, &ok);
}

/* *whole: the conversation was read as one collection, so that only the opened post is asked besides. */
static enum err
walk_down(struct ctx *c, struct walk *w, int64_t top)
{
    bool whole = false;

    for (; w->at < w->n && !is_spent(w) && !is_full(w); w->at++) {
        struct stop *p = &w->stops[w->at];
        struct arena_mark mark = arena_save(c->mem);
        int64_t found = w->t->found;

        if (whole && p->id != w->t->opened_id)
            continue;
        TRY(p->fresh ? ask_fresh(c, w, p) : ask_known(c, w, p->id, p->id == top, &whole));
        if (is_spent(w) && w->t->found > found) /* asked again in the next portion, as it was worth it */
            return ERR_OK;
        TRY(thread_progress(c, w->t, p->id));
        arena_restore(c->mem, mark);
    }
    return ERR_OK;
}

/* What the topmost known post answers, and so on; gives the topmost that is known then. */
static enum err
walk_up(struct ctx *c, struct walk *w, int64_t *top)
{
    struct status *s;
    struct ids up;
    enum err e = store_status_get(c, *top, &s);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (s->in_reply_to_uri.n == 0)
        return ERR_OK;
    w->b.depth = UP_MAX;
    TRY(service_resolve_ancestors(c, &w->b, s));
    w->t->found += UP_MAX - MAX(w->b.depth, 0);
    TRY(store_status_ancestors(c, *top, TREE_MAX, &up, NULL));
    *top = up.n > 0 ? up.v[0] : *top;
    return ERR_OK;
}

static void
set_init(struct ctx *c, struct set *s)
{
    *s = (struct set){ arena_vec(c->mem, uint64_t, SET_SLOTS), 0 };
}

enum err
thread_walk(struct ctx *c, struct thread_fetch *t, int64_t *top, bool *more)
{
    struct walk w = { .t = t,
        .b = { .fetches = FETCHES,
            .new_accounts = ACCOUNTS,
            .quotes = 1,
            .until_mono_ms = clock_mono_ms() + PORTION_MS,
            .history = true,
            .history_quotes = QUOTES_MAX } };

    set_init(c, &w.tree);
    set_init(c, &w.asked);
    w.stops = arena_vec(c->mem, struct stop, TREE_MAX);
    w.untied = arena_vec(c->mem, struct untied, ITEMS_MAX);
    *top = t->status_id;
    TRY(walk_up(c, &w, top));
    TRY(add_tree(c, &w, *top));
    TRY(walk_down(c, &w, *top));
    *more = w.at < w.n && !is_full(&w);
    return ERR_OK;
}
