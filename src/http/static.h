/* Files embedded in the program, served from memory with an ETag.  doc: RFC 9110, 8.8.3 */
#ifndef HTTP_STATIC_H
#define HTTP_STATIC_H

#include "http/http.h"

struct static_file {
    const char *name;  /* "app.js", "fonts/x.woff2" */
    struct str bytes;  /* process */
    struct str brotli; /* the same, compressed; empty when there is none */
    bool immutable;    /* the name has a hash of the content: may be kept for a year */
};

struct static_files;

/* Index a table that outlives the result.  Aborts on a name twice. */
NODISCARD struct static_files *static_new(const struct static_file *files, size_t n);
void static_free(struct static_files *s);
/* NULL when there is none. */
const struct static_file *static_find(const struct static_files *s, struct str name);
/* Answer with that file.  Errors: NOT_FOUND. */
NODISCARD enum err static_serve(struct ctx *c, struct req *r, const struct static_files *s, struct str name);
/* By the end of the name; application/octet-stream when unknown. */
struct str static_content_type(struct str name);

#endif
