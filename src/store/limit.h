/* Counts of rate limits that outlive a process. */
#ifndef STORE_LIMIT_H
#define STORE_LIMIT_H

#include "base/ctx.h"
#include "base/limit_count.h"

enum { LIMIT_COUNTS_MAX = 16384 /* taken over at a start */ };

/* The greater count of one window stands: processes on one database count each for itself. */
NODISCARD enum err store_limit_put(struct ctx *c, const struct limit_count *l);
/* Windows that run at now_ms, the most used first; *out in c->mem. */
NODISCARD enum err store_limit_list(struct ctx *c, int64_t now_ms, struct limit_count **out, size_t *n);
/* Windows that ended before so. */
NODISCARD enum err store_limit_prune(struct ctx *c, int64_t before_ms);

#endif
