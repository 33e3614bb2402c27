/* Hashtags that accounts follow. */
#ifndef STORE_TAG_FOLLOW_H
#define STORE_TAG_FOLLOW_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* Write; repeated calls change nothing. */
NODISCARD enum err store_tag_follow_put(struct ctx *c, int64_t account_id, int64_t tag_id);
NODISCARD enum err store_tag_follow_delete(struct ctx *c, int64_t account_id, int64_t tag_id);
/* Sets has_viewer, following and featuring of each. */
NODISCARD enum err store_tag_relations(struct ctx *c, int64_t account_id, struct tag_ref *v, size_t n);
NODISCARD enum err store_tag_follow_count(struct ctx *c, int64_t account_id, int64_t *out);
/* Followed tags, each with the cursor of its row. */
NODISCARD enum err store_tag_follow_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct tag_ref **tags, int64_t **cursors, size_t *n);
#endif
