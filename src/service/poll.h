/*
 * Polls of statuses (doc/design/polls.md).  A poll is seen, voted in and federated with its status, so what is given is the status,
 * filled and visible, with its poll.
 */
#ifndef SERVICE_POLL_H
#define SERVICE_POLL_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/post.h"
#include "model/status.h"

/* Checked and cleaned, without an id; counts from now.  INVALID with Mastodon's texts. */
NODISCARD enum err service_poll_draft(struct ctx *c, const struct post_poll *p, struct poll **out);
/*
 * In the write transaction of a post or edit: s->poll becomes what the status asks; old is what it asked before, NULL: nothing.  Another
 * question loses its votes.  Puts the job that ends it.
 */
NODISCARD enum err service_poll_store(struct ctx *c, struct status *s, const struct poll *old);

/* NOT_FOUND when its status is not visible.  Tallies of others that are older than a minute are asked for again, by a job. */
NODISCARD enum err service_poll_get(struct ctx *c, int64_t id, struct status **out);
/* choices: places of options as decimals.  INVALID with Mastodon's texts: own poll, over, no such option, voted before. */
NODISCARD enum err service_poll_vote(struct ctx *c, int64_t id, const struct strs *choices, struct status **out);

/* The job at its end: author and local voters are told once, other servers get the result.  Network when it is not ours. */
NODISCARD enum err service_poll_close(struct ctx *c, int64_t id);
/* The job that asks the origin for tallies.  Network. */
NODISCARD enum err service_poll_refresh(struct ctx *c, int64_t id);

/* For receive: in a write transaction on a locked poll, count the choices of an account.  CONFLICT: chosen before. */
NODISCARD enum err service_poll_count(
    struct ctx *c, struct poll *p, int64_t account_id, const struct ids *choices, struct ids *votes);
/* For receive: (re)schedule the end of a poll of others, when somebody here voted in it. */
NODISCARD enum err service_poll_schedule_remote(struct ctx *c, const struct poll *p);

#endif
