/* Invites. */
#ifndef STORE_INVITE_H
#define STORE_INVITE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/invite.h"

NODISCARD enum err store_invite_put(struct ctx *c, const struct invite *i);
NODISCARD enum err store_invite_by_code(struct ctx *c, struct str code, struct invite **out); /* NOT_FOUND */
/* One more use, unless it is spent or over: then *ok is false.  In a write transaction. */
NODISCARD enum err store_invite_use(struct ctx *c, int64_t id, int64_t now_ms, bool *ok);
/* Of one user, newest first. */
NODISCARD enum err store_invite_page(struct ctx *c, int64_t user_id, const struct page *p, struct invites *out);
/* Those that may still be used. */
NODISCARD enum err store_invite_count(struct ctx *c, int64_t user_id, int64_t now_ms, int64_t *n);
NODISCARD enum err store_invite_expire(struct ctx *c, int64_t user_id, int64_t id, int64_t now_ms, bool *found);
NODISCARD enum err store_invite_prune(struct ctx *c, int64_t expired_before_ms);

#endif
