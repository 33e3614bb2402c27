/* Actors: people, bots, groups, and the server itself. */
#include "ap/write_actor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"

static void
put_image(struct json *j, const char *key, struct str url, struct str type, struct str alt)
{
    if (url.n == 0)
        return;
    json_obj(j, key);
    json_str(j, "type", S("Image"));
    if (type.n > 0)
        json_str(j, "mediaType", type);
    json_str(j, "url", url);
    if (alt.n > 0)
        json_str(j, "summary", alt);
    json_end(j);
}

static void
put_rsa_key(struct json *j, struct str id, struct str owner, struct str pem)
{
    json_obj(j, "publicKey");
    json_str(j, "id", id);
    json_str(j, "owner", owner);
    json_str(j, "publicKeyPem", pem);
    json_end(j);
}

static void
put_keys(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_actor_out *x, struct str id)
{
    put_rsa_key(j, x->rsa_id.n > 0 ? x->rsa_id : ap_uri(a, site->origin, AP_URI_KEY, x->id, 0), id, x->rsa_pem);
    if (x->ed25519_multikey.n == 0)
        return;
    json_arr(j, "assertionMethod");
    json_obj(j, NULL);
    json_str(j, "id", x->ed25519_id.n > 0 ? x->ed25519_id : ap_uri(a, site->origin, AP_URI_KEY_ED25519, x->id, 0));
    json_str(j, "type", S("Multikey"));
    json_str(j, "controller", id);
    json_str(j, "publicKeyMultibase", x->ed25519_multikey);
    json_end(j);
    json_end(j);
}

static void
put_urls(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_actor_out *x)
{
    static const struct {
        const char *key;
        enum ap_uri_kind kind;
    } urls[] = { { "inbox", AP_URI_INBOX }, { "outbox", AP_URI_OUTBOX }, { "followers", AP_URI_FOLLOWERS },
        { "following", AP_URI_FOLLOWING }, { "featured", AP_URI_FEATURED }, { "featuredTags", AP_URI_FEATURED_TAGS },
        { "featuredCollections", AP_URI_FEATURED_COLLECTIONS } };

    for (size_t i = 0; i < lengthof(urls); i++)
        json_str(j, urls[i].key, ap_uri(a, site->origin, urls[i].kind, x->id, 0));
    json_obj(j, "endpoints");
    json_str(j, "sharedInbox", ap_uri(a, site->origin, AP_URI_SHARED_INBOX, 0, 0));
    json_end(j);
}

/* What a person wrote about themselves; nothing of it when suspended. */
static void
put_profile(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_actor_out *x)
{
    bool shown = !x->suspended;

    json_str(j, "name", shown && x->name.n > 0 ? x->name : x->username);
    json_str(j, "summary", shown ? x->summary_html : S(""));
    json_bool(j, "manuallyApprovesFollowers", shown && x->locked);
    json_bool(j, "discoverable", shown && x->discoverable);
    json_bool(j, "indexable", shown && x->indexable);
    ap_search_write(j, ap_uri(a, site->origin, AP_URI_ACTOR, x->id, 0), shown && x->indexable);
    json_bool(j, "memorial", x->memorial);
    if (x->suspended)
        json_bool(j, "suspended", true);
    json_bool(j, "showFeatured", shown && x->show_featured);
    json_bool(j, "showMedia", shown && x->show_media);
    json_bool(j, "showRepliesInMedia", shown && x->show_replies_in_media);
    if (shown) {
        put_image(j, "icon", x->icon_url, x->icon_type, x->icon_alt);
        put_image(j, "image", x->image_url, x->image_type, x->image_alt);
    }
    json_arr(j, "attachment");
    for (size_t i = 0; shown && i < x->n_fields; i++) {
        json_obj(j, NULL);
        json_str(j, "type", S("PropertyValue"));
        json_str(j, "name", x->fields[i].name);
        json_str(j, "value", x->fields[i].html);
        json_end(j);
    }
    json_end(j);
    json_arr(j, "tag");
    for (size_t i = 0; shown && i < x->n_emojis; i++)
        ap_emoji_write_in(j, a, site, &x->emojis[i], AP_CONTEXT_NONE);
    for (size_t i = 0; shown && i < x->hashtags.n; i++)
        ap_hashtag_write(j, a, site, x->hashtags.v[i]);
    json_end(j);
    if (shown && x->attribution_domains.n > 0)
        ap_ids_write(j, "attributionDomains", x->attribution_domains);
}

/* Who may put them into collections (FEP-7aa9).  An empty list would be lost in JSON-LD, so nobody is: only themselves. */
static void
put_policy(struct json *j, struct str id, bool discoverable)
{
    if (discoverable)
        id = S(AP_PUBLIC_ID);
    json_obj(j, "interactionPolicy");
    json_obj(j, "canFeature");
    ap_ids_write(j, "automaticApproval", (struct strs){ &id, 1 });
    json_end(j);
    json_end(j);
}

/* What this program understands, for those who ask before they use it (FEP-844e). */
static void
put_generator(struct json *j)
{
    static const struct {
        const char *name, *href;
    } implements[] = {
        { "RFC-9421: HTTP Message Signatures", "https://datatracker.ietf.org/doc/html/rfc9421" },
        { "RFC-9421 signatures using the Ed25519 algorithm",
            "https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25" },
    };

    json_obj(j, "generator");
    json_str(j, "type", S("Application"));
    json_arr(j, "implements");
    for (size_t i = 0; i < lengthof(implements); i++) {
        json_obj(j, NULL);
        json_str(j, "name", str_z(implements[i].name));
        json_str(j, "href", str_z(implements[i].href));
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

void
ap_actor_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key, enum ap_context context,
    const struct ap_actor_out *x)
{
    struct str id = ap_uri(a, site->origin, AP_URI_ACTOR, x->id, 0);

    json_obj(j, key);
    ap_context_write(j, context);
    json_str(j, "id", id);
    json_str(j, "type", ap_type_name(x->type));
    json_str(j, "webfinger", str_cat(a, x->username, S("@"), site->domain, STR_NONE));
    json_str(j, "preferredUsername", x->username);
    put_profile(j, a, site, x);
    json_str(j, "url", ap_uri_named(a, site->origin, AP_URI_PROFILE, x->username, 0));
    json_str(j, "published", str_cat(a, date_day(a, x->created_ms), S("T00:00:00Z"), STR_NONE));
    put_urls(j, a, site, x);
    put_keys(j, a, site, x, id);
    put_policy(j, id, x->discoverable && !x->suspended);
    put_generator(j);
    if (x->also_known_as.n > 0)
        ap_ids_write(j, "alsoKnownAs", x->also_known_as);
    if (x->moved_to.n > 0)
        json_str(j, "movedTo", x->moved_to);
    json_end(j);
}

struct str
ap_actor_write(struct arena *a, const struct ap_site *site, const struct ap_actor_out *x)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    ap_actor_write_in(&j, a, site, NULL, AP_CONTEXT_ACTOR, x);
    return ap_json_done(&j);
}

struct str
ap_site_actor_write(struct arena *a, const struct ap_site *site, struct str key_id, struct str rsa_pem)
{
    struct str id = ap_uri(a, site->origin, AP_URI_SITE_ACTOR, 0, 0);
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    ap_context_write(&j, AP_CONTEXT_SITE);
    json_str(&j, "id", id);
    json_str(&j, "type", S("Application"));
    json_str(&j, "preferredUsername", site->domain);
    json_str(&j, "inbox", ap_uri(a, site->origin, AP_URI_SITE_INBOX, 0, 0));
    json_str(&j, "outbox", ap_uri(a, site->origin, AP_URI_SITE_OUTBOX, 0, 0));
    json_obj(&j, "endpoints");
    json_str(&j, "sharedInbox", ap_uri(a, site->origin, AP_URI_SHARED_INBOX, 0, 0));
    json_end(&j);
    json_str(&j, "url", str_cat(a, site->origin, S("/about/more?instance_actor=true"), STR_NONE));
    json_bool(&j, "manuallyApprovesFollowers", true);
    put_rsa_key(&j, key_id, id, rsa_pem);
    put_generator(&j);
    json_end(&j);
    return ap_json_done(&j);
}
