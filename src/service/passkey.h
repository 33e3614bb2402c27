/*
 * Passkeys: keys in people's authenticators that log them in without a password (WebAuthn).  doc/design/auth.md
 *
 * A challenge is a sealed sentence: what it is for, for whom, and until when (five minutes).  Nothing is kept of it before it is answered;
 * its answer counts once.  `whom` binds it to who asked: the session's or the form's secret, or the token's id.
 */
#ifndef SERVICE_PASSKEY_H
#define SERVICE_PASSKEY_H

#include "base/ctx.h"
#include "model/passkey.h"

/* What an authenticator's answer consists of, as bytes. */
struct passkey_answer {
    struct str credential, client_data, auth_data, signature;
    struct str user_handle; /* may be empty where the user is known */
};

/* The host that passkeys of this server belong to. */
NODISCARD enum err service_passkey_site(struct ctx *c, struct str *rp_id);

NODISCARD enum err service_passkey_list(struct ctx *c, int64_t user_id, struct passkeys *out);
/* INVALID with a public text: there are PASSKEYS_MAX already. */
NODISCARD enum err service_passkey_options(struct ctx *c, int64_t user_id, int64_t whom, struct passkey_options *out);
/* Checks, keeps, and tells the user by mail.  INVALID with a public text: the name, the answer, too many, or known already. */
NODISCARD enum err service_passkey_add(struct ctx *c, int64_t user_id, int64_t whom, struct str name,
    struct str client_data, struct str attestation, struct passkey **out);
NODISCARD enum err service_passkey_rename(
    struct ctx *c, int64_t user_id, int64_t id, struct str name, struct passkey **out);
/* Whoever lost it may be logged in with it: ends all sessions and all tokens but keep_token.  NOT_FOUND. */
NODISCARD enum err service_passkey_remove(struct ctx *c, int64_t user_id, int64_t id, int64_t keep_token);

/* For navigator.credentials.get(), as bytes.  user_id 0: whoever it is. */
NODISCARD enum err service_passkey_challenge(struct ctx *c, struct str whom, int64_t user_id, struct str *out);
/*
 * Whose key answered?  With user_id 0 the key stands for password and second factor, so its owner must have been verified; else it is the
 * second factor of that user.  UNAUTHORIZED; the reason goes to the log.
 */
NODISCARD enum err service_passkey_log_in(
    struct ctx *c, struct str whom, int64_t user_id, const struct passkey_answer *a, int64_t *out);

#endif
