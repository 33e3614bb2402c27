/* Announcements, who has read them, and reactions to them. */
#ifndef STORE_ANNOUNCEMENT_H
#define STORE_ANNOUNCEMENT_H

#include "base/ctx.h"
#include "model/announcement.h"

/* Without what is filled for a viewer, oldest first.  shown_ms 0: all, with scheduled and ended ones; else those shown at that time. */
NODISCARD enum err store_announcement_list(struct ctx *c, int64_t shown_ms, struct announcements *out);
NODISCARD enum err store_announcement_get(struct ctx *c, int64_t id, struct announcement **out); /* NOT_FOUND */
NODISCARD enum err store_announcement_put(struct ctx *c, const struct announcement *a);
NODISCARD enum err store_announcement_delete(struct ctx *c, int64_t id, bool *removed);
/* Those that ended before. */
NODISCARD enum err store_announcement_prune(struct ctx *c, int64_t ended_before_ms);

NODISCARD enum err store_announcement_read_put(struct ctx *c, int64_t account_id, int64_t id);
/* Ids that the account has read. */
NODISCARD enum err store_announcement_read_list(struct ctx *c, int64_t account_id, struct ids *out);

NODISCARD enum err store_announcement_react(
    struct ctx *c, int64_t id, int64_t account_id, struct str name, bool *added);
NODISCARD enum err store_announcement_unreact(
    struct ctx *c, int64_t id, int64_t account_id, struct str name, bool *removed);
/* Names with their counts, in the order in which they came; viewer 0: nobody. */
NODISCARD enum err store_announcement_reactions(struct ctx *c, int64_t id, int64_t viewer, struct reactions *out);

#endif
