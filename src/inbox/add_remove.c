/*
 * Add and Remove: posts pinned to the sender's own profile, hashtags shown there, collections of accounts and who is in them;
 * activities of a conversation.
 */
#include "inbox/activity.h"

#include "base/clock.h"
#include "base/url.h"
#include "service/featured.h"
#include "service/receive.h"
#include "service/receive_collection.h"

static bool
is_pin(struct ctx *c, const struct incoming *in)
{
    return in->from->featured_uri.n > 0 && ap_id_eq(c->mem, in->a.target, in->from->featured_uri) &&
           in->a.object.n > 0 && url_same_origin(c->mem, in->a.object, in->from->uri);
}

/* A hashtag has no id: what names it is its name.  Servers differ in the collection; it must be one of the sender's server. */
static bool
is_hashtag(struct ctx *c, const struct incoming *in, struct str *name)
{
    *name = val_str(val_get(in->a.object_val, S("name")));
    return in->a.object_type == AP_HASHTAG && name->n > 0 && url_same_origin(c->mem, in->a.target, in->from->uri);
}

/*
 * Hubzilla and its kin add activities of a conversation to a collection of its owner.  Like what is passed on: only the ids in it count.
 */
static enum err
add_activity(struct ctx *c, struct incoming *in)
{
    struct incoming inner = { .from = in->from, .inbox_account_id = in->inbox_account_id, .budget = in->budget };
    struct ap_rules rules = inbox_rules(c);
    const char *why = "";

    if (!url_same_origin(c->mem, in->a.target, in->from->uri))
        return ERR_OK;
    if (ap_activity_read(c->mem, in->a.object_val, clock_ms(), &inner.a, &why) != ERR_OK ||
        ap_activity_check(c->mem, &rules, &inner.a, &why) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "the added activity: %s", why);
    return inbox_forwarded(c, &inner);
}

enum err
activity_add(struct ctx *c, struct incoming *in)
{
    struct status *s;
    struct str tag;
    bool followed;

    if (ap_type_class(in->a.object_type) == AP_CLASS_ACTIVITY)
        return add_activity(c, in);
    if (is_hashtag(c, in, &tag))
        return inbox_drop_theirs(c, service_featured_tag_received(c, in->from, tag, true));
    if (in->a.object_type == AP_FEATURED_COLLECTION)
        return inbox_take_collection(c, in);
    if (in->a.object_type == AP_FEATURED_ITEM)
        return service_receive_collection_grew(c, in->from, in->a.target);
    if (!is_pin(c, in))
        return ERR_OK;
    TRY(service_receive_followed(c, in->from, &followed));
    if (followed) /* only for people whom somebody reads here it is worth a fetch */
        TRY(service_resolve_status(c, &in->budget, in->a.object, &s));
    return service_receive_pin(c, in->from, in->a.object, true);
}

enum err
activity_remove(struct ctx *c, struct incoming *in)
{
    struct str tag;
    bool known;

    if (is_hashtag(c, in, &tag))
        return inbox_drop_theirs(c, service_featured_tag_received(c, in->from, tag, false));
    TRY(service_receive_collection_item_gone(c, in->from, in->a.target, in->a.object));
    TRY(service_receive_collection_gone(c, in->from, in->a.object, &known));
    return is_pin(c, in) ? service_receive_pin(c, in->from, in->a.object, false) : ERR_OK;
}
