/* People somebody might want to follow: candidates by source, and those who were refused. */
#ifndef STORE_SUGGESTION_H
#define STORE_SUGGESTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/suggestion.h"

/*
 * Of every source but SUGGEST_FEATURED: the best first, at most limit; nobody is checked.  However large the server, no more than some ten thousand of the newest rows are
 * looked at.
 */
NODISCARD enum err store_suggestion_candidates(
    struct ctx *c, enum suggestion_source source, int64_t account_id, int64_t limit, struct ids *out);
/* The newest `keep` of an account stay. */
NODISCARD enum err store_suggestion_refuse(struct ctx *c, int64_t account_id, int64_t target_id, int64_t keep);
/* Which of these were refused. */
NODISCARD enum err store_suggestion_refused(
    struct ctx *c, int64_t account_id, const struct ids *targets, struct ids *out);

#endif
