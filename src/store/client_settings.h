/* What the web client keeps for a user: one text of JSON, an object. */
#ifndef STORE_CLIENT_SETTINGS_H
#define STORE_CLIENT_SETTINGS_H

#include "base/ctx.h"

/* STR_NONE: nothing was ever kept. */
NODISCARD enum err store_client_settings_get(struct ctx *c, int64_t user_id, struct str *out);
/* In a write transaction: the same, "{}" for nothing, and nobody else changes it until the end. */
NODISCARD enum err store_client_settings_hold(struct ctx *c, int64_t user_id, struct str *out);
/* After store_client_settings_hold. */
NODISCARD enum err store_client_settings_put(struct ctx *c, int64_t user_id, struct str data);

#endif
