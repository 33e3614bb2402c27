/* Collections, pages, and the small approval documents. */
#include "ap/read_collection.h"

#include "base/arena.h"
#include "base/url.h"

enum err
ap_collection_read(struct arena *a, const struct val *doc, struct ap_collection *out, const char **why)
{
    struct ap_collection x = { .id = ap_id_of(doc), .type = ap_type_of(doc) };
    const struct val *items = val_get(doc, S("orderedItems")), *first = val_get(doc, S("first"));

    *why = "the document is not a collection";
    if (ap_type_class(x.type) != AP_CLASS_COLLECTION)
        return ERR_INVALID;
    if (val_is_null(items))
        items = val_get(doc, S("items"));
    x.is_page = x.type == AP_COLLECTION_PAGE || x.type == AP_ORDERED_COLLECTION_PAGE;
    x.total = ap_as_number(val_get(doc, S("totalItems")));
    x.first = ap_as_id(first);
    x.first_val = ap_as_node(first);
    x.next = ap_as_id(val_get(doc, S("next")));
    x.part_of = ap_as_id(val_get(doc, S("partOf")));
    x.attributed_to = ap_as_id(val_get(doc, S("attributedTo")));
    x.items = arena_vec(a, const struct val *, MIN(ap_as_count(items), (size_t)AP_ITEMS_MAX));
    for (size_t i = 0; i < ap_as_count(items) && x.n < AP_ITEMS_MAX; i++)
        if (!val_is_null(ap_as_at(items, i)))
            x.items[x.n++] = ap_as_at(items, i);
    *why = "";
    *out = x;
    return ERR_OK;
}

/* GoToSocial's older names of the authorizations. */
static enum ap_type
stamp_type(const struct val *doc)
{
    static const struct {
        struct str name;
        enum ap_type t;
    } old[] = { { { "LikeApproval", 12 }, AP_LIKE_AUTHORIZATION }, { { "ReplyApproval", 13 }, AP_REPLY_AUTHORIZATION },
        { { "AnnounceApproval", 16 }, AP_ANNOUNCE_AUTHORIZATION } };
    enum ap_type t = ap_type_of(doc);

    for (size_t i = 0; i < lengthof(old); i++)
        if (str_eq(ap_type_text(doc), old[i].name))
            return old[i].t;
    return t >= AP_QUOTE_AUTHORIZATION && t <= AP_ANNOUNCE_AUTHORIZATION ? t : AP_UNKNOWN;
}

enum err
ap_stamp_read(struct arena *a, const struct val *doc, struct ap_stamp *out, const char **why)
{
    struct ap_stamp x = { .id = ap_id_of(doc),
        .type = stamp_type(doc),
        .attributed_to = ap_as_id(val_get(doc, S("attributedTo"))),
        .interacting_object = ap_as_id(val_get(doc, S("interactingObject"))),
        .interaction_target = ap_as_id(val_get(doc, S("interactionTarget"))) };

    if (x.interacting_object.p == NULL)
        x.interacting_object = ap_as_id(val_get(doc, S("object")));
    if (x.interaction_target.p == NULL)
        x.interaction_target = ap_as_id(val_get(doc, S("target")));
    if (x.type == AP_FEATURE_AUTHORIZATION && x.attributed_to.n == 0)
        x.attributed_to = x.interaction_target; /* the account itself, which Mastodon does not repeat */
    *why = "the document is not an authorization";
    if (x.type == AP_UNKNOWN || x.attributed_to.n == 0 || x.id.n == 0 || x.interacting_object.n == 0)
        return ERR_INVALID;
    *why = "";
    *out = x;
    return ERR_OK;
}
