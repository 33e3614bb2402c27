/* JSON Canonicalization Scheme.  https://www.rfc-editor.org/rfc/rfc8785 */
#ifndef CRYPTO_JCS_H
#define CRYPTO_JCS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/val.h"

enum { JCS_BYTES_MAX = 2 * 1024 * 1024 };

/* Canonical bytes of v.  Errors: INVALID (a number outside double, a member twice), TOO_LARGE. */
NODISCARD enum err jcs_write(struct arena *a, const struct val *v, struct str *out);
/* The same, leaving out members of the top object by name. */
NODISCARD enum err jcs_write_without(
    struct arena *a, const struct val *v, const struct str *without, size_t n, struct str *out);

/* ES6 text of a finite double: 1e+21, 0.002, 5e-324. */
struct str jcs_number(struct arena *a, double v);

#endif
