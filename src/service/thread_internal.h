/* What the two parts of thread share. */
#ifndef SERVICE_THREAD_INTERNAL_H
#define SERVICE_THREAD_INTERNAL_H

#include "base/ctx.h"
#include "store/thread.h"

/*
 * One portion of the thread around t->opened_id: *top is its topmost post now, *more says that the budget ended before the thread did.
 * Counts in t.  Network.
 */
NODISCARD enum err thread_walk(struct ctx *c, struct thread_fetch *t, int64_t *top, bool *more);
/* A post was asked for its replies; those who wait read how many were found. */
NODISCARD enum err thread_progress(struct ctx *c, const struct thread_fetch *t, int64_t walked_id);

#endif
