/* What other servers say about favourites, replies and boosts that need consent.  doc/design/interaction-policy.md */
#ifndef SERVICE_RECEIVE_INTERACTION_H
#define SERVICE_RECEIVE_INTERACTION_H

#include "base/ctx.h"
#include "model/status.h"

struct ap_note;
struct ap_uri;
struct budget;

/* ---- posts of others: inside the transactions of receive_note.c ---------------------------------------------------- */

/* The policy of a document, as it is stored; people point into it. */
int64_t receive_interaction_policy(const struct ap_note *x, struct interaction_people *people);
/* Before the row is inserted: does it need consent for what it answers? */
NODISCARD enum err receive_approval_draft(struct ctx *c, struct status *s);
/* After that, or at an edit: policy, claimed stamp, and a job for everything that has to be looked at. */
NODISCARD enum err receive_approval_put(struct ctx *c, const struct ap_note *x, const struct status *s);

/* ---- stamps ---------------------------------------------------------------------------------------------------------- */

/* The job: is this reply permitted by what it answers?  Network.  Errors: REMOTE (not now). */
NODISCARD enum err service_interaction_verify(struct ctx *c, int64_t id);
/* A boost of somebody else's post by `from`: permitted, or proven by the stamp it claims.  original is filled.  Network. */
NODISCARD enum err service_interaction_boost_ok(struct ctx *c, struct budget *b, const struct account *from,
    const struct status *original, struct str uri, struct str stamp, bool *ok);
/* The author of a post permits a reply of somebody else, and tells everybody. */
NODISCARD enum err service_receive_interaction_vouched(
    struct ctx *c, const struct account *from, struct str reply_uri, struct str stamp);

/*
 * Consent is taken back: the stamp is deleted, or what it was for is refused after all.  A boost or favourite goes; a reply is shown to
 * its author alone, and one of ours is told to be gone.  `from` must be who is answered, boosted or favourited.
 */
NODISCARD enum err service_receive_interaction_withdrawn(
    struct ctx *c, const struct account *from, struct str stamp, bool *known);
/* uri: a reply or boost of somebody else than ours. */
NODISCARD enum err service_receive_interaction_refused(struct ctx *c, const struct account *from, struct str uri);

/* ---- answers to ours --------------------------------------------------------------------------------------------------- */

/* at: our request, or our post or boost itself; stamp: of an Accept, on the origin of `from`. */
NODISCARD enum err service_receive_interaction_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *at, bool yes, struct str stamp);

/* ---- requests about ours ------------------------------------------------------------------------------------------------ */

struct interaction_request {
    struct account *from;
    enum interaction kind;
    struct status *target; /* of ours, filled */
    struct str uri;        /* of the request */
    struct str instrument; /* id of the Like, post or Announce */
};
/* The post of ours that is meant; NULL in *out when there is none that the sender may see. */
NODISCARD enum err service_receive_interaction_asked(
    struct ctx *c, const struct account *from, struct str uri, struct status **out);
/* Answer: Accept with a stamp when what was asked for is here now, else Reject. */
NODISCARD enum err service_receive_interaction_request(struct ctx *c, const struct interaction_request *r);

#endif
