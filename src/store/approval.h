/* Policies of posts and the consent that replies and boosts need.  What they mean is decided in service/interaction. */
#ifndef STORE_APPROVAL_H
#define STORE_APPROVAL_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* In a write transaction.  people v all empty: the row goes. */
NODISCARD enum err store_interaction_policy_set(
    struct ctx *c, int64_t status_id, int64_t policy, const struct interaction_people *people);
/* Empty lists when nobody is named. */
NODISCARD enum err store_interaction_people(struct ctx *c, int64_t status_id, struct interaction_people *out);

/* In a write transaction: the counters of what is answered or boosted move with it. */
NODISCARD enum err store_approval_set(struct ctx *c, const struct status *s, enum approval a);
/* The stamp of a status; empty: none. */
NODISCARD enum err store_approval_stamp_put(struct ctx *c, int64_t status_id, struct str uri);
NODISCARD enum err store_approval_stamp(struct ctx *c, int64_t status_id, struct str *out);
/* A reply or boost that was permitted by this stamp, or a favourite of ours; 0: none. */
NODISCARD enum err store_approval_by_stamp(struct ctx *c, struct str uri, int64_t *status_id, int64_t *favourite_id);
NODISCARD enum err store_like_stamp_put(struct ctx *c, int64_t favourite_id, struct str uri);
/* Replies of others to a post: at most limit above after, ascending. */
NODISCARD enum err store_approval_replies(
    struct ctx *c, int64_t status_id, int64_t after, int64_t limit, struct ids *out);

#endif
