/* Filters with their keywords and statuses.  Every function takes the owner: what belongs to somebody else is NOT_FOUND. */
#ifndef STORE_FILTER_H
#define STORE_FILTER_H

#include "base/ctx.h"
#include "model/filter.h"

/* All of an account, oldest first, filled: three queries. */
NODISCARD enum err store_filter_list(struct ctx *c, int64_t account_id, struct filters *out);
NODISCARD enum err store_filter_get(struct ctx *c, int64_t account_id, int64_t id, struct filter **out); /* filled */

/* In a write transaction. */
NODISCARD enum err store_filter_put(
    struct ctx *c, const struct filter *f); /* inserts, or changes the one with this id */
NODISCARD enum err store_filter_delete(struct ctx *c, int64_t account_id, int64_t id); /* NOT_FOUND */

NODISCARD enum err store_filter_keyword_get(
    struct ctx *c, int64_t account_id, int64_t id, struct filter_keyword **out);            /* NOT_FOUND */
NODISCARD enum err store_filter_keyword_put(struct ctx *c, const struct filter_keyword *k); /* as store_filter_put */
NODISCARD enum err store_filter_keyword_delete(struct ctx *c, int64_t id);

NODISCARD enum err store_filter_status_get(
    struct ctx *c, int64_t account_id, int64_t id, struct filter_status **out);           /* NOT_FOUND */
NODISCARD enum err store_filter_status_add(struct ctx *c, const struct filter_status *s); /* CONFLICT */
NODISCARD enum err store_filter_status_delete(struct ctx *c, int64_t id);

/* 0: the account never had a filter. */
NODISCARD enum err store_filter_version(struct ctx *c, int64_t account_id, int64_t *out);
/* Before the first change of a transaction: moves the version, and makes other changes of this account's filters wait. */
NODISCARD enum err store_filter_touch(struct ctx *c, int64_t account_id);

#endif
