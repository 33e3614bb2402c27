/*
 * What an account of another server wrote before anybody here followed it (doc/design/threads-whole.md): its last public posts, its pinned
 * posts and its numbers, fetched once when somebody opens its profile or follows it, then at most daily while it is followed.
 */
#ifndef SERVICE_BACKFILL_H
#define SERVICE_BACKFILL_H

#include "base/ctx.h"
#include "model/account.h"

/* Somebody who is logged in looks at a: have the job do what is due.  Begins a transaction when something is. */
NODISCARD enum err service_backfill_opened(struct ctx *c, const struct account *a);
/* In the write transaction in which somebody here follows a. */
NODISCARD enum err service_backfill_followed(struct ctx *c, const struct account *a);
/* The job: posts, when they are wanted, pins and numbers.  What others could not give is no failure.  Network. */
NODISCARD enum err service_backfill(struct ctx *c, int64_t account_id, bool posts);

#endif
