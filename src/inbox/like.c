/* Like, and reactions with an emoji, which count as favourites here. */
#include "inbox/activity.h"

#include "service/receive.h"

enum err
activity_like(struct ctx *c, struct incoming *in)
{
    return service_receive_like(c, in->from, in->a.object, in->a.id, true);
}
