/* Undo: of an embedded activity by the same actor, or of one that is only named. */
#include "inbox/activity.h"

#include "base/clock.h"
#include "service/reaction.h"
#include "service/receive.h"
#include "service/receive_interaction.h"
#include "service/relation.h"

static enum err
undo_follow(struct ctx *c, struct incoming *in, struct str id, struct str object)
{
    struct account *target;

    TRY(inbox_local_account(c, object, &target));
    return target == NULL ? ERR_OK : service_receive_unfollow(c, in->from, target, id);
}

static enum err
undo_block(struct ctx *c, struct incoming *in, struct str id, struct str object)
{
    struct account *target;

    if (val_has(in->a.object_val, S("target"))) /* a ban from a group */
        return ERR_OK;
    TRY(inbox_local_account(c, object, &target));
    return target == NULL ? ERR_OK : service_receive_unblock(c, in->from, target, id);
}

/* Accept taken back: our follow ends, or what needed consent goes. */
static enum err
undo_accept(struct ctx *c, struct incoming *in, const struct val *accept)
{
    const struct val *follow = ap_as_one(val_get(accept, S("object")));
    struct account *requester;

    if (ap_type_of(follow) != AP_FOLLOW)
        return inbox_accept_undone(c, in, accept);
    TRY(inbox_local_account(c, ap_as_id(val_get(follow, S("actor"))), &requester));
    return requester == NULL ? ERR_OK : service_relation_answer_received(c, in->from, requester, false);
}

static enum err
undo_like(struct ctx *c, struct incoming *in, struct str id, struct str object)
{
    struct ap_activity like;
    const char *why;

    if (ap_activity_read(c->mem, in->a.object_val, clock_ms(), &like, &why) != ERR_OK)
        like = (struct ap_activity){ .object_val = &val_null };
    like.id = id;
    like.object = object;
    return service_receive_unlike(c, in->from, &like);
}

enum err
inbox_restore(struct ctx *c, struct incoming *in, struct str id, struct status **out)
{
    bool was, followed;

    if (id.n == 0)
        return ERR_OK;
    TRY(service_receive_undelete(c, in->from, id, &was));
    if (!was) /* hidden at most, and read again */
        return service_resolve_status_again(c, &in->budget, id, out);
    TRY(service_receive_followed(c, in->from, &followed));
    return followed ? service_resolve_status(c, &in->budget, id, out) : ERR_OK;
}

static enum err
undo_named(struct ctx *c, struct incoming *in, struct str id)
{
    bool known;

    TRY(service_receive_interaction_withdrawn(c, in->from, id, &known)); /* an Accept that was its own stamp */
    return known ? ERR_OK : service_receive_undo(c, in->from, id);
}

enum err
activity_undo(struct ctx *c, struct incoming *in)
{
    const struct val *inner = in->a.object_val;
    struct str id = in->a.object, object, actor;
    struct status *s = NULL;

    if (inner->kind != VAL_OBJ || ap_type_of(inner) == AP_UNKNOWN)
        return id.n == 0 ? ERR_OK : undo_named(c, in, id);
    actor = ap_as_id(val_get(inner, S("actor")));
    if (actor.n > 0 && !ap_id_eq(c->mem, actor, in->from->uri))
        return ctx_fail(c, ERR_INVALID, "nobody takes back what others did");
    object = ap_as_id(val_get(inner, S("object")));
    switch (ap_type_of(inner)) {
    case AP_FOLLOW:
        return undo_follow(c, in, id, object);
    case AP_LIKE:
    case AP_EMOJI_REACT:
    case AP_EMOJI_REACTION:
        return undo_like(c, in, id, object);
    case AP_ANNOUNCE:
        return service_receive_unannounce(c, in->from, id, object);
    case AP_BLOCK:
        return undo_block(c, in, id, object);
    case AP_ACCEPT:
        return undo_accept(c, in, inner);
    case AP_DELETE:
        return inbox_restore(c, in, object, &s);
    default:
        return ERR_OK;
    }
}
