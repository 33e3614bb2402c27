/* The numbers of the processes on this database (base/id.h). */
#ifndef STORE_NODE_H
#define STORE_NODE_H

#include "base/ctx.h"

/* Lease a number for that long, of those that are free the one that has been free for longest; *number 0: all are taken. */
NODISCARD enum err store_node_claim(struct ctx *c, int64_t owner, int64_t ms, int64_t *number);
/* *ok: it was still ours, and is for that long; 0 ms gives it back. */
NODISCARD enum err store_node_renew(struct ctx *c, int64_t number, int64_t owner, int64_t ms, bool *ok);

#endif
