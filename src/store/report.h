/* Reports. */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H

#include "base/ctx.h"
#include "model/report.h"

/* CONFLICT: the same Flag about the same account is there. */
NODISCARD enum err store_report_insert(struct ctx *c, const struct report *r);
/* Not filled.  NOT_FOUND. */
NODISCARD enum err store_report_get(struct ctx *c, int64_t id, struct report **out);
/* Any order; not filled. */
NODISCARD enum err store_report_list(struct ctx *c, const struct ids *ids, struct report **v, size_t *n);
/* Of one reporter, without those that were dealt with. */
NODISCARD enum err store_report_open_count(struct ctx *c, int64_t account_id, int64_t *out);

#endif
