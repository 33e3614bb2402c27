/* Random bytes from the kernel.  Any thread. */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include "base/str.h"

/* Fill p with n bytes from getrandom(2); aborts when the kernel has none. */
void rng_bytes(void *p, size_t n);
/* Uniform in [0, below); below > 0. */
uint64_t rng_below(uint64_t below);
/* n random bytes as lower-case hex, or as base64url without padding, in the arena. */
struct str rng_hex(struct arena *a, size_t n);
struct str rng_base64url(struct arena *a, size_t n);
/* The two words that seed every hash table of this process; drawn once. */
const uint64_t *rng_hash_key(void);

#endif
