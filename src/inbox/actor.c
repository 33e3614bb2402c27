/* Actors: ours, and the server itself, which is always open, or look-ups of keys would wait for each other for ever. */
#include "inbox/document.h"
#include "inbox/wellknown.h"
#include "service/account.h"
#include "service/document.h"
#include "service/published.h"

static enum err
get_actor(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct ap_actor_out doc;
    struct account *a;

    TRY(service_published_account(c, req_param_id(r, "id"), &a));
    if (document_prefers_page(c, r, a->url))
        return ERR_OK;
    TRY(service_document_actor(c, a, &doc));
    document_answer(c, r, ap_actor_write(c->mem, &site, &doc), VARIES_NOT, "public, max-age=180");
    return ERR_OK;
}

enum err
document_site_actor(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    struct str key_id, pem;

    TRY(service_instance_public_key(c, &key_id, &pem));
    res_text(c, r, 200, S(AP_MEDIA_TYPE), ap_site_actor_write(c->mem, &site, key_id, pem));
    res_cache(c, r, "public, max-age=600");
    return ERR_OK;
}

enum err
document_site_outbox(struct ctx *c, struct req *r)
{
    struct ap_site site = service_site(c);
    const struct ap_collection_out out = {
        .id = ap_uri(c->mem, site.origin, AP_URI_SITE_OUTBOX, 0, 0), .type = AP_ORDERED_COLLECTION, .has_items = true
    };

    res_text(c, r, 200, S(AP_MEDIA_TYPE), ap_collection_write(c->mem, &site, &out));
    res_cache(c, r, "public, max-age=600");
    return ERR_OK;
}

struct route document_actor_routes[] = {
    { HTTP_GET, "/ap/users/:id", get_actor },
};
const size_t document_actor_routes_n = lengthof(document_actor_routes);
