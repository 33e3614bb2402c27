/* Block of one person by another.  With a target it is a ban from a group, which is not between two people. */
#include "inbox/activity.h"

#include "service/relation.h"

enum err
activity_block(struct ctx *c, struct incoming *in)
{
    struct account *target;

    if (in->a.target.n > 0)
        return ERR_OK;
    TRY(inbox_local_account(c, in->a.object, &target));
    return target == NULL ? ERR_OK : service_relation_block_received(c, in->from, target, in->a.id);
}
