/* Move: an actor says of itself where it went. */
#include "inbox/activity.h"

#include "service/move.h"

enum err
activity_move(struct ctx *c, struct incoming *in)
{
    if (!ap_id_eq(c->mem, in->a.object, in->from->uri))
        return ctx_fail(c, ERR_INVALID, "nobody moves another actor");
    return service_move_received(c, &in->budget, in->from, in->a.target);
}
