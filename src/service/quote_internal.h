/* What the parts of quotes share. */
#ifndef SERVICE_QUOTE_INTERNAL_H
#define SERVICE_QUOTE_INTERNAL_H

#include "base/ctx.h"
#include "model/status.h"

/* The stamp that shows the consent: ours by number, another server's as verified.  Empty: none, or none needed. */
struct str service_quote_stamp_uri(struct ctx *c, const struct quote *q);
/* What the policy of a filled status says to an account, ours or not. */
NODISCARD enum err service_quote_answer_for(
    struct ctx *c, int64_t account_id, const struct status *s, enum quote_answer *out);

#endif
