/* Actor documents, and the keys in them. */
#include "ap/read_actor.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/url.h"
#include "base/utf8.h"

/* ---- keys -------------------------------------------------------------------------------------------------------------- */

static bool
read_key(struct arena *a, const struct val *v, struct ap_key *k)
{
    struct str pem = val_str(val_get(v, S("publicKeyPem")));
    struct str multibase = val_str(val_get(v, S("publicKeyMultibase")));

    *k = (struct ap_key){ .id = ap_uri_or_none(ap_id_of(v)), .owner = ap_as_id(val_get(v, S("owner"))) };
    if (k->owner.n == 0)
        k->owner = ap_as_id(val_get(v, S("controller")));
    if (k->id.n == 0 || k->owner.n == 0)
        return false;
    if (!date_parse(val_str(val_get(v, S("expires"))), &k->expires_ms))
        k->expires_ms = 0;
    if (pem.n > 0)
        return key_read_pem(a, pem, &k->key) == ERR_OK;
    return multibase.n > 0 && key_read_multikey(a, multibase, &k->key) == ERR_OK;
}

static void
read_keys(struct arena *a, const struct val *list, bool assertion, struct ap_key *v, size_t *n)
{
    for (size_t i = 0; i < ap_as_count(list) && i < AP_KEYS_MAX && *n < AP_KEYS_MAX; i++) {
        struct ap_key k;
        size_t at = 0;

        if (!read_key(a, ap_as_at(list, i), &k))
            continue;
        k.assertion = assertion;
        while (at < *n && !str_eq(v[at].id, k.id))
            at++;
        if (at == *n)
            v[(*n)++] = k;
        else if (key_eq(&v[at].key, &k.key))
            v[at].assertion = v[at].assertion || assertion;
    }
}

enum err
ap_keys_read(struct arena *a, const struct val *doc, struct ap_key **out, size_t *n, const char **why)
{
    *out = arena_vec(a, struct ap_key, AP_KEYS_MAX);
    *n = 0;
    read_keys(a, val_get(doc, S("publicKey")), false, *out, n);
    read_keys(a, val_get(doc, S("assertionMethod")), true, *out, n);
    if (*n == 0)
        read_keys(a, doc, ap_has_type(doc, AP_MULTIKEY), *out, n); /* the document is the key */
    *why = *n > 0 ? "" : "no usable key";
    return *n > 0 ? ERR_OK : ERR_INVALID;
}

/* ---- the actor --------------------------------------------------------------------------------------------------------- */

/* A collection: an id, http(s) only, else nothing.  Objects with an id are taken too. */
static struct str
collection(struct arena *a, const struct val *doc, struct str name)
{
    struct str id = ap_as_id(val_get(doc, name));
    struct url u;

    return id.p != NULL && url_parse(a, id, &u) ? id : STR_NONE;
}

static bool
is_username(struct str s)
{
    char before = '.';

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';

        if (!word && !((c == '.' || c == '-') && i > 0))
            return false;
        before = c;
    }
    return s.n > 0 && s.n <= AP_NAME_BYTES_MAX && before != '.' && before != '-';
}

/* "acct:u@h", "@u@h", "u@h". */
static struct str
webfinger_of(struct str s)
{
    ptrdiff_t at;

    if (str_starts(s, S("acct:")))
        s = str_sub(s, 5, s.n);
    if (str_starts(s, S("@")))
        s = str_sub(s, 1, s.n);
    at = str_chr(s, '@');
    if (at <= 0 || (size_t)at + 1 == s.n || !is_username(str_sub(s, 0, (size_t)at)) ||
        str_chr(str_sub(s, (size_t)at + 1, s.n), '@') >= 0)
        return STR_NONE;
    return s;
}

/* PropertyValue {name, value}; FEP-fb2a: Note {name, content} and Link {name, href}. */
static bool
read_field(struct arena *a, const struct val *v, struct ap_field *f)
{
    struct str href;
    struct buf b;

    f->name = utf8_cut(ap_as_text(a, v, S("name")).text, AP_FIELD_BYTES_MAX);
    if (ap_has_type(v, AP_PROPERTY_VALUE) || str_ends(ap_type_text(v), S("#PropertyValue"))) {
        f->value = utf8_cut(ap_as_text(a, v, S("value")).text, AP_FIELD_BYTES_MAX);
    } else if (ap_has_type(v, AP_NOTE)) {
        f->value = utf8_cut(ap_as_text(a, v, S("content")).text, AP_FIELD_BYTES_MAX);
    } else if (ap_has_type(v, AP_LINK) && (href = ap_as_url(a, v)).p != NULL) {
        buf_init(&b, a, AP_FIELD_BYTES_MAX * 6);
        buf_putz(&b, "<a href=\"");
        ap_html_put(&b, href);
        buf_putz(&b, "\">");
        ap_html_put(&b, href);
        buf_putz(&b, "</a>");
        f->value = buf_str(&b);
    }
    return f->name.n > 0 && f->value.p != NULL;
}

static void
read_lists(struct arena *a, const struct val *doc, struct ap_actor *x)
{
    const struct val *fields = val_get(doc, S("attachment")), *tags = val_get(doc, S("tag"));
    const struct val *domains = val_get(doc, S("attributionDomains"));
    size_t n_tags = MIN(ap_as_count(tags), (size_t)AP_TAGS_MAX);

    x->fields = arena_vec(a, struct ap_field, AP_FIELDS_MAX);
    for (size_t i = 0; i < ap_as_count(fields) && x->n_fields < AP_FIELDS_MAX; i++) {
        struct ap_field f = { 0 };

        if (read_field(a, ap_as_at(fields, i), &f))
            x->fields[x->n_fields++] = f;
    }
    x->emojis = arena_vec(a, struct ap_emoji, n_tags);
    x->hashtags.v = arena_vec(a, struct str, n_tags);
    for (size_t i = 0; i < n_tags; i++) {
        const struct val *tag = ap_as_at(tags, i);
        struct str name;

        if (ap_has_type(tag, AP_EMOJI)) {
            x->n_emojis += ap_as_emoji(a, tag, &x->emojis[x->n_emojis]) ? 1 : 0;
        } else if (ap_has_type(tag, AP_HASHTAG)) {
            name = ap_as_text(a, tag, S("name")).text;
            name = str_starts(name, S("#")) ? str_sub(name, 1, name.n) : name;
            if (name.n > 0 && name.n <= AP_NAME_BYTES_MAX)
                x->hashtags.v[x->hashtags.n++] = name;
        }
    }
    x->attribution_domains.v = arena_vec(a, struct str, AP_ALIASES_MAX);
    for (size_t i = 0; i < ap_as_count(domains) && x->attribution_domains.n < AP_ALIASES_MAX; i++) {
        struct str d = val_str(ap_as_at(domains, i)); /* strings only: GHSA-rwcw-vq68-g34p */

        if (d.n > 0 && d.n <= 253)
            x->attribution_domains.v[x->attribution_domains.n++] = d;
    }
    x->also_known_as = ap_as_ids(a, val_get(doc, S("alsoKnownAs")), AP_ALIASES_MAX);
}

/* What leads on from it. */
static void
read_collections(struct arena *a, const struct val *doc, struct ap_actor *x)
{
    struct ap_author by;

    x->shared_inbox = collection(a, val_get(doc, S("endpoints")), S("sharedInbox"));
    if (x->shared_inbox.p == NULL)
        x->shared_inbox = collection(a, doc, S("sharedInbox")); /* Misskey sends both */
    x->outbox = collection(a, doc, S("outbox"));
    x->followers = collection(a, doc, S("followers"));
    x->following = collection(a, doc, S("following"));
    x->featured = collection(a, doc, S("featured"));
    x->featured_tags = collection(a, doc, S("featuredTags"));
    x->featured_collections = collection(a, doc, S("featuredCollections"));
    by = (struct ap_author){ .id = x->id, .followers = x->followers, .following = x->following };
    x->can_feature = ap_policy_read(a, doc, S("canFeature"), &by);
    x->attributed_to = collection(a, doc, S("attributedTo"));
    x->moved_to = collection(a, doc, S("movedTo"));
}

/* How it wants to be met, and found. */
static void
read_wishes(struct arena *a, const struct val *doc, struct ap_actor *x)
{
    x->locked = ap_as_bool(val_get(doc, S("manuallyApprovesFollowers")));
    x->discoverable = ap_as_bool(val_get(doc, S("discoverable")));
    x->indexable = ap_as_bool(val_get(doc, S("indexable")));
    x->has_indexable = val_has(doc, S("indexable"));
    if (!x->has_indexable && val_has(doc, S("searchableBy"))) { /* FEP-268d says the same in another way */
        struct strs who = ap_as_ids(a, val_get(doc, S("searchableBy")), AP_ALIASES_MAX);

        x->has_indexable = true;
        for (size_t i = 0; i < who.n; i++)
            x->indexable |= ap_is_public(who.v[i]);
    }
    x->memorial = ap_as_bool(val_get(doc, S("memorial")));
    x->suspended = ap_as_bool(val_get(doc, S("suspended")));
}

enum err
ap_actor_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_actor *out, const char **why)
{
    struct ap_actor x = { .id = ap_id_of(doc), .type = ap_type_of(doc) };
    const char *ignored;

    *why = "the actor has no id";
    if (x.id.n == 0 || x.id.n > URL_BYTES_MAX)
        return ERR_INVALID;
    *why = "the document is not an actor";
    if (ap_type_class(x.type) != AP_CLASS_ACTOR) {
        if (x.type != AP_UNKNOWN || ap_type_text(doc).n == 0)
            return ERR_INVALID;
        x.type = AP_SERVICE; /* FEP-a974: whatever has an inbox may act */
    }
    *why = "the actor has no inbox";
    x.inbox = collection(a, doc, S("inbox"));
    if (x.inbox.p == NULL)
        return ERR_INVALID;
    x.username = val_str(val_get(doc, S("preferredUsername")));
    *why = "the username is too long";
    if (x.username.n > AP_NAME_BYTES_MAX)
        return ERR_INVALID;
    if (!is_username(x.username))
        x.username = STR_NONE;
    x.webfinger = webfinger_of(val_str(val_get(doc, S("webfinger"))));
    x.name = ap_as_text(a, doc, S("name"));
    x.name.text = utf8_cut(x.name.text, AP_NAME_BYTES_MAX);
    x.summary = ap_as_text(a, doc, S("summary"));
    x.summary.text = utf8_cut(x.summary.text, AP_SUMMARY_BYTES_MAX);
    x.url = ap_page_url(a, val_get(doc, S("url")), x.id);
    read_collections(a, doc, &x);
    x.icon = ap_as_image(a, val_get(doc, S("icon")));
    x.image = ap_as_image(a, val_get(doc, S("image")));
    read_lists(a, doc, &x);
    (void)!ap_keys_read(a, doc, &x.keys, &x.n_keys, &ignored); /* an actor without keys can be read, not heard */
    x.published_ms = ap_as_time(val_get(doc, S("published")), now_ms, 0);
    read_wishes(a, doc, &x);
    x.is_bot = x.type == AP_SERVICE || x.type == AP_APPLICATION;
    *why = "";
    *out = x;
    return ERR_OK;
}
