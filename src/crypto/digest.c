/* Digests over OpenSSL's EVP. */
#include "crypto/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

struct sha256
sha256(struct str bytes)
{
    struct sha256 d;
    unsigned n = 0;

    CHECK(EVP_Digest(bytes.p == NULL ? "" : bytes.p, bytes.n, d.b, &n, EVP_sha256(), NULL) == 1 && n == sizeof(d.b));
    return d;
}

struct str
sha256_str(const struct sha256 *d)
{
    return (struct str){ (const char *)d->b, sizeof(d->b) };
}

struct sha256
hmac_sha256(struct str key, struct str bytes)
{
    struct sha256 d;
    unsigned n = 0;

    CHECK(key.n <= INT32_MAX);
    CHECK(HMAC(EVP_sha256(), key.p == NULL ? "" : key.p, (int)key.n, (const unsigned char *)bytes.p, bytes.n, d.b,
              &n) != NULL);
    CHECK(n == sizeof(d.b));
    return d;
}

/* The run is the EVP context itself. */
struct sha256_run *
sha256_new(void)
{
    EVP_MD_CTX *m = EVP_MD_CTX_new();

    CHECK(m != NULL && EVP_DigestInit_ex(m, EVP_sha256(), NULL) == 1);
    return (struct sha256_run *)m;
}

void
sha256_put(struct sha256_run *r, struct str bytes)
{
    CHECK(EVP_DigestUpdate((EVP_MD_CTX *)r, bytes.p, bytes.n) == 1);
}

struct sha256
sha256_done(struct sha256_run *r)
{
    struct sha256 d;
    unsigned n = 0;

    CHECK(EVP_DigestFinal_ex((EVP_MD_CTX *)r, d.b, &n) == 1 && n == sizeof(d.b));
    EVP_MD_CTX_free((EVP_MD_CTX *)r);
    return d;
}

void
crypto_wipe(void *p, size_t n)
{
    OPENSSL_cleanse(p, n);
}
