/* Collections that posts link to (`tagged_collections`). */
#include "service/collection.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "base/url.h"
#include "model/status.h"
#include "service/collection_internal.h"
#include "store/collection.h"
#include "text/card.h"

/* Of one page 40 posts with four each; in a thread of thousands, where all may have some, the oldest posts have theirs. */
enum { LINKS_LOOKED_AT_MAX = 16, TAGS_AT_ONCE_MAX = 160 };

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* One of ours by its page or its id, one of others by the same. */
static enum err
find(struct ctx *c, struct str link, int64_t *id)
{
    struct collection *k;
    struct ap_uri u;
    enum err e;

    *id = 0;
    if (link.n == 0 || link.n > URL_BYTES_MAX)
        return ERR_OK;
    if (!ap_uri_parse_local(c->mem, c->env->conf->origin, link, &u))
        return store_collection_by_link(c, link, id);
    if (u.kind != AP_URI_COLLECTION && u.kind != AP_URI_FEATURED_COLLECTION)
        return ERR_OK;
    e = store_collection_get(c, u.b, &k);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (k->uri.n == 0 && (u.kind == AP_URI_COLLECTION || k->account_id == u.a))
        *id = k->id;
    return ERR_OK;
}

static enum err
add_found(struct ctx *c, const struct strs *links, struct ids *out)
{
    for (size_t i = 0; i < MIN(links->n, (size_t)LINKS_LOOKED_AT_MAX) && out->n < STATUS_COLLECTIONS_MAX; i++) {
        int64_t id;

        TRY(find(c, links->v[i], &id));
        for (size_t k = 0; k < out->n && id != 0; k++)
            id = out->v[k] == id ? 0 : id;
        if (id != 0)
            out->v[out->n++] = id;
    }
    return ERR_OK;
}

enum err
service_collection_tag(struct ctx *c, const struct status *s, const struct strs *named)
{
    struct ids found = { arena_vec(c->mem, int64_t, STATUS_COLLECTIONS_MAX), 0 };
    struct strs links = text_html_links(c->mem, s->content);

    TRY(add_found(c, named, &found));
    TRY(add_found(c, &links, &found));
    return store_collection_tags_set(c, s->id, &found);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The collections of these rows that the viewer may see, each with the first members. */
static enum err
load(struct ctx *c, int64_t viewer, const struct status_collection *tags, size_t n_tags, struct collections *out)
{
    struct ids ids = { arena_vec(c->mem, int64_t, n_tags), 0 };
    struct accounts people;
    size_t n = 0;

    for (size_t i = 0; i < n_tags; i++)
        ids.v[ids.n++] = tags[i].collection_id;
    /* What others send may be long, and stand in each post of a page. */
    TRY(store_collection_heads(c, &ids, COLLECTION_ITEMS_MAX, out));
    for (size_t i = 0; i < out->n; i++)
        if (out->v[i].discoverable || out->v[i].account_id == viewer)
            out->v[n++] = out->v[i];
    out->n = n;
    TRY(collection_show(c, viewer, out->v, n, &people));
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        if (collection_is_among(&people, out->v[i].account_id))
            out->v[out->n++] = out->v[i];
    return ERR_OK;
}

static void
put(struct ctx *c, const struct status_collection *tags, size_t n, const struct collections *all, struct status *s)
{
    s->collections = (struct collections){ arena_vec(c->mem, struct collection, STATUS_COLLECTIONS_MAX), 0 };
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all->n && tags[i].status_id == s->id; k++)
            if (all->v[k].id == tags[i].collection_id && s->collections.n < STATUS_COLLECTIONS_MAX)
                s->collections.v[s->collections.n++] = all->v[k];
}

enum err
service_collection_show_tagged(struct ctx *c, int64_t viewer, struct status **v, size_t n)
{
    struct status **all = arena_vec(c->mem, struct status *, 2 * n);
    struct status_collection *tags;
    struct collections found;
    size_t n_all = 0, n_tags;
    struct ids ids = ids_new(c->mem, 2 * n);

    for (size_t i = 0; i < n; i++) {
        struct status *shown = v[i]->reblog != NULL ? v[i]->reblog : v[i];

        all[n_all++] = shown;
        if (shown->quote != NULL && shown->quote->quoted != NULL)
            all[n_all++] = shown->quote->quoted;
    }
    for (size_t i = 0; i < n_all; i++) /* a post may stand beside its boost, or twice as what others quote */
        ids_add(&ids, all[i]->id);
    ids_sort(&ids);
    TRY(store_collection_tags_of(c, &ids, TAGS_AT_ONCE_MAX, &tags, &n_tags));
    if (n_tags == 0)
        return ERR_OK;
    TRY(load(c, viewer, tags, n_tags, &found));
    for (size_t i = 0; i < n_all; i++)
        put(c, tags, n_tags, &found, all[i]);
    return ERR_OK;
}

enum err
service_collection_tag_uris(struct ctx *c, int64_t status_id, struct strs *out)
{
    struct status s = { .id = status_id };
    struct status *one = &s;

    TRY(service_collection_show_tagged(c, 0, &one, 1));
    *out = (struct strs){ arena_vec(c->mem, struct str, s.collections.n), s.collections.n };
    for (size_t i = 0; i < out->n; i++)
        out->v[i] = collection_uri(c, &s.collections.v[i]);
    return ERR_OK;
}

enum err
service_collection_tag_owners(struct ctx *c, const struct ids *statuses, struct ids *owners)
{
    struct status_collection *tags;
    struct collections found;
    struct ids ids = { 0 };
    size_t n;

    *owners = (struct ids){ 0 };
    TRY(store_collection_tags_of(c, statuses, TAGS_AT_ONCE_MAX, &tags, &n));
    if (n == 0)
        return ERR_OK;
    ids.v = arena_vec(c->mem, int64_t, n);
    owners->v = arena_vec(c->mem, int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids.v[ids.n++] = tags[i].collection_id;
    TRY(store_collection_heads(c, &ids, 0, &found));
    for (size_t i = 0; i < found.n; i++)
        owners->v[owners->n++] = found.v[i].account_id;
    return ERR_OK;
}
