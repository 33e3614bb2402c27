/*
 * Threads are whole (doc/design/threads-whole.md): when somebody opens a post, what is missing above and below it is fetched by a job, from
 * the collections of the posts that are known.  What comes that way is history: nobody is told.
 */
#ifndef SERVICE_THREAD_H
#define SERVICE_THREAD_H

#include "base/ctx.h"
#include "model/async_refresh.h"
#include "model/status.h"

/*
 * The caller looks at s, visible to it with these ancestors and descendants: have the job begin, or join it.  out->id 0: there is
 * nothing to wait for.  Not again within 15 minutes, not for a post of the last 5 minutes, only for people who are logged in.
 */
NODISCARD enum err service_thread_opened(struct ctx *c, const struct status *s, const struct statuses *ancestors,
    const struct statuses *descendants, struct async_refresh *out);
/* The job: one portion of the thread below that post; puts itself again while there is more.  Network. */
NODISCARD enum err service_thread_fetch(struct ctx *c, int64_t status_id);

#endif
