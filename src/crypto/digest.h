/* SHA-256, SHA-512, HMAC-SHA-256.  Any thread. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include "base/str.h"

struct sha256 {
    unsigned char b[32];
};

struct sha256 sha256(struct str bytes);
/* View of the 32 bytes; lives as long as d. */
struct str sha256_str(const struct sha256 *d);
struct sha256 hmac_sha256(struct str key, struct str bytes);

/* In pieces, for bodies that lie in files.  new never fails (aborts when memory is out); done frees. */
struct sha256_run;
struct sha256_run *sha256_new(void);
void sha256_put(struct sha256_run *r, struct str bytes);
struct sha256 sha256_done(struct sha256_run *r);

/* Wipe a secret in a way that is not optimised away. */
void crypto_wipe(void *p, size_t n);

#endif
