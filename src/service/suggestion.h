/* People the caller might want to follow. */
#ifndef SERVICE_SUGGESTION_H
#define SERVICE_SUGGESTION_H

#include "base/ctx.h"
#include "model/suggestion.h"

/*
 * Filled, best first.  Only people who want to be found, whom the caller does not follow, block or mute and has not refused.
 */
NODISCARD enum err service_suggestions(struct ctx *c, int64_t limit, int64_t offset, struct suggestions *out);
/* Not this one again.  NOT_FOUND: no such account. */
NODISCARD enum err service_suggestion_refuse(struct ctx *c, int64_t id);

/* Of people who want to be found: the newest, or those who posted last. */
NODISCARD enum err service_directory(
    struct ctx *c, bool local, bool by_new, int64_t limit, int64_t offset, struct accounts *out);

#endif
