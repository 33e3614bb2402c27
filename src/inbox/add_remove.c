/* Add and Remove: posts pinned to the sender's own profile. */
#include "inbox/activity.h"

#include "base/url.h"
#include "service/receive.h"

static bool
is_pin(struct ctx *c, const struct incoming *in)
{
    return in->from->featured_uri.n > 0 && ap_id_eq(c->mem, in->a.target, in->from->featured_uri) &&
           in->a.object.n > 0 && url_same_origin(c->mem, in->a.object, in->from->uri);
}

enum err
activity_add(struct ctx *c, struct incoming *in)
{
    struct status *s;
    bool followed;

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
    return is_pin(c, in) ? service_receive_pin(c, in->from, in->a.object, false) : ERR_OK;
}
