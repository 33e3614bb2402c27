/* P-256 by OpenSSL's EVP. */
#include "crypto/p256.h"

#include "base/arena.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

enum { DIGEST_SIGNATURE_MAX = 80, HALF = P256_SIGNATURE_BYTES / 2 };

#define GROUP "prime256v1"

/* private empty: a public key only.  NULL when the bytes are no key; OpenSSL checks that the point is on the curve. */
static EVP_PKEY *load(struct str private, struct str public)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    BIGNUM *d = NULL;
    EVP_PKEY *k = NULL;

    if (ctx == NULL || build == NULL)
        BUG("out of memory");
    if (public.n != P256_PUBLIC_BYTES || public.p[0] != 4 || (private.n != 0 && private.n != P256_PRIVATE_BYTES))
        goto out;
    CHECK(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, GROUP, 0) == 1);
    CHECK(OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, public.p, public.n) == 1);
    if (private.n > 0) {
        d = BN_secure_new();
        if (d == NULL || BN_bin2bn((const unsigned char *)private.p, (int)private.n, d) == NULL)
            BUG("out of memory");
        CHECK(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, d) == 1);
    }
    params = OSSL_PARAM_BLD_to_param(build);
    if (params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &k, private.n > 0 ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) != 1)
        k = NULL;
out:
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    EVP_PKEY_CTX_free(ctx);
    BN_clear_free(d);
    return k;
}

enum err
p256_new(struct arena *a, struct str *private, struct str *public)
{
    unsigned char *priv = arena_alloc(a, P256_PRIVATE_BYTES, 1), *pub = arena_alloc(a, P256_PUBLIC_BYTES, 1);
    EVP_PKEY *k = EVP_EC_gen(GROUP);
    BIGNUM *d = NULL;
    size_t n = 0;
    bool ok = k != NULL && EVP_PKEY_get_bn_param(k, OSSL_PKEY_PARAM_PRIV_KEY, &d) == 1 &&
              BN_bn2binpad(d, priv, P256_PRIVATE_BYTES) == P256_PRIVATE_BYTES &&
              EVP_PKEY_get_octet_string_param(k, OSSL_PKEY_PARAM_PUB_KEY, pub, P256_PUBLIC_BYTES, &n) == 1 &&
              n == P256_PUBLIC_BYTES;

    BN_clear_free(d);
    EVP_PKEY_free(k);
    *private = (struct str){ (const char *)priv, P256_PRIVATE_BYTES };
    *public = (struct str){ (const char *)pub, P256_PUBLIC_BYTES };
    return ok ? ERR_OK : ERR_INTERNAL;
}

bool p256_is_point(struct str public)
{
    EVP_PKEY *k = load(STR_NONE, public);

    EVP_PKEY_free(k);
    return k != NULL;
}

enum err
p256_agree(struct arena *a, struct str private, struct str public, struct str peer, struct str *shared)
{
    unsigned char *out = arena_alloc(a, P256_SHARED_BYTES, 1);
    EVP_PKEY *own = load(private, public), *other = load(STR_NONE, peer);
    EVP_PKEY_CTX *ctx = own == NULL || other == NULL ? NULL : EVP_PKEY_CTX_new(own, NULL);
    size_t n = P256_SHARED_BYTES;
    bool ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 && EVP_PKEY_derive_set_peer(ctx, other) == 1 &&
              EVP_PKEY_derive(ctx, out, &n) == 1 && n == P256_SHARED_BYTES;

    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(own);
    EVP_PKEY_free(other);
    *shared = (struct str){ (const char *)out, P256_SHARED_BYTES };
    return ok ? ERR_OK : ERR_INVALID;
}

/* ---- ES256: OpenSSL speaks DER, JOSE two numbers ------------------------------------------------------------------------ */

enum err
p256_sign(struct arena *a, struct str private, struct str public, struct str msg, struct str *out)
{
    unsigned char der[DIGEST_SIGNATURE_MAX], *raw = arena_alloc(a, P256_SIGNATURE_BYTES, 1);
    const unsigned char *at = der;
    EVP_PKEY *k = load(private, public);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    ECDSA_SIG *sig = NULL;
    size_t n = sizeof(der);
    bool ok;

    if (ctx == NULL)
        BUG("out of memory");
    ok = k != NULL && private.n > 0 && EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, k) == 1 &&
         EVP_DigestSign(ctx, der, &n, (const unsigned char *)msg.p, msg.n) == 1 &&
         (sig = d2i_ECDSA_SIG(NULL, &at, (long)n)) != NULL && BN_bn2binpad(ECDSA_SIG_get0_r(sig), raw, HALF) == HALF &&
         BN_bn2binpad(ECDSA_SIG_get0_s(sig), raw + HALF, HALF) == HALF;
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(k);
    *out = (struct str){ (const char *)raw, P256_SIGNATURE_BYTES };
    return ok ? ERR_OK : ERR_INVALID;
}

bool
p256_verify(struct str public, struct str msg, struct str signature)
{
    const unsigned char *raw = (const unsigned char *)signature.p;
    unsigned char der[DIGEST_SIGNATURE_MAX], *at = der;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY *k = load(STR_NONE, public);
    int n;
    bool ok = false;

    if (sig == NULL || ctx == NULL)
        BUG("out of memory");
    if (k != NULL && signature.n == P256_SIGNATURE_BYTES &&
        ECDSA_SIG_set0(sig, BN_bin2bn(raw, HALF, NULL), BN_bin2bn(raw + HALF, HALF, NULL)) == 1 &&
        (n = i2d_ECDSA_SIG(sig, &at)) > 0)
        ok = EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, k) == 1 &&
             EVP_DigestVerify(ctx, der, (size_t)n, (const unsigned char *)msg.p, msg.n) == 1;
    ECDSA_SIG_free(sig);
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(k);
    return ok;
}
