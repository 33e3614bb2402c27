/*
 * Who may favourite, answer and boost posts of other servers, as their authors say it (GoToSocial's interaction policies), and consent
 * asked for first.  doc/design/interaction-policy.md.  What other servers do is in receive_interaction.h.
 */
#ifndef SERVICE_INTERACTION_H
#define SERVICE_INTERACTION_H

#include "base/ctx.h"
#include "model/status.h"

/*
 * What the policy of a filled post says to an account, ours or not.  AUTOMATIC: it needs no word; MANUAL: the author is asked, as
 * nobody else can know who follows whom; DENIED.
 */
NODISCARD enum err service_interaction_answer(
    struct ctx *c, int64_t account_id, const struct status *s, enum interaction kind, enum quote_answer *out);
/* The caller wants to.  *ask: the author is to be asked before anybody else hears of it.  FORBIDDEN with a public text. */
NODISCARD enum err service_interaction_check(struct ctx *c, const struct status *s, enum interaction kind, bool *ask);
/* In a write transaction: ask; row: the favourite, or the reply or boost that waits. */
NODISCARD enum err service_interaction_ask(
    struct ctx *c, enum interaction kind, const struct status *target, int64_t row_id);
/* In a write transaction: a reply or boost may be seen from now on. */
NODISCARD enum err service_interaction_open(struct ctx *c, struct status *s);

/* The stamp of a favourite, reply or boost of a post of ours, by its number, for whoever may see that post.  NOT_FOUND. */
struct ap_stamp_out;
NODISCARD enum err service_published_interaction_stamp(
    struct ctx *c, int64_t account_id, enum interaction kind, int64_t number, int64_t viewer, struct ap_stamp_out *out);

#endif
