/* gzip for the bodies of answers.  One compressor a worker, used again and again. */
#ifndef HTTP_COMPRESS_H
#define HTTP_COMPRESS_H

#include "base/str.h"

struct gzip;

NODISCARD struct gzip *gzip_new(void);
void gzip_free(struct gzip *z); /* accepts NULL */
/* Compress whole bytes into the arena; false when the result would not be smaller. */
NODISCARD bool gzip_run(struct gzip *z, struct arena *a, struct str in, struct str *out);
/* Does an Accept-Encoding field permit gzip?  q=0 forbids (RFC 9110, 12.5.3); "*" is not taken for a yes. */
bool gzip_accepted(struct str accept);

#endif
