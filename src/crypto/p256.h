/* The curve P-256 (prime256v1): pairs, agreement, ES256 signatures.  Points are uncompressed, 65 bytes; private keys 32.  Any thread. */
#ifndef CRYPTO_P256_H
#define CRYPTO_P256_H

#include "base/err.h"
#include "base/str.h"

struct arena;

enum { P256_PRIVATE_BYTES = 32, P256_PUBLIC_BYTES = 65, P256_SHARED_BYTES = 32, P256_SIGNATURE_BYTES = 64 };

/* Errors: INTERNAL. */
NODISCARD enum err p256_new(struct arena *a, struct str *private, struct str *public);
/* A point on the curve, in the form above? */
bool p256_is_point(struct str public);
/* ECDH: the x coordinate.  Errors: INVALID (not a key). */
NODISCARD enum err p256_agree(
    struct arena *a, struct str private, struct str public, struct str peer, struct str *shared);
/* ES256 (RFC 7518, 3.4): r and s, 32 bytes each.  Errors: INVALID. */
NODISCARD enum err p256_sign(struct arena *a, struct str private, struct str public, struct str msg, struct str *out);
bool p256_verify(struct str public, struct str msg, struct str signature);

#endif
