/* Collections, stamps, tombstones, emoji. */
#include "ap/write_collection.h"

#include "base/arena.h"
#include "base/buf.h"

static void
put_item(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_item_out *item)
{
    struct ap_activity_out act;

    switch (item->kind) {
    case AP_ITEM_ID:
        json_str(j, NULL, item->id);
        break;
    case AP_ITEM_HASHTAG:
        ap_hashtag_write(j, a, site, item->id);
        break;
    case AP_ITEM_NOTE:
        ap_note_write_in(j, a, site, NULL, AP_CONTEXT_NONE, item->note);
        break;
    case AP_ITEM_CREATE:
        ap_create_of(a, site, item->note, &act);
        ap_activity_write_in(j, a, site, NULL, AP_CONTEXT_NONE, &act);
        break;
    case AP_ITEM_ANNOUNCE:
        ap_announce_of(a, site, item->announce, &act);
        ap_activity_write_in(j, a, site, NULL, AP_CONTEXT_NONE, &act);
        break;
    }
}

static enum ap_context
context_of(const struct ap_collection_out *x)
{
    enum ap_context c = AP_CONTEXT_PLAIN;

    for (size_t i = 0; i < x->n; i++) {
        if (x->items[i].kind == AP_ITEM_NOTE || x->items[i].kind == AP_ITEM_CREATE)
            return AP_CONTEXT_NOTE;
        if (x->items[i].kind == AP_ITEM_ANNOUNCE && x->items[i].announce->inline_note != NULL)
            return AP_CONTEXT_NOTE;
        if (x->items[i].kind == AP_ITEM_HASHTAG)
            c = AP_CONTEXT_TAG;
    }
    return c;
}

struct str
ap_collection_write(struct arena *a, const struct ap_site *site, const struct ap_collection_out *x)
{
    const struct {
        const char *key;
        struct str value;
    } links[] = { { "attributedTo", x->attributed_to }, { "partOf", x->part_of }, { "first", x->first },
        { "last", x->last }, { "next", x->next }, { "prev", x->prev } };
    bool ordered = x->type == AP_ORDERED_COLLECTION || x->type == AP_ORDERED_COLLECTION_PAGE;
    struct json j;
    struct buf b;

    CHECK(ap_type_class(x->type) == AP_CLASS_COLLECTION);
    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    ap_context_write(&j, context_of(x));
    json_str(&j, "id", x->id);
    json_str(&j, "type", ap_type_name(x->type));
    if (x->total >= 0)
        json_int(&j, "totalItems", x->total);
    for (size_t i = 0; i < lengthof(links); i++)
        if (links[i].value.n > 0)
            json_str(&j, links[i].key, links[i].value);
    if (x->has_items) {
        json_arr(&j, ordered ? "orderedItems" : "items");
        for (size_t i = 0; i < x->n; i++)
            put_item(&j, a, site, &x->items[i]);
        json_end(&j);
    }
    json_end(&j);
    return ap_json_done(&j);
}

struct str
ap_stamp_write(struct arena *a, const struct ap_stamp_out *x)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    ap_context_write(&j, AP_CONTEXT_STAMP);
    json_str(&j, "id", x->id);
    json_str(&j, "type", ap_type_name(x->type));
    json_str(&j, "attributedTo", x->attributed_to);
    json_str(&j, "interactingObject", x->interacting);
    json_str(&j, "interactionTarget", x->target);
    json_end(&j);
    return ap_json_done(&j);
}

struct str
ap_emoji_write(struct arena *a, const struct ap_site *site, const struct ap_emoji_out *e)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    ap_emoji_write_in(&j, a, site, e, AP_CONTEXT_TAG);
    return ap_json_done(&j);
}
