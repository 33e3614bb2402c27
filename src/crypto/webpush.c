/* Web Push: content encryption and VAPID. */
#include "crypto/webpush.h"

#include "base/arena.h"
#include "base/b64.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/rng.h"
#include "crypto/digest.h"
#include "crypto/p256.h"

#include <openssl/evp.h>
#include <string.h>

enum { KEY_BYTES = 16, NONCE_BYTES = 12, TAG_BYTES = 16, RECORD_BYTES = 4096 };

/* ---- parts ---------------------------------------------------------------------------------------------------------- */

/* HKDF with SHA-256 (RFC 5869) for at most 32 bytes: one block. */
static struct str
hkdf(struct arena *a, struct str salt, struct str ikm, struct str info, size_t n)
{
    struct sha256 prk = hmac_sha256(salt, ikm);
    struct sha256 block = hmac_sha256(sha256_str(&prk), str_cat(a, info, S("\x01"), STR_NONE));
    struct str out = str_sub(str_dup(a, sha256_str(&block)), 0, n);

    crypto_wipe(&prk, sizeof(prk));
    crypto_wipe(&block, sizeof(block));
    return out;
}

static struct str
seal(struct arena *a, struct str key, struct str nonce, struct str plain)
{
    unsigned char *out = arena_alloc(a, plain.n + TAG_BYTES, 1);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, last = 0;

    CHECK(ctx != NULL && key.n == KEY_BYTES && nonce.n == NONCE_BYTES);
    CHECK(EVP_EncryptInit_ex2(
              ctx, EVP_aes_128_gcm(), (const unsigned char *)key.p, (const unsigned char *)nonce.p, NULL) == 1);
    CHECK(EVP_EncryptUpdate(ctx, out, &n, (const unsigned char *)plain.p, (int)plain.n) == 1);
    CHECK(EVP_EncryptFinal_ex(ctx, out + n, &last) == 1 && (size_t)(n + last) == plain.n);
    CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, out + plain.n) == 1);
    EVP_CIPHER_CTX_free(ctx);
    return (struct str){ (const char *)out, plain.n + TAG_BYTES };
}

/* A pair and a salt for this message, unless given; and the secret shared with the receiver. */
static enum err
begin(struct arena *a, const struct webpush_receiver *to, struct str plain, const struct webpush_sender *given,
    struct webpush_sender *from, struct str *shared)
{
    if (to->auth.n != WEBPUSH_AUTH_BYTES)
        return ERR_INVALID;
    if (plain.n > WEBPUSH_PLAIN_BYTES_MAX)
        return ERR_TOO_LARGE;
    *from = *given;
    if (from->private.n == 0) {
        char *salt = arena_alloc(a, WEBPUSH_SALT_BYTES, 1);

        rng_bytes(salt, WEBPUSH_SALT_BYTES);
        from->salt = (struct str){ salt, WEBPUSH_SALT_BYTES };
        TRY(p256_new(a, &from->private, &from->public));
    }
    return p256_agree(a, from->private, from->public, to->p256dh, shared);
}

static struct str
be(struct arena *a, uint32_t v, size_t n)
{
    char *p = arena_alloc(a, n, 1);

    for (size_t i = 0; i < n; i++)
        p[i] = (char)(v >> (8 * (n - 1 - i)));
    return (struct str){ p, n };
}

/* ---- aes128gcm ------------------------------------------------------------------------------------------------------- */

#define WITH_NUL(text) ((struct str){ text, sizeof(text) })

enum err
webpush_encrypt(struct arena *a, const struct webpush_receiver *to, struct str plain, const struct webpush_sender *from,
    struct str *body)
{
    struct webpush_sender me;
    struct str shared, ikm, key, nonce;

    TRY(begin(a, to, plain, from, &me, &shared));
    ikm = hkdf(a, to->auth, shared, str_cat(a, WITH_NUL("WebPush: info"), to->p256dh, me.public, STR_NONE),
        sizeof(struct sha256));
    key = hkdf(a, me.salt, ikm, WITH_NUL("Content-Encoding: aes128gcm"), KEY_BYTES);
    nonce = hkdf(a, me.salt, ikm, WITH_NUL("Content-Encoding: nonce"), NONCE_BYTES);
    *body = str_cat(a, me.salt, be(a, RECORD_BYTES, 4), be(a, (uint32_t)me.public.n, 1), me.public,
        seal(a, key, nonce, str_cat(a, plain, S("\x02"), STR_NONE)), STR_NONE); /* 2: the last record */
    return ERR_OK;
}

/* ---- the draft --------------------------------------------------------------------------------------------------------- */

enum err
webpush_encrypt_draft(struct arena *a, const struct webpush_receiver *to, struct str plain,
    const struct webpush_sender *from, struct str *body, struct webpush_sender *used)
{
    struct str shared, ikm, context, key, nonce;

    TRY(begin(a, to, plain, from, used, &shared));
    ikm = hkdf(a, to->auth, shared, WITH_NUL("Content-Encoding: auth"), sizeof(struct sha256));
    context = str_cat(a, WITH_NUL("P-256"), be(a, (uint32_t)to->p256dh.n, 2), to->p256dh,
        be(a, (uint32_t)used->public.n, 2), used->public, STR_NONE);
    key = hkdf(a, used->salt, ikm, str_cat(a, WITH_NUL("Content-Encoding: aesgcm"), context, STR_NONE), KEY_BYTES);
    nonce = hkdf(a, used->salt, ikm, str_cat(a, WITH_NUL("Content-Encoding: nonce"), context, STR_NONE), NONCE_BYTES);
    *body = seal(a, key, nonce, str_cat(a, be(a, 0, 2), plain, STR_NONE)); /* no padding */
    return ERR_OK;
}

/* ---- VAPID --------------------------------------------------------------------------------------------------------------- */

enum err
vapid_token(struct arena *a, const struct vapid_key *key, struct str audience, struct str sub, int64_t expires_s,
    struct str *out)
{
    struct str text, signature;
    struct buf b;
    struct json j;

    buf_init(&b, a, KB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "aud", audience);
    json_int(&j, "exp", expires_s);
    json_str(&j, "sub", sub);
    json_end(&j);
    CHECK(json_done(&j));
    text = str_cat(
        a, b64url_encode(a, S("{\"typ\":\"JWT\",\"alg\":\"ES256\"}")), S("."), b64url_encode(a, buf_str(&b)), STR_NONE);
    TRY(p256_sign(a, key->private, key->public, text, &signature));
    *out = str_cat(a, text, S("."), b64url_encode(a, signature), STR_NONE);
    return ERR_OK;
}
