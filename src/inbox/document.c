/* Who asks for a document, and the answer. */
#include "inbox/document.h"

#include "ap/accept.h"
#include "ap/httpsig.h"
#include "base/clock.h"
#include "base/conf.h"
#include "http/params.h"
#include "inbox/wellknown.h"
#include "service/domain.h"
#include "service/resolve.h"

/* ---- who signed ------------------------------------------------------------------------------------------------ */

struct asker {
    struct account *signer; /* NULL: nobody */
    bool must_sign;
    bool refused; /* nothing is exchanged with that server, and it says itself who it is */
};

static struct ap_sig_request
signed_request(struct ctx *c, const struct req *r)
{
    struct str *origin = arena_new(c->mem, struct str);

    *origin = c->env->conf->origin;
    return (struct ap_sig_request){ .method = r->method_text,
        .target = r->target,
        .headers = r->headers,
        .n_headers = r->n_headers,
        .origins = { origin, 1 },
        .now_ms = clock_ms() };
}

static enum err
try_key(struct ctx *c, const struct ap_sig_request *q, const struct ap_sig *sig, bool fresh, struct remote_key *key)
{
    struct budget budget = budget_within(5 * SECOND_MS);
    struct public_key k;
    const char *why = "";

    TRY(service_resolve_key(c, &budget, sig->keyid, fresh, key));
    if (key_unpack(key->public, &k) != ERR_OK || ap_sig_verify(c->mem, q, sig, &k, &why) != ERR_OK)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "The signature does not verify");
    return ERR_OK;
}

/* FORBIDDEN here is a word of the operator, unlike what their server may say when it is asked for the key. */
static enum err
check_domain(struct ctx *c, struct str uri, struct asker *asker)
{
    enum err e = service_resolve_allowed(c, uri);

    asker->refused = e == ERR_FORBIDDEN;
    return e;
}

static enum err
find_signer(struct ctx *c, const struct req *r, struct asker *asker)
{
    struct ap_sig_request q = signed_request(c, r);
    struct remote_key key;
    const char *why = "";
    struct ap_sig sig;
    enum err e;

    if (!ap_sig_present(&q))
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Request not signed");
    if (ap_sig_parse(c->mem, &q, &sig, &why) != ERR_OK || ap_sig_check(c->mem, &q, &sig, &why) != ERR_OK)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "Request not signed properly: %s", why);
    e = check_domain(c, sig.keyid, asker); /* also a key that is known: its domain may be closed since */
    if (e == ERR_INVALID)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "The key of the signature is not known");
    TRY(e);
    e = try_key(c, &q, &sig, false, &key);
    if (e == ERR_OK)
        e = check_domain(c, key.owner->uri, asker);
    if (e == ERR_UNAUTHORIZED) { /* the key may have been changed */
        ctx_ok(c);
        e = try_key(c, &q, &sig, true, &key);
    }
    if (e == ERR_REMOTE)
        return ctx_fail(c, ERR_BUSY, "key %.*s cannot be fetched", STR_ARG(sig.keyid));
    if (e == ERR_NOT_FOUND || e == ERR_GONE)
        return ctx_fail_public(c, ERR_UNAUTHORIZED, "The key of the signature is not known");
    if (e == ERR_OK)
        asker->signer = key.owner;
    return e;
}

static bool
is_signed(struct ctx *c, const struct req *r)
{
    struct ap_sig_request q = signed_request(c, r);

    return ap_sig_present(&q);
}

enum err
document_before(struct ctx *c, struct req *r)
{
    struct asker *asker = arena_new(c->mem, struct asker);
    enum err e;

    *asker = (struct asker){ .must_sign = c->env->conf->secure_mode };
    r->group = asker;
    if (!asker->must_sign)
        TRY(service_domain_limited(c, &asker->must_sign));
    if (!asker->must_sign && !is_signed(c, r))
        return ERR_OK;
    e = find_signer(c, r, asker);
    if (e != ERR_OK && (asker->must_sign || asker->refused))
        return e;
    if (e != ERR_OK)
        ctx_ok(c);
    return ERR_OK;
}

const struct account *
document_signer(const struct req *r)
{
    const struct asker *asker = r->group;

    return asker == NULL ? NULL : asker->signer;
}

int64_t
document_viewer(const struct req *r)
{
    const struct asker *asker = r->group;

    return asker == NULL || asker->signer == NULL ? 0 : asker->signer->id;
}

/* ---- the answer ------------------------------------------------------------------------------------------------ */

void
document_answer(struct ctx *c, struct req *r, struct str body, enum document_varies varies, const char *cache)
{
    const struct asker *asker = r->group;
    bool by_signer = varies == VARIES_SIGNER || (asker != NULL && asker->must_sign);

    res_text(c, r, 200, S(AP_MEDIA_TYPE), body);
    res_header(c, r, "Vary", by_signer ? S("Accept, Signature, Signature-Input") : S("Accept"));
    res_cache(c, r, by_signer && is_signed(c, r) ? "private, no-store" : cache);
}

struct ap_item_out *
document_id_items(struct ctx *c, const struct strs *ids)
{
    struct ap_item_out *v = arena_vec(c->mem, struct ap_item_out, ids->n);

    for (size_t i = 0; i < ids->n; i++)
        v[i] = (struct ap_item_out){ .kind = AP_ITEM_ID, .id = ids->v[i] };
    return v;
}

bool
document_prefers_page(struct ctx *c, struct req *r, struct str page_url)
{
    if (ap_accept(req_header(c, r, S("Accept")), AP_WANTS_AP) != AP_WANTS_HTML)
        return false;
    res_redirect(c, r, 302, page_url);
    res_header(c, r, "Vary", S("Accept"));
    return true;
}

enum err
document_wants_page(struct ctx *c, struct req *r, bool *out)
{
    TRY(params_tree(c, r));
    *out = val_has(r->args, S("page"));
    return ERR_OK;
}

int64_t
document_number(const struct req *r, const char *name)
{
    int64_t n;

    return str_int(val_str(val_get(r->args, str_z(name))), &n) && n > 0 ? n : 0;
}

/* ---- routes ---------------------------------------------------------------------------------------------------- */

static const struct route_group documents = { .name = "ap", .before = document_before, .vary = "Accept" };
static const struct route_group actors = { .name = "ap", .before = document_before, .cors = true, .vary = "Accept" };
static const struct route_group open_group = { .name = "wellknown", .cors = true, .vary = "Accept" };

void
inbox_document_routes(struct router *r)
{
    router_add(r, &actors, document_actor_routes, document_actor_routes_n);
    router_add(r, &documents, document_status_routes, document_status_routes_n);
    router_add(r, &documents, document_collection_routes, document_collection_routes_n);
    router_add(r, &documents, document_featured_routes, document_featured_routes_n);
    router_add(r, &open_group, document_open_routes, document_open_routes_n);
    document_webfinger_routes(r);
}
