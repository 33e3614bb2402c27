/* Block of one person by another.  With a target it is a ban from a group, which is not between two people. */
#include "inbox/activity.h"

#include "service/receive.h"
#include "service/relation.h"

enum err
activity_block(struct ctx *c, struct incoming *in)
{
    struct account *target;
    bool undone;

    if (in->a.target.n > 0)
        return ERR_OK;
    TRY(inbox_local_account(c, in->a.object, &target));
    if (target == NULL)
        return ERR_OK;
    TRY(service_receive_undone(c, in->from, in->a.id, &undone));
    return undone ? ERR_OK : service_relation_block_received(c, in->from, target, in->a.id, true);
}
