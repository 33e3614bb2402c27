/* The job of an accepted activity: who says it, may they, and which handler acts on it. */
#include "inbox/inbox.h"

#include "ap/proof.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "db/db.h"
#include "inbox/activity.h"
#include "service/receive.h"

const struct activity_kind *
activity_kind(enum ap_type t)
{
    static const struct activity_kind kinds[AP_TYPE_COUNT] = {
#define ACTIVITY(type, handler, suspended) [AP_##type] = { activity_##handler, suspended },
#include "inbox/activities.def"
#undef ACTIVITY
    };

    return &kinds[t < AP_TYPE_COUNT ? t : AP_UNKNOWN];
}

struct ap_rules
inbox_rules(const struct ctx *c)
{
    return (struct ap_rules){ .origin = c->env->conf->origin, .allow_http = c->env->conf->federation_http };
}

enum err
inbox_drop_theirs(struct ctx *c, enum err e)
{
    if (e == ERR_OK || err_fate(e) == FATE_RETRY || ctx_is_raced(c, e))
        return e;
    log_debug(c, "inbox.dropped", LOG_STR("why", c->fail.detail));
    db_rollback(c);
    ctx_ok(c);
    return ERR_OK;
}

enum err
inbox_local_account(struct ctx *c, struct str uri, struct account **out)
{
    struct budget none = { 0 };
    enum err e;

    *out = NULL;
    if (ap_uri_local_account(c->mem, c->env->conf->origin, uri) == 0)
        return ERR_OK;
    e = service_resolve_actor(c, &none, uri, out);
    if (e != ERR_NOT_FOUND && e != ERR_GONE)
        return e;
    ctx_ok(c);
    *out = NULL;
    return ERR_OK;
}

/* ---- who says it ---------------------------------------------------------------------------------------------------- */

enum trust {
    TRUST_SENDER, /* a.actor is proven, in->from */
    TRUST_IDS,    /* somebody passed it on: only what it names, fetched */
    TRUST_NOTHING,
};

/* A proof that is there decides, even when the sender signed the delivery: a wrong one spoils the document. */
static enum err
check_proof(struct ctx *c, struct incoming *in, bool *proven, bool *spoiled)
{
    struct ap_proof p;
    struct remote_key key;
    const char *why = "";
    enum ap_proof_state state = AP_PROOF_NONE;
    enum err e;

    *proven = *spoiled = false;
    if (in->a.has_proof)
        state = ap_proof_read(c->mem, in->a.doc, clock_ms(), &p, &why);
    *spoiled = state == AP_PROOF_MALFORMED;
    if (state != AP_PROOF_PRESENT)
        return ERR_OK;
    for (int i = 0; i < 2 && !*proven; i++) { /* once more with a fresh key: it may have been changed */
        e = service_resolve_key(c, &in->budget, p.method, i > 0, &key);
        if (e != ERR_OK && err_fate(e) == FATE_RETRY)
            return e;
        if (e != ERR_OK)
            ctx_ok(c);
        *proven = e == ERR_OK && key.key.kind == KEY_ED25519 && ap_id_eq(c->mem, key.owner->uri, in->a.actor) &&
                  ap_proof_verify(c->mem, &p, &key.key);
    }
    *spoiled = !*proven;
    return ERR_OK;
}

static enum err
find_trust(struct ctx *c, struct incoming *in, struct str signer, enum trust *out)
{
    bool proven, spoiled, is_signer = ap_id_eq(c->mem, in->a.actor, signer);

    *out = TRUST_NOTHING;
    TRY(check_proof(c, in, &proven, &spoiled));
    if (spoiled)
        return ERR_OK;
    *out = is_signer || proven ? TRUST_SENDER : TRUST_IDS;
    if (*out == TRUST_SENDER)
        return service_resolve_actor(c, &in->budget, is_signer ? signer : in->a.actor, &in->from);
    return ERR_OK;
}

/* ---- what it names -------------------------------------------------------------------------------------------------- */

/* Things on suspended domains do not come in by detours. */
static enum err
check_named(struct ctx *c, const struct ap_activity *a)
{
    const struct str named[] = { a->object, a->target, a->instrument,
        a->object_val->kind == VAL_OBJ ? ap_as_id(val_get(a->object_val, S("inReplyTo"))) : STR_NONE };

    for (size_t i = 0; i < lengthof(named); i++) {
        enum err e = named[i].n == 0 ? ERR_OK : service_resolve_allowed(c, named[i]);

        if (e == ERR_INVALID) /* no web address: the handler will see */
            ctx_ok(c);
        else
            TRY(e);
    }
    return ERR_OK;
}

static enum err
dispatch(struct ctx *c, struct incoming *in, struct str signer)
{
    const struct activity_kind *kind = activity_kind(in->a.type);
    struct ap_rules rules = inbox_rules(c);
    const char *why = "";
    enum trust trust;

    if (kind->fn == NULL)
        return ERR_OK;
    if (ap_activity_check(c->mem, &rules, &in->a, &why) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "%s", why);
    TRY(check_named(c, &in->a));
    TRY(find_trust(c, in, signer, &trust));
    if (trust == TRUST_NOTHING)
        return ctx_fail(c, ERR_INVALID, "the proof is wrong");
    if (trust == TRUST_IDS)
        return inbox_forwarded(c, in);
    if (account_is_local(in->from))
        return ctx_fail(c, ERR_INVALID, "one of ours cannot come in from outside");
    if (in->from->suspended_ms != 0 && !in->from->suspended_by_origin && !kind->from_suspended)
        return ctx_fail(c, ERR_FORBIDDEN, "the sender is suspended here");
    return kind->fn(c, in);
}

enum err
inbox_process(struct ctx *c, int64_t id)
{
    struct incoming in = { .budget = budget_in_turn() };
    const struct val *doc;
    const char *why = "";
    struct str signer;

    TRY(service_receive_next(c, id, &signer, &in.inbox_account_id, &in.raw));
    in.signer = signer;
    if (ap_doc_parse(c->mem, in.raw, AP_DOC_OBJECT, &doc, &why) != ERR_OK ||
        ap_activity_read(c->mem, doc, clock_ms(), &in.a, &why) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "%s", why);
    log_debug(
        c, "inbox.process", LOG_STR("type", in.a.type_text), LOG_STR("actor", in.a.actor), LOG_STR("id", in.a.id));
    return dispatch(c, &in, signer);
}

enum err
job_process_activity(struct ctx *c, const struct job *job)
{
    TRY(inbox_drop_theirs(c, inbox_process(c, job->arg_id)));
    return service_receive_done(c, job->arg_id);
}
