/* Shared by the files of this directory only. */
#ifndef CRYPTO_INTERNAL_H
#define CRYPTO_INTERNAL_H

#include "crypto/digest.h"
#include "crypto/sign.h"

#include <openssl/types.h>

/* ---- der.c: the little of DER (X.690) that keys need -------------------------------------------------------------- */

enum { DER_INTEGER = 0x02, DER_BIT_STRING = 0x03, DER_NULL = 0x05, DER_OID = 0x06, DER_SEQUENCE = 0x30 };

/* Take one element with that tag off the front; definite, minimal lengths only. */
bool der_take(struct str *rest, unsigned char tag, struct str *out);
/* A positive INTEGER without its sign byte. */
bool der_take_uint(struct str *rest, struct str *out);
struct str der_put(struct arena *a, unsigned char tag, struct str content);
struct str der_put_uint(struct arena *a, struct str bytes);

/* ---- keycache.c: parsed keys by the SHA-256 of their bytes --------------------------------------------------------- */

enum { KEY_CACHE_MAX = 2048 };

/* A reference of the caller's own, or NULL. */
EVP_PKEY *keycache_get(const struct sha256 *id);
/* Keeps a reference of its own. */
void keycache_put(const struct sha256 *id, EVP_PKEY *k);
size_t keycache_count(void);

#endif
