/* Like, and reactions with an emoji. */
#include "inbox/activity.h"

#include "service/reaction.h"
#include "service/receive.h"

enum err
activity_like(struct ctx *c, struct incoming *in)
{
    if (in->a.reaction.n > 0)
        return service_reaction_received(c, in->from, &in->a);
    return service_receive_like(c, in->from, in->a.object, in->a.id);
}
