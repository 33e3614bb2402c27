/*
 * The ring: candidates of the home timelines of active users, in memory (doc/design/home.md).  It knows ids only; which statuses
 * belong into a home is decided in store/home.c, who may see them in service/visibility.c.  Any thread.
 *
 * A reader that finds nothing builds: ring_begin, read the database, ring_fill.  What is pushed meanwhile is kept and merged; a drop
 * meanwhile makes the fill go nowhere, so that the next reader builds again.
 */
#ifndef SERVICE_RING_H
#define SERVICE_RING_H

#include "base/ctx.h"
#include "store/home.h"

enum { RING_IDS = 400 };

struct ring_view { /* a copy, newest first */
    size_t n;
    bool whole; /* there is nothing older */
    struct home_item v[RING_IDS];
};

NODISCARD struct ring *ring_new(size_t users_max);
void ring_free(struct ring *r);

/* False when there is none, or when it was built more than max_age_ms ago (0: never too old). */
bool ring_read(struct ring *r, int64_t account_id, int64_t max_age_ms, struct ring_view *out);
/* Begin to build; gives the ticket for ring_fill. */
uint64_t ring_begin(struct ring *r, int64_t account_id);
/* v newest first, at most RING_IDS are taken. */
void ring_fill(struct ring *r, int64_t account_id, uint64_t ticket, const struct home_item *v, size_t n, bool whole);

/* Add a new status to those of these accounts that have a ring; late ids find their place, repeated ones change nothing. */
void ring_push(struct ring *r, const int64_t *accounts, size_t n, struct home_item item);
/* Forget one user's ring: after follow, unfollow, block, mute; it is rebuilt when asked for. */
void ring_drop(struct ring *r, int64_t account_id);
/* A deleted status. */
void ring_remove(struct ring *r, int64_t status_id);
/* Forget all, also what is being built. */
void ring_clear(struct ring *r);

#endif
