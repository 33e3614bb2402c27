/* Work that clients wait for: one row for each of them and topic ("context:123"). */
#ifndef STORE_ASYNC_REFRESH_H
#define STORE_ASYNC_REFRESH_H

#include "base/ctx.h"
#include "model/async_refresh.h"

/* Begun again when it was done; goes on when it was not. */
NODISCARD enum err store_async_begin(struct ctx *c, int64_t account_id, struct str topic, int64_t *id);
/* For all who wait for the topic. */
NODISCARD enum err store_async_progress(struct ctx *c, struct str topic, int64_t result_count);
NODISCARD enum err store_async_finish(struct ctx *c, struct str topic, int64_t result_count);
NODISCARD enum err store_async_get(
    struct ctx *c, int64_t account_id, int64_t id, struct async_refresh *out); /* NOT_FOUND */
/* id 0: the account does not wait for it. */
NODISCARD enum err store_async_find(struct ctx *c, int64_t account_id, struct str topic, struct async_refresh *out);
/* What an account waits for. */
NODISCARD enum err store_async_running(struct ctx *c, int64_t account_id, int64_t *out);
/* Finished an hour before, or begun a day before. */
NODISCARD enum err store_async_prune(struct ctx *c, int64_t now_ms);

#endif
