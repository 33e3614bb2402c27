/* Follow of somebody here.  One that was seen before is answered again: the sender may have lost the Accept. */
#include "inbox/activity.h"

#include "service/receive.h"
#include "service/relation.h"

enum err
activity_follow(struct ctx *c, struct incoming *in)
{
    struct account *target;
    bool undone;

    TRY(inbox_local_account(c, in->a.object, &target));
    if (target == NULL) /* also posts: some servers follow threads */
        return ERR_OK;
    TRY(service_receive_undone(c, in->from, in->a.id, &undone));
    return undone ? ERR_OK : service_relation_follow_received(c, in->from, target, in->a.id);
}
