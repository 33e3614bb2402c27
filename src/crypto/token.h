/* Bearer tokens: 32 random bytes for the client, only their SHA-256 for the database. */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/str.h"

/* 43 characters of base64url. */
struct str token_new(struct arena *a);
/* What is stored and looked up: base64url of the SHA-256, 43 characters. */
struct str token_hash(struct arena *a, struct str token);
/* Codes for people: n groups of 4 from an alphabet without look-alikes, "k7pw-3mxa". */
struct str token_new_code(struct arena *a, size_t groups);

#endif
