/* The chunked transfer coding of request bodies (RFC 9112, 7.1), decoded in place and strictly. */
#ifndef HTTP_CHUNKED_H
#define HTTP_CHUNKED_H

#include "base/str.h"

enum { CHUNK_LINE_MAX = 256, CHUNK_EXTENSIONS_MAX = 4096, CHUNK_TRAILERS_MAX = 4096 };

enum chunked_state { CHUNKED_MORE, CHUNKED_DONE, CHUNKED_ERROR };

struct chunked {
    uint64_t left;      /* bytes of this chunk to come */
    unsigned line_n;    /* bytes of the current line */
    unsigned overhead;  /* extensions of all chunks */
    unsigned trailer_n; /* bytes of all trailers */
    unsigned char at, digits;
    unsigned name_n; /* of the current trailer field */
    char name[20];   /* its beginning, lower case */
};

/* All zero is the start. */
/*
 * Decode p[0, n).  *out_n bytes of content stand at p afterwards, *used bytes of the input were read.  MORE: all was used.  DONE:
 * the rest behind *used belongs to the next request.  ERROR: answer 400 and close.
 */
enum chunked_state chunked_decode(struct chunked *c, char *p, size_t n, size_t *used, size_t *out_n);

#endif
