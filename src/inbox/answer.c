/* Accept and Reject: of our follows by the pair, whatever form the Follow comes back in; of our requests by their number. */
#include "inbox/activity.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "service/receive_collection.h"
#include "service/receive_interaction.h"
#include "service/receive_quote.h"
#include "service/relation.h"
#include "service/relay.h"

/* Who of ours asked: the actor of the embedded Follow, or the account in its id. */
static enum err
find_requester(struct ctx *c, const struct incoming *in, struct account **out)
{
    const struct val *follow = in->a.object_val;
    struct ap_uri at;

    *out = NULL;
    if (follow->kind == VAL_OBJ && ap_type_of(follow) == AP_FOLLOW) {
        struct str object = ap_as_id(val_get(follow, S("object")));

        if (object.n > 0 && !ap_id_eq(c->mem, object, in->from->uri)) /* a follow of somebody else */
            return ERR_OK;
        TRY(inbox_local_account(c, ap_as_id(val_get(follow, S("actor"))), out));
        if (*out != NULL)
            return ERR_OK;
    } else if (ap_type_of(follow) != AP_UNKNOWN) { /* an answer to something else */
        return ERR_OK;
    }
    if (!ap_uri_parse_local(c->mem, c->env->conf->origin, in->a.object, &at) || at.kind != AP_URI_FOLLOW)
        return ERR_OK;
    return inbox_local_account(c, ap_uri(c->mem, c->env->conf->origin, AP_URI_ACTOR, at.a, 0), out);
}

/* Our request, or the thing itself: so servers answer that were not asked but got it. */
static bool
is_interaction(enum ap_uri_kind k)
{
    return k == AP_URI_LIKE_REQUEST || k == AP_URI_REPLY_REQUEST || k == AP_URI_ANNOUNCE_REQUEST || k == AP_URI_LIKE ||
           k == AP_URI_STATUS || k == AP_URI_STATUS_ACTIVITY;
}

static enum err
answer(struct ctx *c, struct incoming *in, bool yes)
{
    struct account *requester;
    struct ap_uri at;
    bool relay;

    TRY(service_relay_answered(c, in->from, in->a.object, yes, &relay));
    if (relay)
        return ERR_OK;
    if (ap_uri_parse_local(c->mem, c->env->conf->origin, in->a.object, &at) && at.kind == AP_URI_QUOTE_REQUEST)
        return service_receive_quote_answer(c, in->from, &at, yes, in->a.result);
    if (at.kind == AP_URI_FEATURE_REQUEST)
        return service_receive_feature_answer(c, in->from, &at, yes, in->a.result);
    if (is_interaction(at.kind))
        return service_receive_interaction_answer(c, in->from, &at, yes, in->a.result);
    if (yes && at.kind == AP_URI_NONE && in->a.result.n > 0)
        TRY(service_receive_interaction_vouched(c, in->from, in->a.object, in->a.result));
    if (!yes && at.kind == AP_URI_NONE)
        TRY(service_receive_interaction_refused(c, in->from, in->a.object));
    TRY(find_requester(c, in, &requester));
    return requester == NULL ? ERR_OK : service_relation_answer_received(c, in->from, requester, yes);
}

enum err
inbox_accept_undone(struct ctx *c, struct incoming *in, const struct val *accept)
{
    struct str object = ap_as_id(val_get(accept, S("object"))), stamp = ap_as_id(val_get(accept, S("result")));
    struct ap_uri at;
    bool known;

    TRY(service_receive_interaction_withdrawn(c, in->from, stamp.n > 0 ? stamp : ap_as_id(accept), &known));
    if (known || object.n == 0)
        return ERR_OK;
    if (!ap_uri_parse_local(c->mem, c->env->conf->origin, object, &at))
        return service_receive_interaction_refused(c, in->from, object);
    return is_interaction(at.kind) ? service_receive_interaction_answer(c, in->from, &at, false, STR_NONE) : ERR_OK;
}

enum err
activity_accept(struct ctx *c, struct incoming *in)
{
    return answer(c, in, true);
}

enum err
activity_reject(struct ctx *c, struct incoming *in)
{
    return answer(c, in, false);
}
