/* Looking again at what other servers have: accounts whose inbox does not answer as it should, numbers of posts. */
#ifndef SERVICE_REFRESH_H
#define SERVICE_REFRESH_H

#include "base/ctx.h"
#include "model/status.h"

/*
 * Read again the actors with that inbox, personal or shared; those that are gone (410) are deleted.  At most 20: of a large server they
 * bring its new shared inbox.  Network.
 */
NODISCARD enum err service_refresh_inbox(struct ctx *c, struct str inbox);

/* Somebody who is logged in looks at a post: have the job ask for its numbers, when it was not asked lately. */
NODISCARD enum err service_status_looked_at(struct ctx *c, const struct status *s);
/* The job: the post again, with its tallies, and the collections that tell how often it was liked, shared and answered.  Network. */
NODISCARD enum err service_refresh_status(struct ctx *c, int64_t status_id);

/* Read an account again now, all of it: actor, keys, pictures, pinned and last posts, numbers.  Errors: those of service_resolve_handle. */
NODISCARD enum err service_refresh_account(struct ctx *c, struct str handle, struct account **out);

#endif
