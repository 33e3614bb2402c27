/*
 * Everything somebody has, as one file: what they wrote and favourited as ActivityPub documents, their lists as CSV, and their files, laid
 * out as Mastodon does so that other programs read it.  A job writes it; the owner fetches it for a week.  doc/design/exchange.md
 */
#ifndef SERVICE_ARCHIVE_H
#define SERVICE_ARCHIVE_H

#include "base/ctx.h"
#include "model/archive.h"

#define ARCHIVE_BYTES_MAX ((int64_t)2 << 30)
#define ARCHIVE_EVERY_MS (7 * (int64_t)DAY_MS)

/* One for the caller.  INVALID with a public text: one waits, or the last one is younger than ARCHIVE_EVERY_MS. */
NODISCARD enum err service_archive_request(struct ctx *c, struct archive *out);
/* Of the caller, newest first. */
NODISCARD enum err service_archive_list(struct ctx *c, struct archives *out);
/* The file of one of the caller's, id 0: of the newest that is ready.  The caller closes *fd.  *name: for who saves it.  NOT_FOUND. */
NODISCARD enum err service_archive_open(struct ctx *c, int64_t id, int *fd, int64_t *bytes, struct str *name);

/* The job.  last: it is not tried again.  Again: written anew, from the beginning. */
NODISCARD enum err service_archive_build(struct ctx *c, int64_t id, bool last);

#endif
