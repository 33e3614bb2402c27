/* Collections of accounts (FEP-7aa9): what others say of theirs, requests to be in one, and the documents of ours. */
#include "inbox/activity.h"

#include "ap/read_featured.h"
#include "ap/write_featured.h"
#include "inbox/document.h"
#include "service/collection.h"
#include "service/document.h"
#include "service/receive.h"
#include "service/receive_collection.h"

enum { LIST_PAGE = 5 };

/* ---- activities --------------------------------------------------------------------------------------------------- */

enum err
inbox_take_collection(struct ctx *c, struct incoming *in)
{
    struct ap_featured x;
    bool ok, followed;
    int64_t id;

    TRY(service_receive_collection_doc(c, in->from, in->a.object_val, &x, &ok));
    if (!ok)
        return ERR_OK;
    TRY(service_receive_followed(c, in->from, &followed));
    return service_receive_collection(c, in->from, &x, followed, &id);
}

enum err
activity_feature_request(struct ctx *c, struct incoming *in)
{
    struct feature_request r = { .from = in->from, .uri = in->a.id, .collection = in->a.instrument };

    TRY(inbox_local_account(c, in->a.object, &r.member));
    if (r.member == NULL || r.uri.n == 0 || r.collection.n == 0)
        return ERR_OK;
    return service_receive_feature_request(c, &in->budget, &r);
}

/* ---- documents ---------------------------------------------------------------------------------------------------- */

static enum err
get_collection(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_featured_out out;

    TRY(service_published_collection(
        c, req_param_id(r, "id"), req_param_id(r, "collection_id"), document_viewer(r), &out));
    document_answer(c, r, ap_featured_write(c->mem, &site, &out), VARIES_SIGNER, "public, max-age=30");
    return ERR_OK;
}

static enum err
get_item(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_featured_item_out out;

    TRY(service_published_collection_item(
        c, req_param_id(r, "id"), req_param_id(r, "item_id"), document_viewer(r), &out));
    document_answer(
        c, r, ap_featured_item_write(c->mem, &site, req_param_id(r, "id"), &out), VARIES_SIGNER, "public, max-age=30");
    return ERR_OK;
}

static enum err
get_stamp(struct ctx *c, struct req *r)
{
    struct ap_stamp_out stamp;

    TRY(service_published_feature_stamp(c, req_param_id(r, "id"), req_param_id(r, "item_id"), &stamp));
    document_answer(c, r, ap_stamp_write(c->mem, &stamp), VARIES_NOT, "public, max-age=30");
    return ERR_OK;
}

static enum err
get_list(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    int64_t account_id = req_param_id(r, "id"), offset;
    struct str base = ap_uri(c->mem, site.origin, AP_URI_FEATURED_COLLECTIONS, account_id, 0);
    struct ap_featured_page out = { .id = base };
    struct ap_featured_out *v;
    bool page;

    TRY(document_wants_page(c, r, &page));
    offset = document_number(r, "offset");
    TRY(service_published_collections(
        c, account_id, document_viewer(r), page ? LIST_PAGE : 0, offset, &v, &out.n, &out.total));
    out.v = v;
    if (page) {
        out.part_of = base;
        out.id = str_fmt(c->mem, "%.*s?offset=%lld&page=true", STR_ARG(base), (long long)offset);
        if (offset + LIST_PAGE < out.total)
            out.next = str_fmt(c->mem, "%.*s?offset=%lld&page=true", STR_ARG(base), (long long)offset + LIST_PAGE);
    } else {
        out.first = str_cat(c->mem, base, S("?offset=0&page=true"), STR_NONE);
    }
    document_answer(c, r, ap_featured_page_write(c->mem, &site, &out), VARIES_SIGNER, "public, max-age=60");
    return ERR_OK;
}

struct route document_featured_routes[] = {
    { HTTP_GET, "/ap/users/:id/featured_collections", get_list },
    { HTTP_GET, "/ap/users/:id/featured_collections/:collection_id", get_collection },
    { HTTP_GET, "/ap/users/:id/featured_items/:item_id", get_item },
    { HTTP_GET, "/ap/users/:id/feature_authorizations/:item_id", get_stamp },
};
const size_t document_featured_routes_n = lengthof(document_featured_routes);
