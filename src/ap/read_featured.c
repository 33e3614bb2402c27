/* Collections of accounts. */
#include "ap/read_featured.h"

#include "base/arena.h"
#include "base/url.h"
#include "base/utf8.h"

bool
ap_featured_item_read(const struct val *doc, struct ap_featured_item *out)
{
    *out = (struct ap_featured_item){ .id = ap_id_of(doc),
        .object = ap_as_id(val_get(doc, S("featuredObject"))),
        .authorization = ap_as_id(val_get(doc, S("featureAuthorization"))) };
    return out->id.n > 0 && out->id.n <= URL_BYTES_MAX && out->object.n > 0 && out->object.n <= URL_BYTES_MAX &&
           out->authorization.n <= URL_BYTES_MAX;
}

static void
read_items(struct arena *a, const struct val *list, struct ap_featured *x)
{
    x->items = arena_vec(a, struct ap_featured_item, MIN(ap_as_count(list), (size_t)AP_FEATURED_ITEMS_MAX));
    for (size_t i = 0; i < MIN(ap_as_count(list), (size_t)AP_ITEMS_MAX) && x->n < AP_FEATURED_ITEMS_MAX; i++)
        if (ap_featured_item_read(ap_as_at(list, i), &x->items[x->n]))
            x->n++;
}

static struct str
topic_of(struct arena *a, const struct val *doc)
{
    struct str name = ap_as_text(a, ap_as_node(val_get(doc, S("topic"))), S("name")).text;

    name = str_starts(name, S("#")) ? str_sub(name, 1, name.n) : name;
    return name.n > 0 && name.n <= AP_NAME_BYTES_MAX ? name : STR_NONE;
}

enum err
ap_featured_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_featured *out, const char **why)
{
    struct ap_featured x = { .id = ap_id_of(doc), .attributed_to = ap_as_id(val_get(doc, S("attributedTo"))) };
    const struct val *discoverable = val_get(doc, S("discoverable")), *items = val_get(doc, S("orderedItems"));

    *why = "the document is not a collection of accounts";
    if (!ap_has_type(doc, AP_FEATURED_COLLECTION))
        return ERR_INVALID;
    *why = "the collection has no id or no owner";
    if (x.id.n == 0 || x.id.n > URL_BYTES_MAX || x.attributed_to.n == 0)
        return ERR_INVALID;
    x.url = ap_page_url(a, val_get(doc, S("url")), x.id);
    x.name = ap_as_text(a, doc, S("name"));
    x.summary = ap_as_text(a, doc, S("summary"));
    x.topic = topic_of(a, doc);
    x.sensitive = ap_as_bool(val_get(doc, S("sensitive")));
    x.discoverable = val_is_null(discoverable) || ap_as_bool(discoverable);
    x.published_ms = ap_as_time(val_get(doc, S("published")), now_ms, now_ms);
    x.updated_ms = ap_as_time(val_get(doc, S("updated")), now_ms, x.published_ms);
    read_items(a, val_is_null(items) ? val_get(doc, S("items")) : items, &x);
    *why = "";
    *out = x;
    return ERR_OK;
}
