/* Hashtags that somebody shows on the own profile. */
#ifndef STORE_FEATURED_TAG_H
#define STORE_FEATURED_TAG_H

#include "base/ctx.h"
#include "model/status.h"

NODISCARD enum err store_featured_tag_put(struct ctx *c, int64_t account_id, const struct tag_ref *t);
/* *name: of what was removed, empty when there was none. */
NODISCARD enum err store_featured_tag_delete(struct ctx *c, int64_t account_id, int64_t tag_id, struct str *name);
/* All of an account (at most FEATURED_TAGS_MAX are kept), in the order in which they were added; with numbers of its public posts. */
NODISCARD enum err store_featured_tag_list(struct ctx *c, int64_t account_id, struct featured_tags *out);
NODISCARD enum err store_featured_tag_has(struct ctx *c, int64_t account_id, int64_t tag_id, bool *out);
/* What the account's newest 1,000 posts are tagged with most often, without the featured ones. */
NODISCARD enum err store_featured_tag_candidates(
    struct ctx *c, int64_t account_id, int64_t limit, struct tag_ref **v, size_t *n);

#endif
