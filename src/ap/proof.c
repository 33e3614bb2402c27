/* eddsa-jcs-2022: hash of the canonical proof options, then hash of the canonical document, signed together. */
#include "ap/proof.h"

#include "ap/read.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json.h"
#include "crypto/b58.h"
#include "crypto/digest.h"
#include "crypto/jcs.h"

static const struct str suite = { "eddsa-jcs-2022", 14 };
static const struct str not_signed[] = { { "proof", 5 }, { "signature", 9 } };

static enum ap_proof_state
malformed(const char **why, const char *reason)
{
    *why = reason;
    return AP_PROOF_MALFORMED;
}

static bool
same(struct arena *a, const struct val *x, const struct val *y)
{
    struct str tx, ty;

    return jcs_write(a, x, &tx) == ERR_OK && jcs_write(a, y, &ty) == ERR_OK && str_eq(tx, ty);
}

/* vc-di-eddsa 3.3.2: the options' context must be a prefix of the document's, which it then replaces. */
static bool
context_is_prefix(struct arena *a, const struct val *options, const struct val *doc)
{
    size_t n = options->kind == VAL_ARR ? options->n : 1;

    if (n > ap_as_count(doc))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!same(a, options->kind == VAL_ARR ? &options->v[i] : options, doc->kind == VAL_ARR ? &doc->v[i] : doc))
            return false;
    return true;
}

/* A copy of the top level with another @context. */
static const struct val *
with_context(struct arena *a, const struct val *doc, const struct val *context)
{
    struct val *copy = arena_new(a, struct val), *v = arena_vec(a, struct val, doc->n);

    *copy = *doc;
    memcpy(v, doc->v, doc->n * sizeof(*v));
    for (size_t i = 0; i < doc->n; i++)
        if (str_eq(doc->keys[i], S("@context")))
            v[i] = *context;
    copy->v = v;
    return copy;
}

static bool
hash_both(struct arena *a, const struct val *options, const struct val *doc, struct ap_proof *out)
{
    static const struct str value = { "proofValue", 10 };
    struct str text;

    if (jcs_write_without(a, options, &value, 1, &text) != ERR_OK)
        return false;
    out->options_hash = sha256(text);
    if (jcs_write_without(a, doc, not_signed, lengthof(not_signed), &text) != ERR_OK)
        return false;
    out->document_hash = sha256(text);
    return true;
}

static bool
is_time(const struct val *v, int64_t *ms)
{
    return date_parse(val_str(v), ms);
}

enum ap_proof_state
ap_proof_read(struct arena *a, const struct val *doc, int64_t now_ms, struct ap_proof *out, const char **why)
{
    const struct val *p = val_get(doc, S("proof")), *context;
    struct str value;
    int64_t ms;

    *out = (struct ap_proof){ .state = AP_PROOF_NONE };
    *why = "";
    if (val_is_null(p))
        return AP_PROOF_NONE;
    if (p->kind == VAL_ARR && p->n == 1)
        p = &p->v[0];
    if (p->kind != VAL_OBJ)
        return out->state = malformed(why, "there must be one proof");
    if (!str_eq(val_str(val_get(p, S("type"))), S("DataIntegrityProof")) ||
        !str_eq(val_str(val_get(p, S("cryptosuite"))), suite))
        return out->state = AP_PROOF_UNKNOWN_SUITE;
    out->method = val_str(val_get(p, S("verificationMethod")));
    value = val_str(val_get(p, S("proofValue")));
    if (out->method.n == 0 || !str_eq(val_str(val_get(p, S("proofPurpose"))), S("assertionMethod")))
        return out->state = malformed(why, "proof without method or with another purpose");
    if (value.n < 2 || value.n > 200 || value.p[0] != 'z' ||
        !b58_decode(a, str_sub(value, 1, value.n), &out->signature) || out->signature.n != 64)
        return out->state = malformed(why, "proofValue is not a signature");
    if (val_has(p, S("created")) && (!is_time(val_get(p, S("created")), &ms) || ms > now_ms + HOUR_MS))
        return out->state = malformed(why, "proof made in the future");
    if (val_has(p, S("expires")) && (!is_time(val_get(p, S("expires")), &ms) || ms < now_ms))
        return out->state = malformed(why, "proof expired");
    context = val_get(p, S("@context"));
    if (!val_is_null(context)) {
        if (!context_is_prefix(a, context, val_get(doc, S("@context"))))
            return out->state = malformed(why, "context of the proof is not that of the document");
        doc = with_context(a, doc, context);
    }
    if (!hash_both(a, p, doc, out))
        return out->state = malformed(why, "document has no canonical form");
    return out->state = AP_PROOF_PRESENT;
}

static struct str
hash_data(struct arena *a, const struct ap_proof *p)
{
    return str_cat(a, sha256_str(&p->options_hash), sha256_str(&p->document_hash), STR_NONE);
}

bool
ap_proof_verify(struct arena *a, const struct ap_proof *p, const struct public_key *key)
{
    return p->state == AP_PROOF_PRESENT && key->kind == KEY_ED25519 &&
           key_verify(key, SIGN_SHA256, hash_data(a, p), p->signature);
}

/* The options as one of our proofs: without proofValue, the @context that of the document. */
static struct str
write_options(struct arena *a, const struct val *context, struct str method, int64_t now_ms, struct str value)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, 64 * 1024);
    json_init(&j, &b);
    json_obj(&j, NULL);
    if (!val_is_null(context))
        json_val(&j, "@context", context);
    json_str(&j, "type", S("DataIntegrityProof"));
    json_str(&j, "cryptosuite", suite);
    json_str(&j, "verificationMethod", method);
    json_str(&j, "proofPurpose", S("assertionMethod"));
    json_str(&j, "created", date_iso_s(a, now_ms));
    if (value.n > 0)
        json_str(&j, "proofValue", value);
    json_end(&j);
    return json_done(&j) ? buf_str(&b) : S("");
}

enum err
ap_proof_add(
    struct arena *a, struct str json, struct str method, const struct private_key *key, int64_t now_ms, struct str *out)
{
    static const struct json_limits strict = { .refuse_duplicates = true, .refuse_lone_surrogates = true };
    const struct val *doc, *context, *options;
    struct ap_proof p = { 0 };
    struct str text, signature, value;

    TRY(json_parse(a, json, &strict, &doc));
    if (doc->kind != VAL_OBJ || doc->n == 0 || val_has(doc, S("proof")) || key->kind != KEY_ED25519)
        return ERR_BAD_REQUEST;
    context = val_get(doc, S("@context"));
    TRY(json_parse(a, write_options(a, context, method, now_ms, STR_NONE), &strict, &options));
    if (!hash_both(a, options, doc, &p))
        return ERR_BAD_REQUEST;
    TRY(key_sign(a, key, hash_data(a, &p), &signature));
    value = str_cat(a, S("z"), b58_encode(a, signature), STR_NONE);
    text = str_trim(json);
    *out = str_cat(a, str_sub(text, 0, text.n - 1), S(",\"proof\":"), write_options(a, context, method, now_ms, value),
        S("}"), STR_NONE);
    return ERR_OK;
}
