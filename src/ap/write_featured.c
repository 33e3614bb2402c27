/* Collections of accounts. */
#include "ap/write_featured.h"

#include "base/arena.h"
#include "base/buf.h"

static void
put_item(struct json *j, struct arena *a, const struct ap_site *site, int64_t account_id,
    const struct ap_featured_item_out *x, enum ap_context context)
{
    json_obj(j, NULL);
    ap_context_write(j, context);
    json_str(j, "id", ap_uri(a, site->origin, AP_URI_FEATURED_ITEM, account_id, x->id));
    json_str(j, "type", S("FeaturedItem"));
    json_str(j, "featuredObject", x->object);
    json_str(j, "featuredObjectType", ap_type_name(x->type));
    if (x->authorization.n > 0)
        json_str(j, "featureAuthorization", x->authorization);
    json_end(j);
}

static void
put_summary(struct json *j, const struct ap_featured_out *x)
{
    if (x->language.n == 0) {
        json_str(j, "summary", x->summary);
        return;
    }
    json_obj(j, "summaryMap");
    json_member(j, x->language);
    json_str(j, NULL, x->summary);
    json_end(j);
}

static void
put_collection(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_featured_out *x,
    enum ap_context context)
{
    json_obj(j, NULL);
    ap_context_write(j, context);
    json_str(j, "id", ap_uri(a, site->origin, AP_URI_FEATURED_COLLECTION, x->account_id, x->id));
    json_str(j, "type", S("FeaturedCollection"));
    json_str(j, "attributedTo", ap_uri(a, site->origin, AP_URI_ACTOR, x->account_id, 0));
    json_str(j, "url", ap_uri(a, site->origin, AP_URI_COLLECTION, 0, x->id));
    json_str(j, "name", x->name);
    put_summary(j, x);
    json_bool(j, "sensitive", x->sensitive);
    json_bool(j, "discoverable", x->discoverable);
    ap_time_write(j, a, "published", x->created_ms);
    ap_time_write(j, a, "updated", x->updated_ms);
    if (x->topic.n > 0)
        json_raw(j, "topic", ap_hashtag_json(a, site, x->topic));
    json_int(j, "totalItems", (int64_t)x->n);
    json_arr(j, "orderedItems");
    for (size_t i = 0; i < x->n; i++)
        put_item(j, a, site, x->account_id, &x->items[i], AP_CONTEXT_NONE);
    json_end(j);
    json_end(j);
}

static void
begin(struct arena *a, struct buf *b, struct json *j)
{
    buf_init(b, a, AP_OUT_BYTES_MAX);
    json_init(j, b);
}

struct str
ap_featured_json(struct arena *a, const struct ap_site *site, const struct ap_featured_out *x)
{
    struct json j;
    struct buf b;

    begin(a, &b, &j);
    put_collection(&j, a, site, x, AP_CONTEXT_NONE);
    return ap_json_done(&j);
}

struct str
ap_featured_write(struct arena *a, const struct ap_site *site, const struct ap_featured_out *x)
{
    struct json j;
    struct buf b;

    begin(a, &b, &j);
    put_collection(&j, a, site, x, AP_CONTEXT_FEATURED);
    return ap_json_done(&j);
}

struct str
ap_featured_item_json(
    struct arena *a, const struct ap_site *site, int64_t account_id, const struct ap_featured_item_out *x)
{
    struct json j;
    struct buf b;

    begin(a, &b, &j);
    put_item(&j, a, site, account_id, x, AP_CONTEXT_NONE);
    return ap_json_done(&j);
}

struct str
ap_featured_item_write(
    struct arena *a, const struct ap_site *site, int64_t account_id, const struct ap_featured_item_out *x)
{
    struct json j;
    struct buf b;

    begin(a, &b, &j);
    put_item(&j, a, site, account_id, x, AP_CONTEXT_FEATURED);
    return ap_json_done(&j);
}

struct str
ap_featured_page_write(struct arena *a, const struct ap_site *site, const struct ap_featured_page *x)
{
    struct json j;
    struct buf b;

    begin(a, &b, &j);
    json_obj(&j, NULL);
    ap_context_write(&j, AP_CONTEXT_FEATURED);
    json_str(&j, "id", x->id);
    json_str(&j, "type", x->first.n > 0 ? S("Collection") : S("CollectionPage"));
    json_int(&j, "totalItems", x->total);
    if (x->first.n > 0)
        json_str(&j, "first", x->first);
    if (x->part_of.n > 0)
        json_str(&j, "partOf", x->part_of);
    if (x->next.n > 0)
        json_str(&j, "next", x->next);
    if (x->first.n == 0) {
        json_arr(&j, "items");
        for (size_t i = 0; i < x->n; i++)
            put_collection(&j, a, site, &x->v[i], AP_CONTEXT_NONE);
        json_end(&j);
    }
    json_end(&j);
    return ap_json_done(&j);
}
