/* Archives: a row for each that was asked for, until its file expires. */
#ifndef STORE_ARCHIVE_H
#define STORE_ARCHIVE_H

#include "base/ctx.h"
#include "model/archive.h"

NODISCARD enum err store_archive_put(struct ctx *c, const struct archive *a);         /* CONFLICT: one waits already */
NODISCARD enum err store_archive_get(struct ctx *c, int64_t id, struct archive *out); /* NOT_FOUND */
NODISCARD enum err store_archive_list(struct ctx *c, int64_t account_id, struct archives *out); /* newest first */
/* One that waited is as `a` says now; *won false: the row is gone, or somebody else was first. */
NODISCARD enum err store_archive_end(struct ctx *c, const struct archive *a, bool *won);
/* The rows of an account; its files are dead at once. */
NODISCARD enum err store_archive_delete_all(struct ctx *c, int64_t account_id);
NODISCARD enum err store_archive_prune(struct ctx *c, int64_t before_ms);

#endif
