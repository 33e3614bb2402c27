/*
 * What may not stand in the database in clear: AES-256-GCM with the server key.  The context string says what the secret is
 * ("account.rsa:114"), so that a value moved to another row does not open.  Thread-safe after opening.
 */
#ifndef CRYPTO_SECRETBOX_H
#define CRYPTO_SECRETBOX_H

#include "base/err.h"
#include "base/str.h"

struct secret_box;

/*
 * Read the 32-byte key from file, as 64 hex digits and a newline; made with mode 0600 when missing (through a temporary file and a
 * link, so that two processes agree).  *why gets a sentence for the operator.  Errors: INVALID (junk, or readable by others),
 * INTERNAL (I/O).
 */
NODISCARD enum err secret_box_open(const char *file, struct secret_box **out, const char **why);
/* From key bytes, for tests. */
NODISCARD enum err secret_box_from_key(struct str key, struct secret_box **out);
void secret_box_free(struct secret_box *b);

/* version byte, 12-byte nonce, ciphertext, 16-byte tag. */
struct str secret_box_seal(const struct secret_box *b, struct arena *a, struct str context, struct str plain);
/* Errors: INVALID (other key, other context, damaged). */
NODISCARD enum err secret_box_unseal(
    const struct secret_box *b, struct arena *a, struct str context, struct str sealed, struct str *out);

#endif
