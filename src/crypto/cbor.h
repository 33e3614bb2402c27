/* Just enough CBOR (RFC 8949) to take an attestation apart, and to know that a text is whole before a library reads it. */
#ifndef CRYPTO_CBOR_H
#define CRYPTO_CBOR_H

#include "base/str.h"

/*
 * Take one item off the front of *rest; *item is its bytes.  false when it is cut off, nested deeper than 8, or of indefinite length,
 * which authenticators never use.  Counts and lengths are never larger than what is there, so whoever reads the item later
 * allocates no more than that.
 */
bool cbor_item(struct str *rest, struct str *item);
/* Take the head of a map with text keys off the front of *rest: *n pairs follow. */
bool cbor_map(struct str *rest, size_t *n);
/* The text or bytes inside an item; false when it is something else. */
bool cbor_text(struct str item, struct str *out);
bool cbor_bytes(struct str item, struct str *out);

#endif
