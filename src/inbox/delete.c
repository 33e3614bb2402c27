/* Delete: of the actor itself, or of a post by its author. */
#include "inbox/activity.h"

#include "service/receive.h"

enum { OBJECTS_MAX = 16 };

enum err
activity_delete(struct ctx *c, struct incoming *in)
{
    for (size_t i = 0; i < in->a.n_objects && i < OBJECTS_MAX; i++) {
        struct str id = ap_as_id(in->a.objects[i]);

        if (id.n == 0)
            continue;
        if (ap_id_eq(c->mem, id, in->from->uri))
            return service_receive_actor_delete(c, in->from);
        TRY(service_receive_delete(c, in->from, id));
    }
    return ERR_OK;
}
