/* Old posts that go by themselves: one row for each account that ever asked. */
#ifndef STORE_CLEANUP_H
#define STORE_CLEANUP_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/cleanup.h"

NODISCARD enum err store_cleanup_get(struct ctx *c, int64_t account_id, struct cleanup *out); /* NOT_FOUND */
NODISCARD enum err store_cleanup_put(struct ctx *c, const struct cleanup *p);
NODISCARD enum err store_cleanup_progress(struct ctx *c, int64_t account_id, int64_t after_id, int64_t next_ms);
/* Enabled ones of accounts that are not suspended, whose time has come; those that wait longest first. */
NODISCARD enum err store_cleanup_due(struct ctx *c, int64_t now_ms, int64_t limit, struct cleanups *out);
/* Posts and boosts above p->after_id that were made before before_ms and that nothing keeps, oldest first. */
NODISCARD enum err store_cleanup_posts(
    struct ctx *c, const struct cleanup *p, int64_t before_ms, int64_t limit, struct ids *out);
/* How many there are, from the first on; counts no further than max. */
NODISCARD enum err store_cleanup_count(
    struct ctx *c, const struct cleanup *p, int64_t before_ms, int64_t max, int64_t *n);

#endif
