/* Base58btc, the alphabet of Bitcoin: what "z" means in multibase.  https://www.w3.org/TR/cid-1.0/#multibase-0 */
#ifndef CRYPTO_B58_H
#define CRYPTO_B58_H

#include "base/str.h"

enum { B58_BYTES_MAX = 2048 }; /* of the decoded form; the cost is quadratic */

/* Aborts on more than B58_BYTES_MAX: only for our own keys. */
struct str b58_encode(struct arena *a, struct str bytes);
/* false on other characters and on more than B58_BYTES_MAX bytes. */
bool b58_decode(struct arena *a, struct str text, struct str *out);

#endif
