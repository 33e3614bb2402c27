/* WebFinger and host-meta, both directions. */
#include "ap/webfinger.h"

#include "ap/check.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/url.h"

/* ---- reading ------------------------------------------------------------------------------------------------------------- */

bool
ap_acct_parse(struct arena *a, struct str s, struct str *user, struct str *domain)
{
    ptrdiff_t at;

    s = str_trim(s);
    if (str_startsi(s, S("acct:")))
        s = str_sub(s, 5, s.n);
    if (str_starts(s, S("@")))
        s = str_sub(s, 1, s.n);
    at = str_chr(s, '@');
    if (at <= 0 || (size_t)at + 1 >= s.n || at > AP_NAME_BYTES_MAX)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= 0x20 || strchr("/?#\"<>\\", s.p[i]) != NULL || (s.p[i] == '@' && i != (size_t)at))
            return false;
    *user = str_sub(s, 0, (size_t)at);
    *domain = str_lower(a, str_sub(s, (size_t)at + 1, s.n));
    return true;
}

enum err
ap_jrd_read(struct arena *a, struct str bytes, struct ap_jrd *out, const char **why)
{
    const struct val *doc, *links;
    struct ap_jrd x = { 0 };

    *why = "not a JRD";
    if (bytes.n > AP_BODY_BYTES_MAX || json_parse(a, bytes, NULL, &doc) != ERR_OK || doc->kind != VAL_OBJ)
        return ERR_BAD_REQUEST;
    x.subject = val_str(val_get(doc, S("subject")));
    if (str_startsi(x.subject, S("acct:")))
        (void)!ap_acct_parse(a, x.subject, &x.user, &x.domain);
    links = val_get(doc, S("links"));
    for (size_t i = 0; i < MIN(ap_as_count(links), (size_t)256); i++) {
        const struct val *l = ap_as_at(links, i);
        struct str rel = val_str(val_get(l, S("rel"))), type = val_str(val_get(l, S("type")));

        if (str_eq(rel, S("self")) && ap_media_type_is_ap(type) && x.self.p == NULL)
            x.self = val_str(val_get(l, S("href")));
        else if (str_eq(rel, S("http://ostatus.org/schema/1.0/subscribe")) && x.subscribe.p == NULL)
            x.subscribe = val_str(val_get(l, S("template")));
    }
    *why = "no self link to an ActivityPub actor";
    if (x.self.n == 0)
        return ERR_INVALID;
    *why = "";
    *out = x;
    return ERR_OK;
}

/* An attribute of one tag; entities of XML undone for & only, which is all that templates need. */
static struct str
attribute(struct arena *a, struct str tag, const char *name)
{
    struct str key = str_cat(a, S(" "), str_z(name), S("="), STR_NONE), v;
    ptrdiff_t at = str_find(tag, key), end;
    struct buf b;

    if (at < 0)
        return STR_NONE;
    v = str_sub(tag, (size_t)at + key.n, tag.n);
    if (v.n < 2 || (v.p[0] != '"' && v.p[0] != '\''))
        return STR_NONE;
    end = str_chr(str_sub(v, 1, v.n), v.p[0]);
    if (end < 0)
        return STR_NONE;
    v = str_sub(v, 1, (size_t)end + 1);
    buf_init(&b, a, v.n + 1);
    for (size_t i = 0; i < v.n; i++) {
        buf_putc(&b, v.p[i]);
        if (str_starts(str_sub(v, i, v.n), S("&amp;")))
            i += 4;
    }
    return buf_str(&b);
}

bool
ap_host_meta_read(struct arena *a, struct str xml, struct str *out_template)
{
    for (int i = 0; i < 64; i++) {
        ptrdiff_t at = str_find(xml, S("<Link")), end;
        struct str tag, template;

        if (at < 0)
            return false;
        xml = str_sub(xml, (size_t)at + 5, xml.n);
        end = str_chr(xml, '>');
        if (end < 0)
            return false;
        tag = str_sub(xml, 0, (size_t)end);
        template = attribute(a, tag, "template");
        if (!str_eq(attribute(a, tag, "rel"), S("lrdd")) || str_find(template, S("{uri}")) < 0)
            continue;
        *out_template = template;
        return true;
    }
    return false;
}

/* ---- what is asked for ------------------------------------------------------------------------------------------------------ */

static bool
is_our_domain(const struct ap_site *site, struct strs alternates, struct str domain)
{
    for (size_t i = 0; i < alternates.n; i++)
        if (str_eqi(alternates.v[i], domain))
            return true;
    return str_eqi(site->domain, domain) || str_eqi(site->host, domain);
}

static bool
is_local_name(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return s.n > 0;
}

void
ap_wf_resource(
    struct arena *a, const struct ap_site *site, struct strs alternates, struct str resource, struct ap_wf *out)
{
    struct str user, domain;
    struct ap_uri u;

    *out = (struct ap_wf){ 0 };
    if (ap_uri_parse_local(a, site->origin, resource, &u)) {
        if (u.kind == AP_URI_ACTOR)
            *out = (struct ap_wf){ .kind = AP_WF_ACCOUNT, .account_id = u.a };
        else if (u.kind == AP_URI_PROFILE && is_local_name(u.name))
            *out = (struct ap_wf){ .kind = AP_WF_NAME, .name = u.name };
        else if (u.kind == AP_URI_ROOT || u.kind == AP_URI_SITE_ACTOR)
            out->kind = AP_WF_SITE;
        return;
    }
    if (!ap_acct_parse(a, resource, &user, &domain) || !is_our_domain(site, alternates, domain))
        return;
    if (is_our_domain(site, alternates, user))
        out->kind = AP_WF_SITE;
    else if (is_local_name(user))
        *out = (struct ap_wf){ .kind = AP_WF_NAME, .name = user };
}

/* ---- writing ------------------------------------------------------------------------------------------------------------- */

static void
put_link(struct json *j, const char *rel, const char *type, const char *key, struct str value)
{
    json_obj(j, NULL);
    json_str(j, "rel", str_z(rel));
    if (type != NULL)
        json_str(j, "type", str_z(type));
    json_str(j, key, value);
    json_end(j);
}

/* Where a page elsewhere sends somebody of ours who wants to do something with what it shows (FEP-3b86, and OStatus before it). */
static const struct {
    const char *rel, *path;
} intents[] = {
    { "http://ostatus.org/schema/1.0/subscribe", "/authorize_interaction?uri={uri}" },
    { "https://w3id.org/fep/3b86/Object", "/authorize_interaction?uri={object}" },
    { "https://w3id.org/fep/3b86/Follow", "/authorize_interaction?uri={object}" },
    { "https://w3id.org/fep/3b86/Create", "/share?text={content}" },
};

static void
put_person(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_jrd_out *o)
{
    struct str id = ap_uri(a, site->origin, AP_URI_ACTOR, o->account_id, 0);
    struct str page = ap_uri_named(a, site->origin, AP_URI_PROFILE, o->name, 0);

    json_str(j, "subject", str_cat(a, S("acct:"), o->name, S("@"), site->domain, STR_NONE));
    ap_ids_write(j, "aliases", (struct strs){ (struct str[]){ page, id }, 2 });
    json_arr(j, "links");
    put_link(j, "http://webfinger.net/rel/profile-page", "text/html", "href", page);
    put_link(j, "self", "application/activity+json", "href", id);
    for (size_t i = 0; i < lengthof(intents); i++)
        put_link(j, intents[i].rel, NULL, "template", str_cat(a, site->origin, str_z(intents[i].path), STR_NONE));
    if (o->avatar_url.n > 0)
        put_link(j, "http://webfinger.net/rel/avatar", o->avatar_type.n > 0 ? str_cz(a, o->avatar_type) : NULL, "href",
            o->avatar_url);
    json_end(j);
}

static void
put_site(struct json *j, struct arena *a, const struct ap_site *site)
{
    struct str id = ap_uri(a, site->origin, AP_URI_SITE_ACTOR, 0, 0);

    json_str(j, "subject", str_cat(a, S("acct:"), site->domain, S("@"), site->domain, STR_NONE));
    ap_ids_write(j, "aliases", (struct strs){ &id, 1 });
    json_arr(j, "links");
    put_link(j, "self", "application/activity+json", "href", id);
    put_link(j, AP_AS "#Service", "application/activity+json", "href", id); /* FEP-d556 */
    json_end(j);
}

struct str
ap_jrd_write(struct arena *a, const struct ap_site *site, const struct ap_jrd_out *o)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    if (o->account_id == 0)
        put_site(&j, a, site);
    else
        put_person(&j, a, site, o);
    json_end(&j);
    return ap_json_done(&j);
}

static struct str
lrdd(struct arena *a, const struct ap_site *site)
{
    return str_cat(a, site->origin, S("/.well-known/webfinger?resource={uri}"), STR_NONE);
}

struct str
ap_host_meta_xml(struct arena *a, const struct ap_site *site)
{
    struct buf b;

    buf_init(&b, a, 4096);
    buf_putz(&b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<XRD xmlns=\"http://docs.oasis-open.org/ns/xri/xrd-1.0\"><Link rel=\"lrdd\" template=\"");
    ap_html_put(&b, lrdd(a, site));
    buf_putz(&b, "\"/></XRD>\n");
    return buf_str(&b);
}

struct str
ap_host_meta_json(struct arena *a, const struct ap_site *site)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, 4096);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_arr(&j, "links");
    put_link(&j, "lrdd", NULL, "template", lrdd(a, site));
    json_end(&j);
    json_end(&j);
    return ap_json_done(&j);
}
