/* Delete: of the actor itself, of a post by its author, of a collection, or of the consent to a quote, to a reply, boost or favourite, or to be in a collection. */
#include "inbox/activity.h"

#include "service/receive.h"
#include "service/receive_collection.h"
#include "service/receive_interaction.h"
#include "service/receive_quote.h"

enum { OBJECTS_MAX = 16 };

enum err
activity_delete(struct ctx *c, struct incoming *in)
{
    for (size_t i = 0; i < in->a.n_objects && i < OBJECTS_MAX; i++) {
        struct str id = ap_as_id(in->a.objects[i]);
        bool known;

        if (id.n == 0)
            continue;
        if (ap_id_eq(c->mem, id, in->from->uri))
            return service_receive_actor_delete(c, in->from);
        TRY(service_receive_quote_revoked(c, in->from, id, in->a.id, in->raw, &known));
        if (!known)
            TRY(service_receive_feature_revoked(c, in->from, id, &known));
        if (!known)
            TRY(service_receive_interaction_withdrawn(c, in->from, id, &known));
        if (!known)
            TRY(service_receive_collection_gone(c, in->from, id, &known));
        if (known)
            continue;
        TRY(inbox_forward(c, in, id, true)); /* while it is known whom it concerns */
        TRY(service_receive_delete(c, in->from, id));
    }
    return ERR_OK;
}
