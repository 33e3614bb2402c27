/* LikeRequest, ReplyRequest, AnnounceRequest: somebody asks first.  Ours are open, so what is asked for is taken and answered. */
#include "inbox/activity.h"

#include "ap/check.h"
#include "base/clock.h"
#include "base/url.h"
#include "service/receive.h"
#include "service/receive_interaction.h"

/* What is asked for must be the sender's own. */
static bool
is_own(struct ctx *c, const struct incoming *in)
{
    struct str actor = ap_as_id(val_get(in->a.instrument_val, S("actor")));

    return in->a.instrument.n > 0 && url_same_origin(c->mem, in->a.instrument, in->from->uri) &&
           (actor.n == 0 || ap_id_eq(c->mem, actor, in->from->uri));
}

static enum err
take_reply(struct ctx *c, struct incoming *in, const struct status *target)
{
    struct ap_note x;
    struct status *s;
    bool ok;

    TRY(inbox_read_note(c, in, in->a.instrument_val, &x, &ok));
    if (!ok)
        return inbox_drop_theirs(c, service_resolve_status(c, &in->budget, in->a.instrument, &s));
    return str_eq(x.in_reply_to, target->uri) ? inbox_take_note(c, in, &x, &s) : ERR_OK;
}

static enum err
take_boost(struct ctx *c, struct incoming *in, struct status *target)
{
    const struct val *doc = in->a.instrument_val;
    struct strs to = ap_as_ids(c->mem, val_get(doc, S("to")), AP_ADDRESSEES_MAX);
    struct strs cc = ap_as_ids(c->mem, val_get(doc, S("cc")), AP_ADDRESSEES_MAX);
    enum visibility v = ap_visibility_of(to, cc, in->from->uri, in->from->followers_uri, -1, false);
    int64_t at = ap_as_time(val_get(doc, S("published")), clock_ms(), 0);

    return service_receive_announce(
        c, in->from, target, &(struct boost){ .uri = in->a.instrument, .visibility = v, .published_ms = at });
}

static enum err
request(struct ctx *c, struct incoming *in, enum interaction kind)
{
    struct interaction_request r = { .from = in->from, .kind = kind, .uri = in->a.id, .instrument = in->a.instrument };

    TRY(service_receive_interaction_asked(c, in->from, in->a.object, &r.target));
    if (r.target == NULL || r.uri.n == 0)
        return ERR_OK;
    if (is_own(c, in)) {
        if (kind == INTERACT_LIKE)
            TRY(service_receive_like(c, in->from, in->a.object, in->a.instrument));
        else
            TRY(kind == INTERACT_REPLY ? take_reply(c, in, r.target) : take_boost(c, in, r.target));
    }
    return service_receive_interaction_request(c, &r);
}

enum err
activity_like_request(struct ctx *c, struct incoming *in)
{
    return request(c, in, INTERACT_LIKE);
}

enum err
activity_reply_request(struct ctx *c, struct incoming *in)
{
    return request(c, in, INTERACT_REPLY);
}

enum err
activity_announce_request(struct ctx *c, struct incoming *in)
{
    return request(c, in, INTERACT_ANNOUNCE);
}
