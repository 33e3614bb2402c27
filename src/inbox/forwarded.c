/*
 * Activities passed on.  To us, by a server that is not the actor's: replies in a thread of somebody here, deletions of them.  Whoever
 * passes something on has no say in it: what is named is fetched from where it belongs.  And by us, to those who follow the thread.
 */
#include "inbox/activity.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "service/forward.h"
#include "service/receive.h"
#include "service/receive_quote.h"
#include "service/relay.h"

enum err
inbox_forward(struct ctx *c, const struct incoming *in, struct str object, bool change)
{
    /* Without a signature in the document its receivers would have to believe us. */
    if (in->a.id.n == 0 || object.n == 0 || !(in->a.has_proof || in->a.has_ld_signature))
        return ERR_OK;
    return service_forward(
        c, &(struct forward){ .from = in->from, .object = object, .uri = in->a.id, .raw = in->raw, .change = change });
}

/* Worth a fetch: it claims to answer a post of ours, a relay of ours brings it, or its author is known and followed. */
static enum err
is_worth_it(struct ctx *c, const struct incoming *in, bool *out)
{
    struct str parent =
        in->a.object_val->kind == VAL_OBJ ? ap_as_id(val_get(in->a.object_val, S("inReplyTo"))) : STR_NONE;
    struct account *author;
    struct budget none = { 0 };
    bool is_relay;
    enum err e;

    *out = ap_uri_local_status(c->mem, c->env->conf->origin, parent) != 0;
    if (*out)
        return ERR_OK;
    TRY(service_relay_may_bring(c, in->signer, &is_relay, out));
    if (is_relay)
        return ERR_OK;
    e = service_resolve_actor(c, &none, in->a.actor, &author); /* no budget: only when it is known */
    if (e == ERR_OK)
        return service_receive_followed(c, author, out);
    return inbox_drop_theirs(c, e == ERR_REMOTE ? ERR_NOT_FOUND : e);
}

enum err
inbox_forwarded(struct ctx *c, struct incoming *in)
{
    struct status *s;
    bool worth, is_stamp;

    if (in->a.object.n == 0)
        return ERR_OK;
    switch (in->a.type) {
    case AP_CREATE:
        TRY(is_worth_it(c, in, &worth));
        return worth ? service_resolve_status(c, &in->budget, in->a.object, &s) : ERR_OK;
    case AP_DELETE:
        TRY(service_quote_recheck_stamp(c, &in->budget, in->a.object, &is_stamp));
        return is_stamp ? ERR_OK : service_resolve_status_again(c, &in->budget, in->a.object, &s);
    case AP_UPDATE:
        return service_resolve_status_again(c, &in->budget, in->a.object, &s);
    default:
        return ctx_fail(c, ERR_INVALID, "nobody speaks for another actor");
    }
}
