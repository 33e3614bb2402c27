/* Base64 and base64url (RFC 4648), strict. */
#ifndef BASE_B64_H
#define BASE_B64_H

#include "base/str.h"

struct str b64_encode(struct arena *a, struct str bytes);    /* padded */
struct str b64url_encode(struct arena *a, struct str bytes); /* no padding */
/* false on any other character, wrong padding, or bits left over.  b64_decode needs padding, b64url_decode takes it or not. */
bool b64_decode(struct arena *a, struct str text, struct str *out);
bool b64url_decode(struct arena *a, struct str text, struct str *out);

#endif
