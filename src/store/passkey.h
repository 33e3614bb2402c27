/* Passkeys, and the challenges that were answered. */
#ifndef STORE_PASSKEY_H
#define STORE_PASSKEY_H

#include "base/ctx.h"
#include "model/passkey.h"

NODISCARD enum err store_passkey_insert(struct ctx *c, const struct passkey *p); /* CONFLICT: the credential is known */
NODISCARD enum err store_passkey_by_credential(
    struct ctx *c, struct str credential, struct passkey **out); /* NOT_FOUND */
/* The oldest first; at most PASSKEYS_MAX. */
NODISCARD enum err store_passkey_list(struct ctx *c, int64_t user_id, struct passkeys *out);
NODISCARD enum err store_passkey_rename(struct ctx *c, int64_t user_id, int64_t id, struct str name, bool *found);
NODISCARD enum err store_passkey_delete(struct ctx *c, int64_t user_id, int64_t id, bool *found);
/* Note a use.  *ok is false when the counter did not go up, which a copy of the authenticator shows. */
NODISCARD enum err store_passkey_use(struct ctx *c, int64_t id, int64_t sign_count, int64_t now_ms, bool *ok);
/* CONFLICT: it was answered before. */
NODISCARD enum err store_passkey_spend(struct ctx *c, struct str hash, int64_t expires_ms);
NODISCARD enum err store_passkey_prune(struct ctx *c, int64_t before_ms);

#endif
