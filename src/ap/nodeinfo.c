/* NodeInfo 2.0 and 2.1.  http://nodeinfo.diaspora.software/protocol.html */
#include "ap/webfinger.h"

#include "base/arena.h"
#include "base/buf.h"

static void
put_link(struct json *j, const char *rel, struct str href)
{
    json_obj(j, NULL);
    json_str(j, "rel", str_z(rel));
    json_str(j, "href", href);
    json_end(j);
}

struct str
ap_nodeinfo_links(struct arena *a, const struct ap_site *site)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_arr(&j, "links");
    put_link(
        &j, "http://nodeinfo.diaspora.software/ns/schema/2.0", str_cat(a, site->origin, S("/nodeinfo/2.0"), STR_NONE));
    put_link(
        &j, "http://nodeinfo.diaspora.software/ns/schema/2.1", str_cat(a, site->origin, S("/nodeinfo/2.1"), STR_NONE));
    put_link(&j, AP_AS "#Application", ap_uri(a, site->origin, AP_URI_SITE_ACTOR, 0, 0)); /* FEP-2677 */
    json_end(&j);
    json_end(&j);
    return ap_json_done(&j);
}

/* Hidden numbers are left out: false ones are never published. */
static void
put_usage(struct json *j, const struct ap_nodeinfo *n)
{
    json_obj(j, "usage");
    json_obj(j, "users");
    if (n->users >= 0) {
        json_int(j, "total", n->users);
        json_int(j, "activeMonth", n->active_month);
        json_int(j, "activeHalfyear", n->active_halfyear);
    }
    json_end(j);
    if (n->users >= 0)
        json_int(j, "localPosts", n->posts);
    json_end(j);
}

struct str
ap_nodeinfo_write(struct arena *a, const struct ap_site *site, struct str version, const struct ap_nodeinfo *n)
{
    bool is_21 = str_eq(version, S("2.1"));
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "version", is_21 ? S("2.1") : S("2.0"));
    json_obj(&j, "software");
    json_str(&j, "name", S("dassie"));
    json_str(&j, "version", S(DASSIE_VERSION));
    if (is_21 && n->repository.n > 0)
        json_str(&j, "repository", n->repository);
    if (is_21 && n->homepage.n > 0)
        json_str(&j, "homepage", n->homepage);
    json_end(&j);
    ap_ids_write(&j, "protocols", (struct strs){ &S("activitypub"), 1 });
    json_obj(&j, "services");
    ap_ids_write(&j, "inbound", (struct strs){ 0 });
    ap_ids_write(&j, "outbound", (struct strs){ 0 });
    json_end(&j);
    json_bool(&j, "openRegistrations", n->open_registrations);
    put_usage(&j, n);
    json_obj(&j, "metadata");
    json_str(&j, "nodeName", n->name);
    json_str(&j, "nodeDescription", n->description);
    ap_ids_write(&j, "staffAccounts", n->staff);
    json_obj(&j, "federation");
    json_bool(&j, "enabled", true);
    json_end(&j);
    json_end(&j);
    json_end(&j);
    return ap_json_done(&j);
}
