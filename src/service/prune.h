/* What goes by itself: things that have expired, and accounts that are being deleted. */
#ifndef SERVICE_PRUNE_H
#define SERVICE_PRUNE_H

#include "base/ctx.h"

/* The hourly job.  Each kind of thing in transactions of its own; what a failure leaves is taken an hour later. */
NODISCARD enum err service_prune(struct ctx *c);

/*
 * The job of an account that is being deleted: posts, favourites and follows go in portions, so that counters of others stay right
 * and no transaction is long; then other servers are told; the row and its keys stay until the deliveries have ended, because the
 * Delete is signed with them; then all is gone, and the id is 410 for good.  *later: call again after so long, 0: done.
 */
NODISCARD enum err service_account_erase(struct ctx *c, int64_t id, int64_t *later_ms);

#endif
