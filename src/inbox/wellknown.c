/* WebFinger, host-meta, NodeInfo, and the server's own actor: open to everybody, also in secure mode. */
#include "ap/webfinger.h"
#include "http/params.h"
#include "inbox/document.h"
#include "inbox/wellknown.h"
#include "service/document.h"
#include "service/instance.h"
#include "service/published.h"

#define CACHE_DAYS "public, max-age=259200"
#define CACHE_ERROR "public, max-age=180"

/* ---- WebFinger ------------------------------------------------------------------------------------------------- */

static enum err
find_subject(struct ctx *c, const struct ap_site *site, struct str resource, struct ap_jrd_out *out)
{
    struct account *a = NULL;
    struct ap_wf w;

    *out = (struct ap_jrd_out){ 0 };
    ap_wf_resource(c->mem, site, (struct strs){ 0 }, resource, &w);
    switch (w.kind) {
    case AP_WF_SITE:
        return ERR_OK;
    case AP_WF_NAME:
        TRY(service_published_account_named(c, w.name, &a));
        break;
    case AP_WF_ACCOUNT:
        TRY(service_published_account(c, w.account_id, &a));
        break;
    case AP_WF_NONE:
        return ctx_fail(c, ERR_NOT_FOUND, "not ours: %.*s", STR_ARG(str_sub(resource, 0, 200)));
    }
    out->name = a->username;
    out->account_id = a->id;
    if (a->suspended_ms == 0) {
        out->avatar_url = service_document_file(c, a->avatar);
        out->avatar_type = service_document_file_type(a->avatar);
    }
    return ERR_OK;
}

/* Failures may be kept for a while too: peers ask again and again for people who are gone. */
static void
on_webfinger_error(struct ctx *c, struct req *r, enum err e)
{
    respond_error(c, r, e);
    if (e == ERR_BAD_REQUEST || e == ERR_NOT_FOUND || e == ERR_GONE)
        res_header(c, r, "Cache-Control", S(CACHE_ERROR));
}

static enum err
get_webfinger(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_jrd_out out;
    struct str resource;

    TRY(params_tree(c, r));
    resource = val_str(val_get(r->args, S("resource")));
    if (resource.n == 0)
        return ctx_fail_field(c, ERR_BAD_REQUEST, "resource", "no resource");
    TRY(find_subject(c, &site, resource, &out));
    res_text(c, r, 200, S("application/jrd+json; charset=utf-8"), ap_jrd_write(c->mem, &site, &out));
    res_cache(c, r, CACHE_DAYS);
    return ERR_OK;
}

/* ---- host-meta ------------------------------------------------------------------------------------------------- */

static enum err
get_host_meta(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);

    res_text(c, r, 200, S("application/xrd+xml; charset=utf-8"), ap_host_meta_xml(c->mem, &site));
    res_cache(c, r, CACHE_DAYS);
    return ERR_OK;
}

static enum err
get_host_meta_json(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);

    res_text(c, r, 200, S("application/jrd+json; charset=utf-8"), ap_host_meta_json(c->mem, &site));
    res_cache(c, r, CACHE_DAYS);
    return ERR_OK;
}

/* ---- NodeInfo -------------------------------------------------------------------------------------------------- */

static enum err
get_nodeinfo_links(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);

    res_text(c, r, 200, S("application/json; charset=utf-8"), ap_nodeinfo_links(c->mem, &site));
    res_cache(c, r, CACHE_DAYS);
    return ERR_OK;
}

static enum err
answer_nodeinfo(struct ctx *c, struct req *r, struct str version)
{
    struct ap_site site = service_site(c);
    struct instance_info info;
    struct ap_nodeinfo n;

    TRY(service_instance_get(c, &info));
    n = (struct ap_nodeinfo){ .name = info.title,
        .description = info.short_description.n > 0 ? info.short_description : info.description,
        .open_registrations = str_eqz(info.registrations, "open"),
        .users = info.users,
        .active_month = info.active_month,
        .posts = info.statuses };
    TRY(service_published_active(c, 180, &n.active_halfyear));
    if (info.contact != NULL)
        n.staff = (struct strs){ &info.contact->uri, 1 };
    res_text(c, r, 200,
        str_cat(c->mem, S("application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/"), version,
            S("#\"; charset=utf-8"), STR_NONE),
        ap_nodeinfo_write(c->mem, &site, version, &n));
    res_cache(c, r, "public, max-age=1800");
    return ERR_OK;
}

static enum err
get_nodeinfo_20(struct ctx *c, struct req *r)
{
    return answer_nodeinfo(c, r, S("2.0"));
}

static enum err
get_nodeinfo_21(struct ctx *c, struct req *r)
{
    return answer_nodeinfo(c, r, S("2.1"));
}

struct route document_open_routes[] = {
    { HTTP_GET, "/.well-known/host-meta", get_host_meta },
    { HTTP_GET, "/.well-known/host-meta.json", get_host_meta_json },
    { HTTP_GET, "/.well-known/nodeinfo", get_nodeinfo_links },
    { HTTP_GET, "/nodeinfo/2.0", get_nodeinfo_20 },
    { HTTP_GET, "/nodeinfo/2.1", get_nodeinfo_21 },
    { HTTP_GET, "/actor", document_site_actor },
    { HTTP_GET, "/actor/outbox", document_site_outbox },
};
const size_t document_open_routes_n = lengthof(document_open_routes);

static struct route webfinger_routes[] = { { HTTP_GET, "/.well-known/webfinger", get_webfinger } };
static const struct route_group webfinger = {
    .name = "wellknown", .on_error = on_webfinger_error, .cors = true, .vary = "Accept"
};

void
document_webfinger_routes(struct router *r)
{
    router_add(r, &webfinger, webfinger_routes, lengthof(webfinger_routes));
}
