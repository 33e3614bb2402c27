/* application/x-www-form-urlencoded: bodies and queries.  https://url.spec.whatwg.org/#application/x-www-form-urlencoded */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "http/tree.h"

/* Add all pairs of text to t.  Errors: BAD_REQUEST (bad escape), and those of tree_add. */
NODISCARD enum err form_parse(struct tree *t, struct str text);

#endif
