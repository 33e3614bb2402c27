/* What the handlers of activities get: an activity whose sender is proven.  What they find wrong they drop without a word. */
#ifndef INBOX_ACTIVITY_H
#define INBOX_ACTIVITY_H

#include "ap/check.h"
#include "service/resolve.h"

struct incoming {
    struct ap_activity a;
    struct account *from;     /* a.actor, proven by signature or proof; filled */
    int64_t inbox_account_id; /* owner of the personal inbox, 0: shared */
    struct budget budget;     /* G9: of everything that follows from this delivery */
    struct str raw;
    struct str signer; /* actor id of who delivered it */
};

typedef enum err (*activity_fn)(struct ctx *c, struct incoming *in);

#define ACTIVITY(type, handler, from_suspended) enum err activity_##handler(struct ctx *c, struct incoming *in);
#include "inbox/activities.def"
#undef ACTIVITY

struct activity_kind {
    activity_fn fn; /* NULL: not acted upon */
    bool from_suspended;
};
const struct activity_kind *activity_kind(enum ap_type t);

/* The rules of ids for this server. */
struct ap_rules inbox_rules(const struct ctx *c);
/* The account of ours that an actor id names; NULL in *out when it is none. */
NODISCARD enum err inbox_local_account(struct ctx *c, struct str uri, struct account **out);
/*
 * The embedded post at obj, when the sender may speak for it: same origin and author (G4 d).  *ok false: it is only a reference.
 * The addressees of the activity count when the post has none.
 */
NODISCARD enum err inbox_read_note(
    struct ctx *c, const struct incoming *in, const struct val *obj, struct ap_note *out, bool *ok);
/* Keep an embedded post that concerns somebody here.  *out NULL: dropped. */
NODISCARD enum err inbox_take_note(struct ctx *c, struct incoming *in, struct ap_note *x, struct status **out);
/* What the job does with a stored activity, and why it does nothing.  NOT_FOUND: done or pruned. */
NODISCARD enum err inbox_process(struct ctx *c, int64_t id);
/* Pass it on to the followers of people of ours whom that post of the sender concerns, when it proves itself (service/forward.h). */
NODISCARD enum err inbox_forward(struct ctx *c, const struct incoming *in, struct str object, bool change);
/* Undo of an Accept that was no answer to a follow. */
NODISCARD enum err inbox_accept_undone(struct ctx *c, struct incoming *in, const struct val *accept);
/* Undo of the Delete of a post: what its server says now counts. */
NODISCARD enum err inbox_restore(struct ctx *c, struct incoming *in, struct str id, struct status **out);
/* The embedded collection of accounts, when it is the sender's: kept when somebody here follows the sender. */
NODISCARD enum err inbox_take_collection(struct ctx *c, struct incoming *in);
/* Failures of others end the work on an activity in silence; ours, and what may pass or was a race, are returned and tried again. */
enum err inbox_drop_theirs(struct ctx *c, enum err e);
/* An activity that somebody else passed on: only ids are believed, and fetched from where they belong. */
NODISCARD enum err inbox_forwarded(struct ctx *c, struct incoming *in);

#endif
