/* Posts by their words: from the query as typed to a page of what the viewer may find. */
#include "service/search.h"

#include "base/clock.h"
#include "service/account.h"
#include "service/search_index.h"
#include "service/search_internal.h"
#include "service/visibility.h"
#include "store/search.h"

enum { DEADLINE_MS = 5 * SECOND_MS };

/* The account that "from:…" names.  0: nobody. */
static enum err
author(struct ctx *c, struct str handle, int64_t *id)
{
    struct account *a;
    enum err e;

    *id = c->who.account_id;
    if (str_eqz(handle, "me"))
        return ERR_OK;
    *id = 0;
    e = service_account_lookup(c, handle, &a);
    if (e == ERR_OK)
        *id = a->id;
    else if (e == ERR_BUSY || e == ERR_INTERNAL || e == ERR_TIMEOUT)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static void
add_id(struct ids *ids, int64_t id)
{
    ids->v[ids->n++] = id;
}

static enum err
find_authors(struct ctx *c, const struct search_params *p, struct text_query *t, struct search_query *q)
{
    q->from = (struct ids){ arena_vec(c->mem, int64_t, QUERY_TERMS_MAX + 1), 0 };
    q->not_from = (struct ids){ arena_vec(c->mem, int64_t, QUERY_TERMS_MAX), 0 };
    if (p->account_id != 0)
        add_id(&q->from, p->account_id);
    for (size_t i = 0; i < t->n; i++) {
        int64_t id;

        if (t->v[i].kind != QUERY_FROM)
            continue;
        TRY(author(c, t->v[i].text, &id));
        if (id != 0)
            add_id(t->v[i].exclude ? &q->not_from : &q->from, id);
        else if (!t->v[i].exclude)
            t->nothing = true;
    }
    return ERR_OK;
}

static bool
is_mine(const struct status *s, int64_t viewer)
{
    if (s->account_id == viewer || s->favourited || s->bookmarked || s->reblogged ||
        (s->poll != NULL && s->poll->n_own > 0))
        return true;
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id == viewer)
            return true;
    return false;
}

/* The index may be behind a moment: an author who is no longer indexable is not found any more. */
static void
keep_findable(const struct search_query *q, struct statuses *v)
{
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++)
        if (service_index_public(v->v[i]) || is_mine(v->v[i], q->viewer))
            v->v[n++] = v->v[i];
    v->n = n;
}

static enum err
fetch(struct ctx *c, void *arg, const struct page *p, struct ids *out)
{
    return store_search_page(c, arg, p, 0, out);
}

/* With a cursor a full page; with an offset what the index has there, so that pages neither repeat nor skip. */
static enum err
read_page(struct ctx *c, const struct search_params *p, struct search_query *q, struct statuses *out)
{
    struct page page = { .max_id = p->max_id, .min_id = p->min_id, .limit = p->limit };
    struct ids ids;

    if (p->offset == 0 && (p->max_id != 0 || p->min_id != 0))
        return service_status_page(c, q->viewer, VIEW_PUBLIC, &page, fetch, q, out);
    TRY(store_search_page(c, q, &page, p->offset, &ids));
    return service_status_load(c, q->viewer, VIEW_PUBLIC, &ids, out);
}

enum err
search_statuses(struct ctx *c, const struct search_params *p, struct statuses *out)
{
    int64_t until = clock_mono_ms() + DEADLINE_MS, before = c->deadline_mono_ms;
    struct search_query q = { .viewer = c->who.account_id };
    struct text_query *t = arena_new(c->mem, struct text_query);
    enum err e;

    *out = (struct statuses){ 0 };
    text_query_parse(c->mem, p->q, t);
    if (t->nothing || q.viewer == 0)
        return ERR_OK;
    q.text = t;
    TRY(find_authors(c, p, t, &q));
    if (t->nothing)
        return ERR_OK;
    c->deadline_mono_ms = before == 0 ? until : MIN(before, until);
    e = read_page(c, p, &q, out);
    c->deadline_mono_ms = before;
    if (e == ERR_TIMEOUT)
        return ctx_fail_public(c, ERR_BUSY, "This search takes too long; try it with more words");
    TRY(e);
    keep_findable(&q, out);
    return ERR_OK;
}
