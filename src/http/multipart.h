/* multipart/form-data (RFC 7578, RFC 2046), strict.  Parts with a file name stay where they lie; others go into the tree. */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/params.h"
#include "http/tree.h"

struct uploads {
    struct upload *v;
    size_t n;
};

/*
 * body is the whole body, in memory or mapped; fd is where it lies, or -1.  boundary from the Content-Type, 1 to 70 characters.
 * Errors: BAD_REQUEST (grammar, no end, nested multiparts, a part without exactly one name), TOO_LARGE (8 KB of part headers,
 * PARAMS_KEYS_MAX parts, PARAMS_TEXT_BYTES_MAX of text), MEDIA_TYPE (a charset that is not UTF-8).
 */
NODISCARD enum err multipart_parse(struct tree *t, struct str body, int fd, struct str boundary, struct uploads *out);
/* The value of a parameter of a header such as Content-Type or Content-Disposition; false when absent or given twice. */
bool multipart_param(struct arena *a, struct str header, struct str name, struct str *out);

#endif
