/* Home by the ring design, public, local, tag. */
#ifndef SERVICE_TIMELINE_H
#define SERVICE_TIMELINE_H

#include "base/ctx.h"
#include "base/page.h"
#include "store/status.h"

/* ---- the ring: newest status ids of home timelines of active users, in memory (doc/design/home.md).  Any thread. ---- */

enum { RING_IDS = 400 };

NODISCARD struct ring *ring_new(size_t users_max);
void ring_free(struct ring *r);
/* Forget one user's ring: after follow, unfollow, block, mute; it is rebuilt when asked for. */
void ring_drop(struct ring *r, int64_t account_id);
/* Add a new status to those of these accounts that have a ring; late ids find their place. */
void ring_push(struct ring *r, const int64_t *accounts, size_t n, int64_t status_id);
/* A deleted status. */
void ring_remove(struct ring *r, int64_t status_id);

/* The caller's home. */
NODISCARD enum err service_timeline_home(struct ctx *c, const struct page *p, struct statuses *out);
/* local: 1 ours, 0 all, -1 remote. */
NODISCARD enum err service_timeline_public(
    struct ctx *c, int local, bool only_media, const struct page *p, struct statuses *out);
NODISCARD enum err service_timeline_tag(
    struct ctx *c, const struct tag_query *q, const struct page *p, struct statuses *out);

/* The fan_out job: rings of local followers, notifications of mentions and of those who asked for every post. */
NODISCARD enum err service_timeline_fan_out(struct ctx *c, int64_t status_id);

#endif
