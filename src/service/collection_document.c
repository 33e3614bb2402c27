/* Collections as other servers read them. */
#include "service/collection.h"

#include "ap/write_collection.h"
#include "base/conf.h"
#include "service/collection_internal.h"
#include "service/document.h"
#include "service/published.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/relation.h"
#include "text/html.h"

struct str
collection_uri(struct ctx *c, const struct collection *k)
{
    return k->uri.n > 0 ? k->uri
                        : ap_uri(c->mem, c->env->conf->origin, AP_URI_FEATURED_COLLECTION, k->account_id, k->id);
}

struct str
collection_item_uri(struct ctx *c, const struct collection *k, const struct collection_item *i)
{
    return k->uri.n > 0 ? i->uri : ap_uri(c->mem, c->env->conf->origin, AP_URI_FEATURED_ITEM, k->account_id, i->id);
}

struct str
collection_stamp_uri(struct ctx *c, const struct collection_item *i, const struct account *member)
{
    if (i->state != ITEM_ACCEPTED)
        return S("");
    if (!account_is_local(member))
        return i->approval_uri;
    return ap_uri(c->mem, c->env->conf->origin, AP_URI_FEATURE_AUTHORIZATION, member->id, i->id);
}

static enum ap_type
actor_type(const struct account *a)
{
    enum ap_type t = ap_type_from(a->actor_type);

    return ap_type_class(t) == AP_CLASS_ACTOR ? t : AP_PERSON;
}

static struct ap_featured_item_out
item_out(struct ctx *c, const struct collection_item *i, const struct account *member)
{
    return (struct ap_featured_item_out){ .id = i->id,
        .object = member->uri,
        .type = actor_type(member),
        .authorization = collection_stamp_uri(c, i, member) };
}

enum err
service_collection_item_document(struct ctx *c, const struct collection_item *i, struct ap_featured_item_out *out)
{
    struct account *member;

    TRY(store_account_get(c, i->account_id, &member));
    if (member->suspended_ms != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "account %lld is suspended", (long long)member->id);
    *out = item_out(c, i, member);
    return ERR_OK;
}

enum err
service_collection_document(struct ctx *c, const struct collection *k, struct ap_featured_out *out)
{
    struct ap_featured_item_out *items = arena_vec(c->mem, struct ap_featured_item_out, k->n);
    struct ids ids = { arena_vec(c->mem, int64_t, k->n), 0 };
    struct accounts people;
    size_t n = 0;

    for (size_t i = 0; i < k->n; i++)
        ids.v[ids.n++] = k->items[i].account_id;
    TRY(store_account_list(c, &ids, &people));
    for (size_t i = 0; i < k->n; i++)
        for (size_t p = 0; p < people.n; p++)
            if (people.v[p]->id == k->items[i].account_id && people.v[p]->suspended_ms == 0 &&
                k->items[i].state == ITEM_ACCEPTED)
                items[n++] = item_out(c, &k->items[i], people.v[p]);
    *out = (struct ap_featured_out){ .id = k->id,
        .account_id = k->account_id,
        .name = k->name,
        .summary = text_html_escape(c->mem, k->description),
        .language = k->language,
        .topic = k->tag,
        .sensitive = k->sensitive,
        .discoverable = k->discoverable,
        .created_ms = k->created_ms,
        .updated_ms = k->updated_ms,
        .items = items,
        .n = n };
    return ERR_OK;
}

/* ---- for readers ------------------------------------------------------------------------------------------------- */

/* Across a block there is nothing to see. */
static enum err
check_viewer(struct ctx *c, int64_t owner_id, int64_t viewer)
{
    struct relations rel = { 0 };

    if (viewer != 0)
        TRY(store_relations(c, viewer, &(struct ids){ &owner_id, 1 }, &rel));
    if (rel.n > 0 && (rel.v[0].blocked_by || rel.v[0].blocking))
        return ctx_fail(c, ERR_NOT_FOUND, "a block is between owner and reader");
    return ERR_OK;
}

static enum err
published(struct ctx *c, int64_t account_id, int64_t id, int64_t viewer, struct collection **out)
{
    struct account *owner;

    TRY(service_published_owner(c, account_id, &owner));
    TRY(check_viewer(c, account_id, viewer));
    TRY(store_collection_get(c, id, out));
    if ((*out)->account_id != account_id || (*out)->uri.n > 0)
        return ctx_fail(c, ERR_NOT_FOUND, "collection %lld is of somebody else", (long long)id);
    return ERR_OK;
}

enum err
service_published_collection(struct ctx *c, int64_t account_id, int64_t id, int64_t viewer, struct ap_featured_out *out)
{
    struct collection *k;

    TRY(published(c, account_id, id, viewer, &k));
    return service_collection_document(c, k, out);
}

enum err
service_published_collection_item(
    struct ctx *c, int64_t account_id, int64_t item_id, int64_t viewer, struct ap_featured_item_out *out)
{
    struct collection_item item;
    struct collection *k;

    TRY(store_collection_item_get(c, item_id, &item));
    TRY(published(c, account_id, item.collection_id, viewer, &k));
    if (item.state != ITEM_ACCEPTED)
        return ctx_fail(c, ERR_NOT_FOUND, "item %lld is not accepted", (long long)item_id);
    return service_collection_item_document(c, &item, out);
}

enum err
service_published_collections(struct ctx *c, int64_t account_id, int64_t viewer, int64_t limit, int64_t offset,
    struct ap_featured_out **out, size_t *n, int64_t *total)
{
    struct collections v;
    struct account *owner;

    TRY(service_published_owner(c, account_id, &owner));
    TRY(check_viewer(c, account_id, viewer));
    TRY(store_collection_page(c, account_id, true, COLLECTIONS_MAX, 0, &v));
    *total = (int64_t)v.n;
    *out = arena_vec(c->mem, struct ap_featured_out, v.n);
    *n = 0;
    for (size_t i = (size_t)offset; i < v.n && (int64_t)*n < limit; i++)
        TRY(service_collection_document(c, &v.v[i], &(*out)[(*n)++]));
    return ERR_OK;
}

/* Whoever may read the collection has the right to see that its members agreed: ids only. */
enum err
service_published_feature_stamp(struct ctx *c, int64_t account_id, int64_t item_id, struct ap_stamp_out *out)
{
    struct collection_item item;
    struct account *member;
    struct collection *k;

    TRY(service_published_owner(c, account_id, &member));
    TRY(store_collection_item_get(c, item_id, &item));
    if (item.account_id != account_id || item.state != ITEM_ACCEPTED)
        return ctx_fail(c, ERR_NOT_FOUND, "no stamp %lld", (long long)item_id);
    TRY(store_collection_get(c, item.collection_id, &k));
    *out = (struct ap_stamp_out){ .type = AP_FEATURE_AUTHORIZATION,
        .id = collection_stamp_uri(c, &item, member),
        .attributed_to = member->uri,
        .interacting = collection_uri(c, k),
        .target = member->uri };
    return ERR_OK;
}
