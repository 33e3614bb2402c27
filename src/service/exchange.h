/*
 * Lists that people take with them: exported as the CSV files that Mastodon writes, and imported from them.  An import is a row for each
 * line, worked off by a job, so that neither a restart nor a slow server loses one; what failed is told with its reason.
 * doc/design/exchange.md
 */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include "base/buf.h"
#include "base/ctx.h"
#include "model/exchange.h"

enum {
    EXPORT_BYTES_MAX = 16 * 1024 * 1024,
    IMPORT_BYTES_MAX = 4 * 1024 * 1024,
    IMPORT_ROWS_MAX = 20000,
    IMPORT_CELL_BYTES_MAX = 2048,
    IMPORTS_MAX = 10, /* kept for an account, the unfinished among them */
    IMPORTS_RUNNING_MAX = 3,
};

/* The caller's own list as CSV. */
NODISCARD enum err service_export(struct ctx *c, enum list_kind kind, struct str *csv);

/* overwrite: what the caller has and the file has not goes in the end.  INVALID with a public text. */
NODISCARD enum err service_import_begin(
    struct ctx *c, enum list_kind kind, bool overwrite, struct str csv, struct import **out);
NODISCARD enum err service_import_list(struct ctx *c, struct imports *out);
NODISCARD enum err service_import_get(struct ctx *c, int64_t id, struct import **out); /* NOT_FOUND */
/* Forget it; what it did stays, what it has not done yet does not happen. */
NODISCARD enum err service_import_cancel(struct ctx *c, int64_t id);
/* The rows that failed as CSV of the same kind, with the reason in a last column. */
NODISCARD enum err service_import_failures(struct ctx *c, int64_t id, struct str *csv);
/* The job: a portion of the rows; queues itself again while there are more.  Uses the network. */
NODISCARD enum err service_import_run(struct ctx *c, int64_t id);

#endif
