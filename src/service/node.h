/* The number of this process among those on its database, which makes its ids different from theirs.  doc/design/growing.md */
#ifndef SERVICE_NODE_H
#define SERVICE_NODE_H

#include "base/ctx.h"

struct node {
    int64_t number; /* 0: none */
    int64_t owner;
    int64_t renew_mono_ms; /* when service_node_keep has something to do */
};

/*
 * Get a number, or keep the one we have; before the first id is made, and about once a second.  What fails here is no harm to the number
 * as long as it lasts: without one, ids may clash with those of another process that has none.  One thread.
 */
NODISCARD enum err service_node_keep(struct ctx *c, struct node *n);
/* Give it back: from now on this process makes ids without a number. */
NODISCARD enum err service_node_leave(struct ctx *c, struct node *n);

#endif
