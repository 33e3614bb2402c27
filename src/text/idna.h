/* Domain names: UTS 46 non-transitional through libidn2, with the refusals of the fetch gate.  Pure; any thread. */
#ifndef TEXT_IDNA_H
#define TEXT_IDNA_H

#include "base/str.h"

struct arena;

enum { DOMAIN_BYTES_MAX = 253 };

/*
 * The A-label form of a host name in lower case, without one trailing dot: "Bücher.example." gives "xn--bcher-kva.example".
 * False for: empty labels, labels over 63 bytes, names over 253, other ASCII than letters digits - _, names that UTS 46 refuses,
 * `xn--` labels that decode to pure ASCII or do not encode back to themselves, names whose last label is a number (those are
 * addresses), and bytes that are not UTF-8.  No port, no brackets.
 */
bool text_domain_normal(struct arena *a, struct str host, struct str *out);
/* The same with an optional ":port" after it, which is kept: what stands behind the @ of a handle. */
bool text_authority_normal(struct arena *a, struct str authority, struct str *out);
/* domain is parent, or ends in "." parent.  Both normal. */
bool text_domain_within(struct str domain, struct str parent);

#endif
