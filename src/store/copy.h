/* Servers that have posts of ours although nothing of that is kept among the deliveries (doc/design/delivery.md). */
#ifndef STORE_COPY_H
#define STORE_COPY_H

#include "base/ctx.h"
#include "model/status.h"

/* Posts of ours among ids, in *out, that this account is not yet known to have read. */
NODISCARD enum err store_copy_missing(struct ctx *c, const struct ids *ids, int64_t account_id, struct ids *out);
/* It has; no more than max accounts are kept for one post.  In a write transaction. */
NODISCARD enum err store_copy_put(struct ctx *c, const struct ids *ids, int64_t account_id, int64_t max);
/* Somebody elsewhere does not follow one of ours any more; nothing of other pairs.  In a write transaction. */
NODISCARD enum err store_copy_left(struct ctx *c, int64_t account_id, int64_t target_id);
/* Who may have that post: who read it, and who followed its author when it came (not of posts that followers do not get). */
NODISCARD enum err store_copy_holders(struct ctx *c, const struct status *s, struct ids *out);
/* Of posts from before that time nobody knows any more who read them; nor who left before it. */
NODISCARD enum err store_copy_prune(struct ctx *c, int64_t before_ms);

#endif
