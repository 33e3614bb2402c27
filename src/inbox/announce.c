/* Announce: a boost.  The boosted post is believed only from its own server; groups (FEP-1b12) also announce activities. */
#include "inbox/activity.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "service/receive.h"
#include "service/receive_interaction.h"
#include "service/relay.h"

/* The post, from the store or its origin; the announcer's own may be embedded (followers-only posts that no server would give us). */
static enum err
find_original(struct ctx *c, struct incoming *in, struct str id, const struct val *obj, struct status **out)
{
    struct ap_note x;
    bool ok = false;

    *out = NULL;
    if (obj->kind == VAL_OBJ && ap_type_class(ap_type_of(obj)) == AP_CLASS_POST)
        TRY(inbox_read_note(c, in, obj, &x, &ok));
    if (ok)
        TRY(service_receive_note(c, &in->budget, &x, in->from, out));
    return service_resolve_status(c, &in->budget, ok && *out != NULL ? (*out)->uri : id, out);
}

static enum err
boost(struct ctx *c, struct incoming *in, struct str id, const struct val *obj)
{
    enum visibility v = ap_visibility_of(in->a.to, in->a.cc, in->from->uri, in->from->followers_uri, -1, false);
    struct status *original;
    bool wanted = ap_uri_local_status(c->mem, c->env->conf->origin, id) != 0;

    if (id.n == 0 || v > VIS_PRIVATE)
        return ERR_OK;
    if (!wanted)
        TRY(service_receive_followed(c, in->from, &wanted));
    if (!wanted)
        return ERR_OK;
    TRY(find_original(c, in, id, obj, &original));
    TRY(service_interaction_boost_ok(c, &in->budget, in->from, original, in->a.id, in->a.approved_by, &wanted));
    if (!wanted)
        return ERR_OK;
    return service_receive_announce(c, in->from, original,
        &(struct boost){
            .uri = in->a.id, .visibility = v, .published_ms = in->a.published_ms, .stamp = in->a.approved_by });
}

/* An edit of a post that is not here: a young one stands for the Create that was lost. */
static enum err
unwrap_update(struct ctx *c, struct incoming *in, struct str id, const struct val *obj)
{
    struct status *s;
    enum err e = service_resolve_status_again(c, &in->budget, id, &s);

    if (e != ERR_NOT_FOUND || ap_as_time(val_get(obj, S("published")), clock_ms(), 0) < clock_ms() - DAY_MS)
        return e;
    ctx_ok(c);
    return boost(c, in, id, &val_null);
}

/* What a group passes on: new posts are shown as boosted by it; of edits and deletions only their own server is believed. */
static enum err
unwrap(struct ctx *c, struct incoming *in, const struct val *inner)
{
    const struct val *obj = ap_as_one(val_get(inner, S("object")));
    struct str id = ap_as_id(obj);
    struct status *s;

    if (!str_eq(in->from->actor_type, S("Group")) || id.n == 0)
        return ERR_OK;
    switch (ap_type_of(inner)) {
    case AP_CREATE:
        return boost(c, in, id, &val_null);
    case AP_UPDATE:
        return unwrap_update(c, in, id, obj);
    case AP_UNDO:
        return ap_type_of(obj) == AP_DELETE ? inbox_restore(c, in, ap_as_id(val_get(obj, S("object"))), &s) : ERR_OK;
    case AP_DELETE:
        return service_resolve_status_again(c, &in->budget, id, &s);
    default: /* votes and the like of other people: not counted */
        return ERR_OK;
    }
}

/* A relay is no reader: what it names is kept, and nobody is shown as boosting it.  Some wrap the activity they pass on. */
static enum err
from_relay(struct ctx *c, struct incoming *in, bool *relay)
{
    const struct val *obj = in->a.object_val;
    enum ap_type type = obj->kind == VAL_OBJ ? ap_type_of(obj) : AP_UNKNOWN;
    struct str id = in->a.object;

    if (ap_type_class(type) == AP_CLASS_ACTIVITY)
        id = ap_as_id(ap_as_one(val_get(obj, S("object"))));
    return service_relay_take(c, &in->budget, in->from, id, type == AP_UPDATE || type == AP_DELETE, relay);
}

enum err
activity_announce(struct ctx *c, struct incoming *in)
{
    const struct val *obj = in->a.object_val;
    bool relay;

    TRY(from_relay(c, in, &relay));
    if (relay)
        return ERR_OK;
    if (obj->kind == VAL_OBJ && ap_type_class(ap_type_of(obj)) == AP_CLASS_ACTIVITY)
        return unwrap(c, in, obj);
    return boost(c, in, in->a.object, obj);
}
