/* Making keys, signing, verifying.  Texts of keys (PEM, Multikey) are in key.c. */
#include "crypto/sign.h"

#include "base/arena.h"
#include "crypto/internal.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

static void
free_pkey(EVP_PKEY **k)
{
    EVP_PKEY_free(*k);
}

static void
free_md_ctx(EVP_MD_CTX **m)
{
    EVP_MD_CTX_free(*m);
}

/* ---- parsed forms ------------------------------------------------------------------------------------------------ */

static EVP_PKEY *
load_rsa(const struct public_key *k)
{
    BIGNUM *n = BN_bin2bn((const unsigned char *)k->n.p, (int)k->n.n, NULL);
    BIGNUM *e = BN_bin2bn((const unsigned char *)k->e.p, (int)k->e.n, NULL);
    OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;

    CHECK(n != NULL && e != NULL && bld != NULL && ctx != NULL);
    CHECK(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
          OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e) == 1);
    params = OSSL_PARAM_BLD_to_param(bld);
    CHECK(params != NULL);
    if (EVP_PKEY_fromdata_init(ctx) != 1 || EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(bld);
    EVP_PKEY_CTX_free(ctx);
    BN_free(n);
    BN_free(e);
    return key;
}

/* The parsed public key, to be freed; NULL when it is none. */
static EVP_PKEY *
load_public(const struct public_key *k)
{
    struct sha256_run *run = sha256_new();
    EVP_PKEY *key;
    struct sha256 id;

    sha256_put(run, k->kind == KEY_RSA ? S("rsa") : S("ed25519"));
    sha256_put(run, k->kind == KEY_RSA ? k->n : k->ed);
    sha256_put(run, k->kind == KEY_RSA ? k->e : S(""));
    id = sha256_done(run);
    key = keycache_get(&id);
    if (key != NULL)
        return key;
    if (k->kind == KEY_RSA)
        key = load_rsa(k);
    else if (k->kind == KEY_ED25519 && k->ed.n == 32)
        key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)k->ed.p, 32);
    if (key != NULL)
        keycache_put(&id, key);
    ERR_clear_error();
    return key;
}

static EVP_PKEY *
parse_private(struct str der)
{
    const unsigned char *p = (const unsigned char *)der.p;
    EVP_PKEY *key;

    if (der.n == 0 || der.n > KEY_TEXT_BYTES_MAX)
        return NULL;
    key = d2i_AutoPrivateKey(NULL, &p, (long)der.n);
    ERR_clear_error();
    return key;
}

static EVP_PKEY *
load_private(const struct private_key *k)
{
    struct sha256_run *run = sha256_new();
    struct sha256 id;
    EVP_PKEY *key;

    sha256_put(run, S("private"));
    sha256_put(run, k->der);
    id = sha256_done(run);
    key = keycache_get(&id);
    if (key == NULL && (key = parse_private(k->der)) != NULL)
        keycache_put(&id, key);
    return key;
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static struct str
bn_param(struct arena *a, const EVP_PKEY *key, const char *name)
{
    BIGNUM *bn = NULL;
    unsigned char *p;
    int n;

    CHECK(EVP_PKEY_get_bn_param(key, name, &bn) == 1);
    p = arena_alloc(a, (size_t)BN_num_bytes(bn) + 1, 1);
    n = BN_bn2bin(bn, p);
    BN_free(bn);
    return (struct str){ (char *)p, (size_t)n };
}

static enum err
export_key(struct arena *a, EVP_PKEY *key, struct private_key *priv, struct public_key *pub)
{
    PKCS8_PRIV_KEY_INFO *info;
    unsigned char *der = NULL, ed[32];
    size_t ed_n = sizeof(ed);
    int n;

    if (EVP_PKEY_is_a(key, "RSA")) {
        int bits = EVP_PKEY_get_bits(key);

        if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
            return ERR_INVALID;
        *pub = (struct public_key){
            .kind = KEY_RSA, .n = bn_param(a, key, OSSL_PKEY_PARAM_RSA_N), .e = bn_param(a, key, OSSL_PKEY_PARAM_RSA_E)
        };
    } else if (EVP_PKEY_is_a(key, "ED25519")) {
        CHECK(EVP_PKEY_get_raw_public_key(key, ed, &ed_n) == 1 && ed_n == sizeof(ed));
        *pub = (struct public_key){ .kind = KEY_ED25519, .ed = str_dup(a, (struct str){ (char *)ed, ed_n }) };
    } else {
        return ERR_INVALID;
    }
    info = EVP_PKEY2PKCS8(key);
    n = info == NULL ? -1 : i2d_PKCS8_PRIV_KEY_INFO(info, &der);
    PKCS8_PRIV_KEY_INFO_free(info);
    ERR_clear_error();
    if (n <= 0)
        return ERR_INTERNAL;
    *priv = (struct private_key){ pub->kind, str_dup(a, (struct str){ (char *)der, (size_t)n }) };
    OPENSSL_clear_free(der, (size_t)n);
    return ERR_OK;
}

enum err
key_new(struct arena *a, enum key_kind kind, struct private_key *priv, struct public_key *pub)
{
    CLEANUP(free_pkey)
    EVP_PKEY *key = kind == KEY_RSA ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)RSA_BITS_NEW)
                                    : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    ERR_clear_error();
    return key == NULL ? ERR_INTERNAL : export_key(a, key, priv, pub);
}

enum err
key_private_read(struct arena *a, struct str der, struct private_key *priv, struct public_key *pub)
{
    CLEANUP(free_pkey) EVP_PKEY *key = parse_private(der);

    return key == NULL ? ERR_INVALID : export_key(a, key, priv, pub);
}

enum err
key_ed25519_from_seed(struct arena *a, struct str seed, struct private_key *priv, struct public_key *pub)
{
    CLEANUP(free_pkey)
    EVP_PKEY *key = seed.n != 32
                        ? NULL
                        : EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)seed.p, seed.n);

    ERR_clear_error();
    return key == NULL ? ERR_INVALID : export_key(a, key, priv, pub);
}

/* ---- signing ------------------------------------------------------------------------------------------------------ */

enum err
key_sign(struct arena *a, const struct private_key *k, struct str msg, struct str *out)
{
    CLEANUP(free_pkey) EVP_PKEY *key = load_private(k);
    CLEANUP(free_md_ctx) EVP_MD_CTX *m = EVP_MD_CTX_new();
    const EVP_MD *md;
    unsigned char *sig;
    size_t n;

    CHECK(m != NULL);
    if (key == NULL)
        return ERR_INVALID;
    md = EVP_PKEY_is_a(key, "RSA") ? EVP_sha256() : NULL;
    n = (size_t)EVP_PKEY_get_size(key);
    sig = arena_alloc(a, n, 1);
    if (EVP_DigestSignInit(m, NULL, md, NULL, key) != 1 ||
        EVP_DigestSign(m, sig, &n, (const unsigned char *)msg.p, msg.n) != 1) {
        ERR_clear_error();
        return ERR_INTERNAL;
    }
    *out = (struct str){ (char *)sig, n };
    return ERR_OK;
}

bool
key_verify(const struct public_key *k, enum sign_hash hash, struct str msg, struct str signature)
{
    CLEANUP(free_pkey) EVP_PKEY *key = NULL;
    CLEANUP(free_md_ctx) EVP_MD_CTX *m = NULL;
    const EVP_MD *md = NULL;
    bool ok;

    if (k->kind == KEY_NONE || (key = load_public(k)) == NULL)
        return false;
    if (k->kind == KEY_RSA)
        md = hash == SIGN_SHA512 ? EVP_sha512() : EVP_sha256();
    if (signature.n != (size_t)EVP_PKEY_get_size(key))
        return false;
    m = EVP_MD_CTX_new();
    CHECK(m != NULL);
    ok = EVP_DigestVerifyInit(m, NULL, md, NULL, key) == 1 &&
         EVP_DigestVerify(m, (const unsigned char *)signature.p, signature.n,
             (const unsigned char *)(msg.p == NULL ? "" : msg.p), msg.n) == 1;
    ERR_clear_error();
    return ok;
}
