/* What other servers do about quotes: a verified sender's requests, answers and withdrawals, and looking whether consent is there. */
#ifndef SERVICE_RECEIVE_QUOTE_H
#define SERVICE_RECEIVE_QUOTE_H

#include "base/ctx.h"
#include "model/status.h"

struct ap_uri;
struct budget;

/* ---- somebody wants to quote a post of ours ---------------------------------------------------------------------- */

/* The post, filled, and what its policy says; *out NULL when it is not ours or the sender may not see it. */
NODISCARD enum err service_receive_quote_asked(
    struct ctx *c, const struct account *from, struct str status_uri, struct status **out, enum quote_answer *answer);
struct quote_request {
    const struct account *from;
    const struct status *quoted;
    const struct status *status; /* the post that quotes, as stored here; NULL: not to be had */
    struct str uri;              /* of the request */
    struct str instrument;       /* id of the post that quotes, as told */
    enum quote_answer answer;
};
/* Decide and answer with a stamp or a Reject; a repeated request gets the same answer. */
NODISCARD enum err service_receive_quote_request(struct ctx *c, const struct quote_request *r);

/* ---- we wanted to quote ------------------------------------------------------------------------------------------ */

/* request: our QuoteRequest that is answered; stamp: of an Accept, on the origin of `from`. */
NODISCARD enum err service_receive_quote_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *request, bool yes, struct str stamp);
/*
 * A stamp that its author deleted.  What of ours showed it is told on: raw is the Delete, activity_uri its id.  *known false: no
 * such stamp of this author is here.  No transaction may be open.
 */
NODISCARD enum err service_receive_quote_revoked(
    struct ctx *c, const struct account *from, struct str stamp, struct str activity_uri, struct str raw, bool *known);

/* ---- is consent there? -------------------------------------------------------------------------------------------- */

/*
 * The job: find what is quoted and check the stamp that the post claims (approval, may be empty), or the one that was good before.
 * levels: quotes inside quotes that may be fetched, this one included.  Network.  Errors: REMOTE (not now).
 */
NODISCARD enum err service_quote_verify(struct ctx *c, int64_t id, struct str approval, int levels);
/* When a post is looked at and its stamp was checked a week ago: check it again, later. */
NODISCARD enum err service_quote_recheck(struct ctx *c, const struct status *s);
/* Somebody says that a stamp is gone: look.  *known false: it is none that counts here. */
NODISCARD enum err service_quote_recheck_stamp(struct ctx *c, struct budget *b, struct str stamp, bool *known);

#endif
