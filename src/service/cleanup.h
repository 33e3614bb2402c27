/*
 * Old posts that go by themselves, as their author wants it.  A job takes a few of each account in turn, and other servers are told at
 * the pace of ends of accounts, so that nobody's years of posts hold up what was just written.  doc/design/cleanup.md
 */
#ifndef SERVICE_CLEANUP_H
#define SERVICE_CLEANUP_H

#include "base/ctx.h"
#include "model/cleanup.h"

enum {
    CLEANUP_THRESHOLD_MAX = 1000000,
    CLEANUP_COUNT_MAX = 10000, /* a preview counts no further */
};
extern const int64_t cleanup_ages_s[]; /* two weeks to two years; ends with 0 */

/* Of the caller; what is recommended, switched off, when nothing was ever asked. */
NODISCARD enum err service_cleanup(struct ctx *c, struct cleanup *out);
/* Keep it; the search begins anew.  INVALID with a public text. */
NODISCARD enum err service_cleanup_change(struct ctx *c, const struct cleanup *p);
/* How many posts of the caller would go now, at most CLEANUP_COUNT_MAX.  INVALID as above. */
NODISCARD enum err service_cleanup_preview(struct ctx *c, const struct cleanup *p, int64_t *n);

/* The job, every few minutes: a portion.  Again: it goes on where it was. */
NODISCARD enum err service_cleanup_run(struct ctx *c);

#endif
