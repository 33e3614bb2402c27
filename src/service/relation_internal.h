/* What relation.c and relation_in.c share. */
#ifndef SERVICE_RELATION_INTERNAL_H
#define SERVICE_RELATION_INTERNAL_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/relation.h"

/* After the commit the home of a local account is put together anew. */
void service_relation_changed(struct ctx *c, const struct account *a);
/* Something between two accounts is other than before: each side that is local hears it where it looks (service/event.h). */
void service_relation_between(struct ctx *c, const struct account *a, const struct account *b);
/* The same for what only `who` knows: a mute, a note. */
void service_relation_heard(struct ctx *c, const struct account *who, const struct account *of);
/* Who hears that a follow ended: an Undo of ours, or a Reject of theirs. */
enum end_follow {
    END_QUIETLY,
    END_TELLING,
    END_FAREWELL, /* as the last word to a server with which nothing is exchanged from now on */
};
/* End a follow or request in a write transaction. */
NODISCARD enum err service_relation_end_follow(
    struct ctx *c, struct account *from, struct account *to, enum end_follow how);

/* In a write transaction: ends follows both ways; the other server is told.  Nothing when it is there. */
NODISCARD enum err service_relation_put_block(struct ctx *c, struct account *me, struct account *to);
/* In a write transaction, with the lock of the pair: the request q of `requester`, one of ours, is granted by `from`. */
NODISCARD enum err service_relation_grant(
    struct ctx *c, struct account *from, struct account *requester, const struct follow *q);
/* In a write transaction: a request was granted; the follow of an account that moved, if it stands for one, ends. */
NODISCARD enum err service_relation_replaced(
    struct ctx *c, struct account *me, const struct account *to, int64_t moved_from_id);

/* Accept everybody who waits: the account is not locked any more.  In a write transaction. */
NODISCARD enum err service_relation_accept_all(struct ctx *c, struct account *me);

#endif
