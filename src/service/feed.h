/* Who may read the timelines of everybody's posts, by the settings of the operators. */
#ifndef SERVICE_FEED_H
#define SERVICE_FEED_H

#include "base/ctx.h"
#include "model/instance.h"

/* As it is set; public where it is not. */
NODISCARD enum err service_feed_access(struct ctx *c, enum feed f, struct feed_access *out);
/*
 * May the caller read it?  where: posts from here (1), from elsewhere (-1), both (0); of both it becomes the half that is theirs.
 * *nothing: neither half is.  UNAUTHORIZED: only people of ours may, and nobody is logged in.
 */
NODISCARD enum err service_feed_open(struct ctx *c, enum feed f, int *where, bool *nothing);

#endif
