/* Lists of an account for export, and imports with their rows. */
#ifndef STORE_EXCHANGE_H
#define STORE_EXCHANGE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/exchange.h"

enum { EXPORT_CELLS = 4 };
struct export_row {
    int64_t id; /* the cursor */
    struct str cells[EXPORT_CELLS];
};
/* The next rows after that cursor.  cells: what the kind has, see service/exchange.c; accounts as name or name@domain. */
NODISCARD enum err store_export_page(struct ctx *c, enum list_kind kind, int64_t account_id, int64_t after,
    int64_t limit, struct export_row **out, size_t *n);

NODISCARD enum err store_import_put(struct ctx *c, const struct import *i);
NODISCARD enum err store_import_row_put(struct ctx *c, int64_t import_id, const struct import_row *r);
NODISCARD enum err store_import_get(struct ctx *c, int64_t id, struct import **out); /* NOT_FOUND */
/* Newest first. */
NODISCARD enum err store_import_list(struct ctx *c, int64_t account_id, struct imports *out);
NODISCARD enum err store_import_rows_waiting(struct ctx *c, int64_t import_id, int64_t limit, struct import_rows *out);
NODISCARD enum err store_import_rows_failed(struct ctx *c, int64_t import_id, struct import_rows *out);
/* error empty: done. */
NODISCARD enum err store_import_row_done(struct ctx *c, int64_t import_id, int64_t position, struct str error);
NODISCARD enum err store_import_state(struct ctx *c, int64_t id, enum import_state state);
NODISCARD enum err store_import_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_import_prune(struct ctx *c, int64_t finished_before_ms);
/* What the account has of that kind and the import has not, at most limit: ids of accounts or statuses as text, or domains. */
NODISCARD enum err store_import_surplus(struct ctx *c, const struct import *i, int64_t limit, struct strs *out);

#endif
