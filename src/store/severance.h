/* Follows that ended together, because of a block or a suspension, and which they were. */
#ifndef STORE_SEVERANCE_H
#define STORE_SEVERANCE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/notification.h"

NODISCARD enum err store_severance_put(struct ctx *c, const struct severance *s);
/* In no order. */
NODISCARD enum err store_severance_list(struct ctx *c, const struct ids *ids, struct severance **v, size_t *n);
/* Those of an account, newest first. */
NODISCARD enum err store_severance_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct severance **v, size_t *n);
/* The newest of the account for this cause, not older than since_ms; 0: none. */
NODISCARD enum err store_severance_find(
    struct ctx *c, int64_t account_id, enum severance_kind kind, struct str target, int64_t since_ms, int64_t *id);
/* So many more. */
NODISCARD enum err store_severance_add(struct ctx *c, int64_t id, int64_t followers, int64_t following);
/*
 * Keep the follows between a person and another account before they are deleted; *followers and *following are 0 or 1: whether there was
 * one that was not kept yet.
 */
NODISCARD enum err store_severed_keep(
    struct ctx *c, int64_t severance_id, int64_t account_id, int64_t other_id, int64_t *followers, int64_t *following);
struct severed_follow {
    struct str handle, languages;
    bool reblogs, notify;
};
/* By handle, above after. */
NODISCARD enum err store_severed_page(struct ctx *c, int64_t severance_id, bool followers, struct str after,
    int64_t limit, struct severed_follow **v, size_t *n);
/* The handles of other servers that are purged. */
NODISCARD enum err store_severance_prune(struct ctx *c, int64_t before_ms);

#endif
