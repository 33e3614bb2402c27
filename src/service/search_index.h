/* Keeping the index of posts: what a post is found by, and when it is indexed.  doc/design/search.md */
#ifndef SERVICE_SEARCH_INDEX_H
#define SERVICE_SEARCH_INDEX_H

#include "base/ctx.h"
#include "model/status.h"

/*
 * In the write transaction of the change.  What is new is indexed shortly after by the job of the post; what was true before an edit
 * leaves the index in the same transaction, and so does what is deleted.
 */
NODISCARD enum err service_index_posted(struct ctx *c, const struct status *s, const struct account *author);
NODISCARD enum err service_index_edited(struct ctx *c, int64_t status_id);
/* Somebody of ours favourited, bookmarked, reblogged or voted: from now on they find it. */
NODISCARD enum err service_index_joined(struct ctx *c, int64_t status_id);
/* A card of posts became a player, or ceased to be one. */
NODISCARD enum err service_index_changed_card(struct ctx *c, int64_t card_id);
/* The author began or ceased to be indexable. */
NODISCARD enum err service_index_changed_author(struct ctx *c, int64_t account_id);

/* The jobs: what waits, in portions; all posts of an account.  Repeating either changes nothing. */
NODISCARD enum err service_index_pending(struct ctx *c);
NODISCARD enum err service_index_account(struct ctx *c, int64_t account_id);

/* The index is empty, as after a move to another database: every post waits for the cron job.  Tables that are made anew then. */
NODISCARD enum err service_index_all(struct ctx *c);
extern const char *const service_index_tables[]; /* ends with NULL */

/* May everybody find it?  s is filled. */
bool service_index_public(const struct status *s);

#endif
