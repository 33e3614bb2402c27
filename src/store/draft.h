/* Drafts and scheduled posts: rows of one table, the latter with a time. */
#ifndef STORE_DRAFT_H
#define STORE_DRAFT_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/post.h"

/* One of an account, not filled.  NOT_FOUND. */
NODISCARD enum err store_draft_get(struct ctx *c, int64_t account_id, int64_t id, struct draft_row **out);
/* By id alone, for the job. */
NODISCARD enum err store_draft_any(struct ctx *c, int64_t id, struct draft_row **out);
/* Newest first. */
NODISCARD enum err store_draft_page(
    struct ctx *c, int64_t account_id, bool scheduled, const struct page *p, struct draft_rows *out);
/* The files that they hold, in the order of their ids. */
NODISCARD enum err store_draft_fill(struct ctx *c, struct draft_row *v, size_t n);
/* How many drafts; how many scheduled posts in all, and with a time in [from, until). */
NODISCARD enum err store_draft_count(struct ctx *c, int64_t account_id, int64_t *out);
NODISCARD enum err store_scheduled_count(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t until_ms, int64_t *all, int64_t *between);

/* In a write transaction.  INVALID: more than DRAFT_BYTES_MAX. */
NODISCARD enum err store_draft_insert(struct ctx *c, const struct draft_row *d);
/* Posts, time, failure and key when the row still has d->version, which is one more afterwards.  CONFLICT. */
NODISCARD enum err store_draft_update(struct ctx *c, struct draft_row *d);
/* Nobody else changes or publishes it until the end of the transaction.  CONFLICT: changed or gone. */
NODISCARD enum err store_draft_claim(struct ctx *c, const struct draft_row *d);
/* Its files are loose again from now on.  NOT_FOUND: another request published or deleted it. */
NODISCARD enum err store_draft_delete(struct ctx *c, int64_t id);
/* The draft holds these files of its account and no others.  INVALID: one is not free. */
NODISCARD enum err store_draft_hold(struct ctx *c, const struct draft_row *d);

#endif
