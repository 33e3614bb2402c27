/*
 * Passwords: argon2id (PHC strings), and bcrypt hashes of accounts imported from Mastodon.  Hashing costs 20 to 30 ms and
 * 19 MiB, so it runs in a bounded pool of its own threads: the caller waits, or is told to come back.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

enum { PASSWORD_BYTES_MAX = 1024, PW_MEMORY_KIB = 19 * 1024, PW_PASSES = 2, PW_LANES = 1 }; /* OWASP's second setting */

struct pwpool;

/* For servers whose clock tests move (test_clock), and nobody else: new hashes protect nothing and cost nothing.  Before any other call. */
void password_cheap(void);

/* threads > 0 workers; at most queue_max callers wait.  Errors: INTERNAL. */
NODISCARD enum err pwpool_new(int threads, int queue_max, struct pwpool **out);
/* Waits for what runs.  NULL is fine. */
void pwpool_free(struct pwpool *p);

/*
 * PHC string of a new hash.  pool NULL: on this thread (tests, command line).  Errors: BUSY (queue full), INVALID (empty, longer
 * than PASSWORD_BYTES_MAX), INTERNAL.
 */
NODISCARD enum err password_hash(struct pwpool *p, struct arena *a, struct str password, struct str *out);
/*
 * *ok: does it fit?  hash empty (unknown user): takes as long and gives false.  *rehash (may be NULL): the hash is of an older kind
 * or setting: store a new one now that the password is known.  Errors: BUSY, INTERNAL.
 */
NODISCARD enum err password_verify(struct pwpool *p, struct str password, struct str hash, bool *ok, bool *rehash);

#endif
