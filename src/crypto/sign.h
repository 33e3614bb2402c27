/*
 * Keys and signatures: RSA (PKCS#1 v1.5 with SHA-256, verify also SHA-512) and Ed25519.
 *
 * Keys are plain bytes; parsed forms live in a bounded cache inside (thread-safe), so that the cost of loading is paid once.
 * Any thread.
 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include "base/err.h"
#include "base/str.h"

enum key_kind { KEY_NONE, KEY_RSA, KEY_ED25519 };
enum sign_hash { SIGN_SHA256, SIGN_SHA512 };

enum { KEY_TEXT_BYTES_MAX = 16 * 1024, RSA_BITS_NEW = 2048, RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192 };

struct public_key {
    enum key_kind kind;
    struct str n, e; /* KEY_RSA: big-endian, no leading zeros */
    struct str ed;   /* KEY_ED25519: 32 bytes */
};

struct private_key {
    enum key_kind kind;
    struct str der; /* PKCS#8; secret: store it encrypted */
};

/* ---- making ------------------------------------------------------------------------------------------------------ */

/* A new pair; der and the public parts in the arena.  Errors: INTERNAL.  RSA takes 20 to 300 ms. */
NODISCARD enum err key_new(struct arena *a, enum key_kind kind, struct private_key *priv, struct public_key *pub);
/* From PKCS#8 or PKCS#1 DER.  Errors: INVALID. */
NODISCARD enum err key_private_read(struct arena *a, struct str der, struct private_key *priv, struct public_key *pub);
/* From the 32-byte seed. */
NODISCARD enum err key_ed25519_from_seed(
    struct arena *a, struct str seed, struct private_key *priv, struct public_key *pub);

/* ---- reading strangers' keys ------------------------------------------------------------------------------------- */

/*
 * PEM "PUBLIC KEY" (SPKI) or "RSA PUBLIC KEY" (PKCS#1); CRLF, spaces in front of lines and a missing last newline are fine.
 * Errors: INVALID (not a key, RSA outside RSA_BITS_MIN … MAX, exponent even, < 3 or > 2^32), TOO_LARGE.
 */
NODISCARD enum err key_read_pem(struct arena *a, struct str pem, struct public_key *out);
/* SPKI or PKCS#1 DER. */
NODISCARD enum err key_read_der(struct arena *a, struct str der, struct public_key *out);
/* "z" + base58btc of 0xed01 + 32 bytes, or 0x8524 + PKCS#1 DER.  Errors: INVALID (also for unknown prefixes). */
NODISCARD enum err key_read_multikey(struct arena *a, struct str text, struct public_key *out);

/* ---- writing ------------------------------------------------------------------------------------------------------ */

struct str key_pem(struct arena *a, const struct public_key *k);      /* SPKI, ends in a newline */
struct str key_multikey(struct arena *a, const struct public_key *k); /* z… */
/* One blob for a database column, and back.  Errors: INVALID. */
struct str key_pack(struct arena *a, const struct public_key *k);
NODISCARD enum err key_unpack(struct str blob, struct public_key *out);
bool key_eq(const struct public_key *x, const struct public_key *y);

/* ---- signing ------------------------------------------------------------------------------------------------------ */

/* Signature bytes in the arena.  Errors: INVALID (not a key). */
NODISCARD enum err key_sign(struct arena *a, const struct private_key *k, struct str msg, struct str *out);
/* hash counts for RSA only.  False for any mismatch, also of length. */
bool key_verify(const struct public_key *k, enum sign_hash hash, struct str msg, struct str signature);

/* Drop all parsed keys: at the end of the process, and in tests. */
void key_cache_clear(void);

#endif
