/* Follow of somebody here.  One that was seen before is answered again: the sender may have lost the Accept. */
#include "inbox/activity.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "service/relation.h"
#include "service/relay.h"

enum err
activity_follow(struct ctx *c, struct incoming *in)
{
    struct account *target;

    TRY(inbox_local_account(c, in->a.object, &target));
    if (str_eq(in->a.object, ap_uri(c->mem, c->env->conf->origin, AP_URI_SITE_ACTOR, 0, 0)))
        return service_relay_followed(c, in->from, in->a.id);
    if (target == NULL) /* also posts: some servers follow threads */
        return ERR_OK;
    return service_relation_follow_received(c, in->from, target, in->a.id);
}
