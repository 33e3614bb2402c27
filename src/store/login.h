/* Who logged in, and who tried to. */
#ifndef STORE_LOGIN_H
#define STORE_LOGIN_H

#include "base/ctx.h"
#include "model/login.h"

/* In a write transaction; of those of its user that went as it did the newest `keep` stay.  For nobody it does as much and keeps nothing. */
NODISCARD enum err store_login_put(struct ctx *c, const struct login *l, int64_t keep);
/* Newest first, at most limit. */
NODISCARD enum err store_login_list(struct ctx *c, int64_t user_id, int64_t limit, struct logins *out);
NODISCARD enum err store_login_successes(struct ctx *c, int64_t user_id, int64_t limit, struct logins *out);
NODISCARD enum err store_login_get(struct ctx *c, int64_t id, struct login *out); /* NOT_FOUND */
NODISCARD enum err store_login_prune(struct ctx *c, int64_t before_ms);

#endif
