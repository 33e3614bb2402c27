/* OAuth applications, authorization codes, access tokens. */
#ifndef STORE_APP_H
#define STORE_APP_H

#include "base/ctx.h"
#include "model/app.h"

NODISCARD enum err store_app_insert(struct ctx *c, const struct app *a);
/* Insert, or write what may have changed over the one with that client_id. */
NODISCARD enum err store_app_put(struct ctx *c, const struct app *a);
NODISCARD enum err store_app_get(struct ctx *c, int64_t id, struct app **out); /* NOT_FOUND */
NODISCARD enum err store_app_by_client(struct ctx *c, struct str client_id, struct app **out);

NODISCARD enum err store_code_insert(struct ctx *c, struct str hash, const struct auth_code *a);
NODISCARD enum err store_code_get(struct ctx *c, struct str hash, struct auth_code **out);
/* Marks it used by that token; *first is false when it was used before: then *token_id is the one to revoke. */
NODISCARD enum err store_code_use(struct ctx *c, struct str hash, int64_t *token_id, bool *first);
NODISCARD enum err store_code_prune(struct ctx *c, int64_t before_ms);

NODISCARD enum err store_token_insert(struct ctx *c, const struct token *t, struct str hash);
/* With the state of its user and account.  NOT_FOUND. */
NODISCARD enum err store_token_by_hash(struct ctx *c, struct str hash, struct token **out);
NODISCARD enum err store_token_list(struct ctx *c, int64_t user_id, struct tokens *out);
NODISCARD enum err store_token_touch(struct ctx *c, int64_t id, int64_t ms, struct str ip);
NODISCARD enum err store_token_delete(struct ctx *c, int64_t id);
NODISCARD enum err store_token_delete_user(struct ctx *c, int64_t user_id, int64_t but_id);

#endif
