/* The Signature headers of both dialects, into struct ap_sig.  What they are worth is decided in httpsig_check.c. */
#include "ap/httpsig_internal.h"
#include "ap/sf.h"
#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"

static const struct {
    struct str name;
    enum ap_sig_alg alg;
} algs[] = {
    { { "hs2019", 6 }, AP_SIG_HS2019 },
    { { "rsa-sha256", 10 }, AP_SIG_RSA_SHA256 },
    { { "rsa-sha512", 10 }, AP_SIG_RSA_SHA512 },
    { { "rsa-v1_5-sha256", 15 }, AP_SIG_RSA_SHA256 },
    { { "ed25519", 7 }, AP_SIG_ED25519 },
};

/* ---- header fields ------------------------------------------------------------------------------------------------ */

size_t
httpsig_header(struct arena *a, const struct ap_sig_request *r, struct str name, struct str *out)
{
    size_t n = 0;

    *out = STR_NONE;
    for (size_t i = 0; i < r->n_headers; i++) {
        struct str v;

        if (!str_eqi(r->headers[i].name, name))
            continue;
        v = str_trim(r->headers[i].value);
        *out = n++ == 0 ? v : str_cat(a, *out, S(", "), v, STR_NONE);
    }
    return n;
}

bool
httpsig_covers(const struct ap_sig *s, struct str component)
{
    return strs_has(&s->components, component);
}

bool
ap_sig_present(const struct ap_sig_request *r)
{
    for (size_t i = 0; i < r->n_headers; i++)
        if (str_eqi(r->headers[i].name, S("signature")) || str_eqi(r->headers[i].name, S("signature-input")))
            return true;
    return false;
}

static bool
read_alg(struct str name, enum ap_sig_alg *out)
{
    for (size_t i = 0; i < lengthof(algs); i++)
        if (str_eqi(algs[i].name, name)) {
            *out = algs[i].alg;
            return true;
        }
    return false;
}

static bool
add_component(struct arena *a, struct ap_sig *s, struct str name)
{
    if (s->components.v == NULL)
        s->components.v = arena_vec(a, struct str, AP_SIG_COMPONENTS_MAX);
    name = str_lower(a, name);
    if (s->components.n == AP_SIG_COMPONENTS_MAX || httpsig_covers(s, name))
        return false;
    s->components.v[s->components.n++] = name;
    return true;
}

/* ---- draft-cavage -------------------------------------------------------------------------------------------------- */

struct cavage {
    struct str keyid, alg, headers, signature, created, expires;
};

static bool
is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

static struct str
skip_space(struct str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = str_sub(s, 1, s.n);
    return s;
}

/* One name=value or name="value" off the front; also the comma after it. */
static bool
take_pair(struct str *rest, struct str *name, struct str *value)
{
    struct str s = skip_space(*rest);
    size_t n = 0;
    ptrdiff_t end;

    while (n < s.n && is_name_char(s.p[n]))
        n++;
    *name = str_sub(s, 0, n);
    s = skip_space(str_sub(s, n, s.n));
    if (n == 0 || s.n == 0 || s.p[0] != '=')
        return false;
    s = skip_space(str_sub(s, 1, s.n));
    if (s.n > 0 && s.p[0] == '"') {
        s = str_sub(s, 1, s.n);
        end = str_chr(s, '"');
        if (end < 0)
            return false;
        *value = str_sub(s, 0, (size_t)end);
        s = skip_space(str_sub(s, (size_t)end + 1, s.n));
        if (s.n > 0 && s.p[0] != ',')
            return false;
    } else {
        end = str_chr(s, ',');
        n = end < 0 ? s.n : (size_t)end;
        *value = str_trim(str_sub(s, 0, n));
        s = str_sub(s, n, s.n);
    }
    if (s.n > 0) {
        s = skip_space(str_sub(s, 1, s.n));
        if (s.n == 0) /* a comma at the end */
            return false;
    }
    *rest = s;
    return true;
}

static bool
read_pairs(struct str text, struct cavage *c)
{
    const struct {
        struct str name;
        struct str *into;
    } fields[] = { { S("keyId"), &c->keyid }, { S("algorithm"), &c->alg }, { S("headers"), &c->headers },
        { S("signature"), &c->signature }, { S("created"), &c->created }, { S("expires"), &c->expires } };

    if (str_startsi(text, S("Signature "))) /* PeerTube, and whoever copied an Authorization header */
        text = str_sub(text, sizeof("Signature ") - 1, text.n);
    while (text.n > 0) {
        struct str name, value;

        if (!take_pair(&text, &name, &value))
            return false;
        for (size_t i = 0; i < lengthof(fields); i++) {
            if (!str_eq(fields[i].name, name))
                continue;
            if (fields[i].into->p != NULL)
                return false;
            *fields[i].into = value;
        }
    }
    return true;
}

static enum err
read_seconds(struct str text, int64_t *out, bool *has)
{
    *has = text.p != NULL;
    if (!*has || (str_int(text, out) && *out >= 0 && *out < INT64_C(1) << 40))
        return ERR_OK;
    return ERR_BAD_REQUEST;
}

static enum err
parse_cavage(struct arena *a, const struct ap_sig_request *r, struct ap_sig *s, const char **why)
{
    struct cavage c = { 0 };
    struct str text, name;

    *why = "several Signature headers";
    if (httpsig_header(a, r, S("signature"), &text) > 1)
        return ERR_BAD_REQUEST;
    *why = "malformed Signature header";
    if (text.n > AP_SIG_HEADER_BYTES_MAX || !read_pairs(text, &c))
        return ERR_BAD_REQUEST;
    *why = "Signature without keyId or signature";
    if (c.keyid.n == 0 || c.signature.n == 0)
        return ERR_BAD_REQUEST;
    *why = "unknown signature algorithm";
    if (c.alg.p != NULL && (!read_alg(c.alg, &s->alg) || str_eqi(c.alg, S("rsa-v1_5-sha256"))))
        return ERR_UNAUTHORIZED;
    *why = "created or expires is not a time";
    TRY(read_seconds(c.created, &s->created_s, &s->has_created));
    TRY(read_seconds(c.expires, &s->expires_s, &s->has_expires));
    *why = "signature is not base64";
    if (!b64_decode(a, c.signature, &s->signature))
        return ERR_BAD_REQUEST;
    if (c.headers.p == NULL)
        c.headers = s->alg == AP_SIG_HS2019 ? S("(created)") : S("date");
    *why = "covered headers are empty, repeated or too many";
    while (str_cut(&c.headers, ' ', &name))
        if (name.n > 0 && !add_component(a, s, name))
            return ERR_BAD_REQUEST;
    if (s->components.n == 0)
        return ERR_BAD_REQUEST;
    s->keyid = c.keyid;
    return ERR_OK;
}

/* ---- RFC 9421 ------------------------------------------------------------------------------------------------------ */

static enum err
read_components(struct arena *a, const struct sf_item *list, struct ap_sig *s, const char **why)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct sf_item *c = &list->items[i];

        *why = "a component is not a string";
        if (c->kind != SF_STRING || c->s.n == 0)
            return ERR_BAD_REQUEST;
        *why = "component parameters are not supported";
        if (c->n_params > 0)
            return ERR_UNAUTHORIZED;
        *why = "components are repeated, too many or not in lower case";
        if (!str_eq(c->s, str_lower(a, c->s)) || !add_component(a, s, c->s))
            return ERR_BAD_REQUEST;
    }
    return ERR_OK;
}

static enum err
read_params(const struct sf_item *list, struct ap_sig *s, const char **why)
{
    const struct sf_item *created = sf_param(list, S("created")), *expires = sf_param(list, S("expires"));
    const struct sf_item *keyid = sf_param(list, S("keyid")), *alg = sf_param(list, S("alg"));

    *why = "Signature-Input without created or keyid";
    if (created == NULL || created->kind != SF_INT || created->i < 0 || keyid == NULL || keyid->kind != SF_STRING ||
        keyid->s.n == 0)
        return ERR_BAD_REQUEST;
    s->created_s = created->i;
    s->has_created = true;
    s->keyid = keyid->s;
    *why = "expires is not a time";
    if (expires != NULL) {
        if (expires->kind != SF_INT || expires->i < 0)
            return ERR_BAD_REQUEST;
        s->expires_s = expires->i;
        s->has_expires = true;
    }
    *why = "unknown signature algorithm";
    if (alg != NULL) {
        if (alg->kind != SF_STRING || (!str_eq(alg->s, S("rsa-v1_5-sha256")) && !str_eq(alg->s, S("ed25519"))) ||
            !read_alg(alg->s, &s->alg))
            return ERR_UNAUTHORIZED;
    }
    return ERR_OK;
}

static enum err
parse_rfc9421(struct arena *a, const struct ap_sig_request *r, struct ap_sig *s, const char **why)
{
    struct sf_dict inputs, signatures;
    const struct sf_item *list = NULL, *sig = NULL;
    struct str input, text;
    struct buf b;

    (void)httpsig_header(a, r, S("signature-input"), &input);
    (void)httpsig_header(a, r, S("signature"), &text);
    *why = "malformed Signature-Input or Signature";
    if (input.n > AP_SIG_HEADER_BYTES_MAX || text.n > AP_SIG_HEADER_BYTES_MAX || text.p == NULL ||
        !sf_dict_parse(a, input, &inputs) || !sf_dict_parse(a, text, &signatures))
        return ERR_BAD_REQUEST;
    for (size_t i = 0; i < inputs.n; i++) {
        const struct sf_item *found = sf_get(&signatures, inputs.v[i].key);

        if (found == NULL)
            continue;
        *why = "more than one signature";
        if (sig != NULL)
            return ERR_BAD_REQUEST;
        sig = found;
        list = &inputs.v[i].value;
        s->label = inputs.v[i].key;
    }
    *why = "Signature-Input and Signature have no label in common";
    if (sig == NULL || list->kind != SF_LIST || sig->kind != SF_BYTES)
        return ERR_BAD_REQUEST;
    s->signature = sig->s;
    TRY(read_components(a, list, s, why));
    TRY(read_params(list, s, why));
    buf_init(&b, a, 2 * AP_SIG_HEADER_BYTES_MAX);
    sf_put(&b, list);
    s->params = buf_str(&b);
    return ERR_OK;
}

enum err
ap_sig_parse(struct arena *a, const struct ap_sig_request *r, struct ap_sig *out, const char **why)
{
    struct str ignored;
    enum err e;

    *out = (struct ap_sig){ 0 };
    *why = "the request is not signed";
    if (!ap_sig_present(r))
        return ERR_UNAUTHORIZED;
    if (httpsig_header(a, r, S("signature-input"), &ignored) > 0) {
        out->dialect = AP_SIG_RFC9421; /* and when it does not parse, that is that: no way down to the older dialect */
        e = parse_rfc9421(a, r, out, why);
    } else {
        out->dialect = AP_SIG_CAVAGE;
        e = parse_cavage(a, r, out, why);
    }
    if (e == ERR_OK)
        *why = "";
    return e;
}
