/*
 * WebAuthn through libfido2.  What comes from strangers is walked here first (cbor.h), so that the library reads only whole items of
 * bounded size.
 */
#include "crypto/webauthn.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/json.h"
#include "base/val.h"
#include "crypto/cbor.h"
#include "crypto/digest.h"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <string.h>

/* Authenticator data: hash of the RP id, flags, counter; then the key's and the extensions' part where the flags say so. */
enum {
    FLAGS_AT = 32,
    AUTH_DATA_MIN = 37,
    KEY_ID_LENGTH_AT = 53,
    KEY_ID_AT = 55,
    PRESENT = 1,
    VERIFIED = 4,
    HAS_KEY = 64,
    HAS_EXTENSIONS = 128,
};

static enum err
refuse(const char **why, const char *text)
{
    *why = text;
    return ERR_INVALID;
}

static const unsigned char *
bytes(struct str s)
{
    return (const unsigned char *)s.p;
}

/* ---- what the browser says ------------------------------------------------------------------------------------- */

enum err
webauthn_client_data(struct arena *a, const struct webauthn_site *s, const char *type, struct str json,
    struct str *challenge, const char **why)
{
    static const struct json_limits limits = { .depth = 8, .nodes = 100, .refuse_duplicates = true };
    const struct val *v;

    if (json.n > WEBAUTHN_CLIENT_DATA_MAX || json_parse(a, json, &limits, &v) != ERR_OK)
        return refuse(why, "client data is not JSON");
    if (!str_eqz(val_str(val_get(v, S("type"))), type))
        return refuse(why, "client data of another type");
    if (!str_eq(val_str(val_get(v, S("origin"))), s->origin))
        return refuse(why, "said to another origin");
    if (val_bool(val_get(v, S("crossOrigin")), false))
        return refuse(why, "said in a frame of another origin");
    if (!b64url_decode(a, val_str(val_get(v, S("challenge"))), challenge))
        return refuse(why, "no challenge");
    return ERR_OK;
}

/* ---- authenticator data ---------------------------------------------------------------------------------------- */

static bool
has(struct str auth_data, int flag)
{
    return ((unsigned char)auth_data.p[FLAGS_AT] & flag) != 0;
}

/* Is every part whole, for this site, and not more than the flags say?  *id: of the key in it, where there is one. */
static enum err
check_auth_data(const struct webauthn_site *s, struct str d, struct str *id, const char **why)
{
    struct sha256 rp = sha256(s->rp_id);
    struct str rest, item;
    size_t n;

    if (d.n < AUTH_DATA_MIN || d.n > WEBAUTHN_AUTH_DATA_MAX)
        return refuse(why, "authenticator data of a wrong size");
    if (!str_eq(str_sub(d, 0, 32), sha256_str(&rp)))
        return refuse(why, "made for another site");
    if (!has(d, PRESENT))
        return refuse(why, "nobody was there");
    rest = str_sub(d, AUTH_DATA_MIN, d.n);
    if (has(d, HAS_KEY)) {
        if (d.n < KEY_ID_AT)
            return refuse(why, "the key is cut off");
        n = (size_t)(unsigned char)d.p[KEY_ID_LENGTH_AT] << 8 | (unsigned char)d.p[KEY_ID_LENGTH_AT + 1];
        if (n == 0 || n > WEBAUTHN_ID_MAX || n > d.n - KEY_ID_AT)
            return refuse(why, "the key's id has a wrong size");
        *id = str_sub(d, KEY_ID_AT, KEY_ID_AT + n);
        rest = str_sub(d, KEY_ID_AT + n, d.n);
        if (!cbor_item(&rest, &item))
            return refuse(why, "the key is not CBOR");
    }
    if (has(d, HAS_EXTENSIONS) && !cbor_item(&rest, &item))
        return refuse(why, "the extensions are not CBOR");
    return rest.n == 0 ? ERR_OK : refuse(why, "authenticator data with something behind it");
}

/* ---- a new key ------------------------------------------------------------------------------------------------- */

struct attestation {
    struct str format, statement, auth_data;
};

static bool
read_attestation(struct str in, struct attestation *out)
{
    struct str key, name, value;
    size_t n;

    *out = (struct attestation){ 0 };
    if (in.n > WEBAUTHN_ATTESTATION_MAX || !cbor_map(&in, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!cbor_item(&in, &key) || !cbor_text(key, &name) || !cbor_item(&in, &value))
            return false;
        if (str_eqz(name, "fmt") && !cbor_text(value, &out->format))
            return false;
        if (str_eqz(name, "authData") && !cbor_bytes(value, &out->auth_data))
            return false;
        if (str_eqz(name, "attStmt"))
            out->statement = value;
    }
    return in.n == 0 && out->format.n > 0 && out->auth_data.n > 0 && out->statement.n > 0;
}

static enum err
check_statement(fido_cred_t *cred, struct arena *a, const struct webauthn_site *s, struct str client_data,
    const struct attestation *t, const char **why)
{
    struct sha256 hash = sha256(client_data);
    int r;

    if (str_eqz(t->format, "none"))
        return ERR_OK;
    if (fido_cred_set_fmt(cred, str_cz(a, t->format)) != FIDO_OK ||
        fido_cred_set_attstmt(cred, bytes(t->statement), t->statement.n) != FIDO_OK ||
        fido_cred_set_rp(cred, str_cz(a, s->rp_id), NULL) != FIDO_OK ||
        fido_cred_set_clientdata_hash(cred, hash.b, sizeof(hash.b)) != FIDO_OK)
        return refuse(why, "the attestation is of no kind that is known");
    r = fido_cred_x5c_len(cred) > 0 ? fido_cred_verify(cred) : fido_cred_verify_self(cred);
    return r == FIDO_OK ? ERR_OK : refuse(why, "the attestation is not signed right");
}

/* The library reads a key only as the kind that it was told of.  NULL: of no kind that is taken. */
static fido_cred_t *
read_key(struct str auth_data, int *alg)
{
#define X(n) n,
    static const int algs[] = { WEBAUTHN_ALGS(X) };
#undef X

    for (size_t i = 0; i < lengthof(algs); i++) {
        fido_cred_t *cred = fido_cred_new();

        CHECK(cred != NULL);
        *alg = algs[i];
        if (fido_cred_set_type(cred, algs[i]) == FIDO_OK &&
            fido_cred_set_authdata_raw(cred, bytes(auth_data), auth_data.n) == FIDO_OK)
            return cred;
        fido_cred_free(&cred);
    }
    return NULL;
}

enum err
webauthn_register(struct arena *a, const struct webauthn_site *s, struct str client_data, struct str attestation,
    struct webauthn_key *out, const char **why)
{
    struct attestation t;
    fido_cred_t *cred;
    enum err e;

    if (!read_attestation(attestation, &t))
        return refuse(why, "the attestation is not as it should be");
    *out = (struct webauthn_key){ 0 };
    TRY(check_auth_data(s, t.auth_data, &out->id, why));
    if (!has(t.auth_data, HAS_KEY))
        return refuse(why, "no key");
    if (!has(t.auth_data, VERIFIED))
        return refuse(why, "the owner was not verified");
    cred = read_key(t.auth_data, &out->alg);
    if (cred == NULL)
        return refuse(why, "a key of a kind that is not taken");
    out->id = str_dup(a, out->id);
    out->key = str_dup(a, (struct str){ (const char *)fido_cred_pubkey_ptr(cred), fido_cred_pubkey_len(cred) });
    out->sign_count = fido_cred_sigcount(cred);
    e = check_statement(cred, a, s, client_data, &t, why);
    fido_cred_free(&cred);
    return e;
}

/* ---- a log-in -------------------------------------------------------------------------------------------------- */

static int
verify_with(const fido_assert_t *f, const struct webauthn_key *k)
{
    eddsa_pk_t *eddsa = eddsa_pk_new();
    es256_pk_t *es256 = es256_pk_new();
    rs256_pk_t *rs256 = rs256_pk_new();
    int r = FIDO_ERR_INVALID_ARGUMENT;

    CHECK(eddsa != NULL && es256 != NULL && rs256 != NULL);
    if (k->alg == COSE_EDDSA && eddsa_pk_from_ptr(eddsa, k->key.p, k->key.n) == FIDO_OK)
        r = fido_assert_verify(f, 0, COSE_EDDSA, eddsa);
    else if (k->alg == COSE_ES256 && es256_pk_from_ptr(es256, k->key.p, k->key.n) == FIDO_OK)
        r = fido_assert_verify(f, 0, COSE_ES256, es256);
    else if (k->alg == COSE_RS256 && rs256_pk_from_ptr(rs256, k->key.p, k->key.n) == FIDO_OK)
        r = fido_assert_verify(f, 0, COSE_RS256, rs256);
    eddsa_pk_free(&eddsa);
    es256_pk_free(&es256);
    rs256_pk_free(&rs256);
    return r;
}

static int
fill(fido_assert_t *f, const char *rp_id, const struct webauthn_answer *answer, bool verified)
{
    struct sha256 hash = sha256(answer->client_data);
    int r = fido_assert_set_clientdata_hash(f, hash.b, sizeof(hash.b));

    if (r == FIDO_OK)
        r = fido_assert_set_rp(f, rp_id);
    if (r == FIDO_OK)
        r = fido_assert_set_count(f, 1);
    if (r == FIDO_OK)
        r = fido_assert_set_authdata_raw(f, 0, bytes(answer->auth_data), answer->auth_data.n);
    if (r == FIDO_OK)
        r = fido_assert_set_sig(f, 0, bytes(answer->signature), answer->signature.n);
    if (r == FIDO_OK)
        r = fido_assert_set_up(f, FIDO_OPT_TRUE);
    if (r == FIDO_OK && verified)
        r = fido_assert_set_uv(f, FIDO_OPT_TRUE);
    return r;
}

enum err
webauthn_verify(const struct webauthn_site *s, const struct webauthn_key *k, const struct webauthn_answer *answer,
    bool verified, int64_t *sign_count, const char **why)
{
    char rp_id[256]; /* a host name has at most 253 */
    struct str none;
    fido_assert_t *f;
    int r;

    TRY(check_auth_data(s, answer->auth_data, &none, why));
    if (verified && !has(answer->auth_data, VERIFIED))
        return refuse(why, "the owner was not verified");
    if (answer->signature.n == 0 || answer->signature.n > WEBAUTHN_SIGNATURE_MAX || s->rp_id.n >= sizeof(rp_id))
        return refuse(why, "a signature of a wrong size");
    memcpy(rp_id, s->rp_id.p, s->rp_id.n);
    rp_id[s->rp_id.n] = '\0';
    f = fido_assert_new();
    CHECK(f != NULL);
    r = fill(f, rp_id, answer, verified);
    if (r == FIDO_OK)
        r = verify_with(f, k);
    *sign_count = fido_assert_count(f) == 1 ? fido_assert_sigcount(f, 0) : 0;
    fido_assert_free(&f);
    return r == FIDO_OK ? ERR_OK : refuse(why, "not signed with that key");
}
