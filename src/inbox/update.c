/* Update: a profile or a collection by its owner, or an edit by its author. */
#include "inbox/activity.h"

#include "base/clock.h"
#include "base/url.h"
#include "service/receive.h"

/*
 * An edit of an unknown post this young stands for its Create, which may be retried for a week and would then bring the text from
 * before the edit.
 */
enum { YOUNG_MS = 8 * DAY_MS };

static enum err
update_actor(struct ctx *c, struct incoming *in)
{
    if (in->a.object_val->kind == VAL_OBJ && val_has(in->a.object_val, S("inbox")))
        return service_resolve_actor_said(c, &in->budget, in->a.object_val, in->from, &in->from);
    return service_resolve_refresh(c, &in->budget, &in->from);
}

/* A moderator changes the group, or an administrator somebody's profile: read from where it belongs, when it is known here. */
static enum err
update_other_actor(struct ctx *c, struct incoming *in)
{
    struct budget none = { 0 };
    struct account *a;

    if (in->a.object.n == 0 || !url_same_origin(c->mem, in->a.object, in->from->uri))
        return ERR_OK;
    TRY(service_resolve_actor(c, &none, in->a.object, &a));
    return service_resolve_refresh(c, &in->budget, &a);
}

enum err
activity_update(struct ctx *c, struct incoming *in)
{
    struct ap_note x;
    struct status *s;
    bool ok;

    if (ap_id_eq(c->mem, in->a.object, in->from->uri))
        return update_actor(c, in);
    if (ap_type_class(in->a.object_type) == AP_CLASS_ACTOR)
        return update_other_actor(c, in);
    if (in->a.object_type == AP_FEATURED_COLLECTION)
        return inbox_take_collection(c, in);
    TRY(inbox_read_note(c, in, in->a.object_val, &x, &ok));
    if (!ok)
        return in->a.object.n == 0 ? ERR_OK : service_resolve_status_again(c, &in->budget, in->a.object, &s);
    TRY(service_receive_note_update(c, &in->budget, &x, in->from, &s));
    TRY(inbox_forward(c, in, x.id, true));
    if (s != NULL || x.published_ms < clock_ms() - YOUNG_MS)
        return ERR_OK;
    TRY(inbox_take_note(c, in, &x, &s));
    return service_receive_note_update(c, &in->budget, &x, in->from, &s); /* its Create may have come in the meantime */
}
