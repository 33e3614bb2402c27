/* What relation.c and relation_in.c share. */
#ifndef SERVICE_RELATION_INTERNAL_H
#define SERVICE_RELATION_INTERNAL_H

#include "base/ctx.h"
#include "model/account.h"

/* After the commit the home of a local account is put together anew. */
void service_relation_changed(struct ctx *c, const struct account *a);
/* End a follow or request in a write transaction; tell: an Undo of ours, or a Reject of theirs. */
NODISCARD enum err service_relation_end_follow(struct ctx *c, struct account *from, struct account *to, bool tell);

/* Accept everybody who waits: the account is not locked any more.  In a write transaction. */
NODISCARD enum err service_relation_accept_all(struct ctx *c, struct account *me);

#endif
