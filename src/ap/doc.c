/* Bytes to document: limits, and refusal of everything that means more to a JSON-LD processor than to us. */
#include "ap/read.h"

#include "base/arena.h"
#include "base/json.h"

/* Keywords that restructure a document: what we read and what was signed could then differ (CVE-2022-24307 and its kin). */
static const char *const refused[] = { "@graph", "@included", "@reverse", "@nest", "@base", "@vocab", "@import",
    "@propagate", "@set", "@list", "@index" };

enum ns { NS_AS, NS_LDP, NS_SEC, NS_KEYWORD };

static const struct {
    const char *prefix, *iri;
} namespaces[] = {
    [NS_AS] = { "as:", AP_AS "#" },
    [NS_LDP] = { "ldp:", "http://www.w3.org/ns/ldp#" },
    [NS_SEC] = { "sec:", "https://w3id.org/security#" },
    [NS_KEYWORD] = { "@", "@" },
};

/* Terms whose meaning a context may not change.  name: what the prefix is followed by, when it is not the term. */
static const struct {
    const char *term;
    enum ns ns;
    const char *name;
} core[] = {
    { "id", NS_KEYWORD },
    { "type", NS_KEYWORD },
    { "actor", NS_AS },
    { "object", NS_AS },
    { "target", NS_AS },
    { "instrument", NS_AS },
    { "result", NS_AS },
    { "to", NS_AS },
    { "cc", NS_AS },
    { "bto", NS_AS },
    { "bcc", NS_AS },
    { "audience", NS_AS },
    { "attributedTo", NS_AS },
    { "inReplyTo", NS_AS },
    { "content", NS_AS },
    { "contentMap", NS_AS, "content" },
    { "name", NS_AS },
    { "nameMap", NS_AS, "name" },
    { "summary", NS_AS },
    { "summaryMap", NS_AS, "summary" },
    { "url", NS_AS },
    { "href", NS_AS },
    { "published", NS_AS },
    { "updated", NS_AS },
    { "tag", NS_AS },
    { "attachment", NS_AS },
    { "icon", NS_AS },
    { "image", NS_AS },
    { "mediaType", NS_AS },
    { "items", NS_AS },
    { "orderedItems", NS_AS, "items" },
    { "first", NS_AS },
    { "next", NS_AS },
    { "partOf", NS_AS },
    { "replies", NS_AS },
    { "oneOf", NS_AS },
    { "anyOf", NS_AS },
    { "closed", NS_AS },
    { "endTime", NS_AS },
    { "inbox", NS_LDP },
    { "outbox", NS_AS },
    { "followers", NS_AS },
    { "following", NS_AS },
    { "endpoints", NS_AS },
    { "sharedInbox", NS_AS },
    { "preferredUsername", NS_AS },
    { "publicKey", NS_SEC },
    { "publicKeyPem", NS_SEC },
    { "owner", NS_SEC },
    { "controller", NS_SEC },
    { "assertionMethod", NS_SEC },
    { "publicKeyMultibase", NS_SEC },
    { "proof", NS_SEC },
    { "proofValue", NS_SEC },
};

static bool
means(struct str iri, size_t i)
{
    struct str name = str_z(core[i].name != NULL ? core[i].name : core[i].term);
    const char *forms[] = { namespaces[core[i].ns].prefix, namespaces[core[i].ns].iri };

    for (size_t k = 0; k < lengthof(forms); k++) {
        struct str form = str_z(forms[k]);

        if (str_starts(iri, form) && str_eq(str_sub(iri, form.n, iri.n), name))
            return true;
    }
    return str_eq(iri, str_z(core[i].term)); /* "type": "type" says nothing */
}

/* sec:, v1, v2 and multikey contexts spell a few of ours in other ways; those meanings do no harm. */
static bool
is_known_alias(struct str iri)
{
    static const char *const known[] = { "https://w3id.org/security#verificationMethod",
        "https://w3id.org/security#publicKeyMultibase", "https://w3id.org/security#controller",
        "http://www.w3.org/ns/ldp#inbox", AP_AS "#inbox", "as:inbox" };

    for (size_t i = 0; i < lengthof(known); i++)
        if (str_eqz(iri, known[i]))
            return true;
    return false;
}

static bool
redefines_core(const struct val *context)
{
    if (context->kind == VAL_ARR) {
        for (size_t i = 0; i < context->n; i++)
            if (redefines_core(&context->v[i]))
                return true;
        return false;
    }
    if (context->kind != VAL_OBJ)
        return false;
    for (size_t i = 0; i < context->n; i++) {
        const struct val *v = &context->v[i];
        struct str iri = v->kind == VAL_STR ? v->s : val_str(val_get(v, S("@id")));

        if (str_eq(context->keys[i], S("as")) && iri.n > 0 && !str_eq(iri, S(AP_AS "#")))
            return true;
        for (size_t k = 0; k < lengthof(core); k++)
            if (str_eqz(context->keys[i], core[k].term) && iri.n > 0 && !means(iri, k) && !is_known_alias(iri))
                return true;
    }
    return false;
}

static bool
has_context(const struct val *context, enum ap_doc_kind kind)
{
    static const char *const as[] = { AP_AS, AP_AS "#", "http://www.w3.org/ns/activitystreams",
        "http://www.w3.org/ns/activitystreams#" };
    static const char *const keys[] = { "https://w3id.org/security/v1", "https://www.w3.org/ns/cid/v1",
        "https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v1",
        "https://w3id.org/security/data-integrity/v2" };

    for (size_t i = 0; i < ap_as_count(context); i++) {
        struct str s = val_str(ap_as_at(context, i));

        for (size_t k = 0; k < lengthof(as); k++)
            if (str_eqz(s, as[k]))
                return true;
        for (size_t k = 0; kind == AP_DOC_KEY && k < lengthof(keys); k++)
            if (str_eqz(s, keys[k]))
                return true;
    }
    return false;
}

static const char *
find_trick(const struct val *v)
{
    const char *why = NULL;

    if (v->kind != VAL_OBJ && v->kind != VAL_ARR)
        return NULL;
    for (size_t i = 0; i < v->n && why == NULL; i++) {
        if (v->kind == VAL_OBJ) {
            if (str_eq(v->keys[i], S("@context"))) {
                if (redefines_core(&v->v[i]))
                    return "the context redefines a core term";
                continue;
            }
            for (size_t k = 0; v->keys[i].n > 0 && v->keys[i].p[0] == '@' && k < lengthof(refused); k++)
                if (str_eqz(v->keys[i], refused[k]))
                    return "a JSON-LD keyword that restructures the document";
        }
        why = find_trick(&v->v[i]);
    }
    if (v->kind == VAL_OBJ && why == NULL &&
        ((val_has(v, S("id")) && val_has(v, S("@id"))) || (val_has(v, S("type")) && val_has(v, S("@type")))))
        why = "id or type stands twice";
    return why;
}

enum err
ap_doc_parse(struct arena *a, struct str bytes, enum ap_doc_kind kind, const struct val **out, const char **why)
{
    static const struct json_limits strict = { .refuse_duplicates = true };
    const struct val *doc;
    const char *trick;
    enum err e;

    *why = "the document is too large";
    if (bytes.n > AP_BODY_BYTES_MAX)
        return ERR_TOO_LARGE;
    e = json_parse(a, bytes, &strict, &doc);
    if (e != ERR_OK) {
        *why = e == ERR_TOO_LARGE ? "the JSON passes a limit" : "the document is not JSON";
        return e;
    }
    *why = "the document is not an object";
    if (doc->kind != VAL_OBJ)
        return ERR_BAD_REQUEST;
    trick = find_trick(doc);
    if (trick != NULL) {
        *why = trick;
        return ERR_BAD_REQUEST;
    }
    *why = "the context is not ActivityStreams";
    if (kind != AP_DOC_ANY && !has_context(val_get(doc, S("@context")), kind))
        return ERR_BAD_REQUEST;
    *why = "";
    *out = doc;
    return ERR_OK;
}
