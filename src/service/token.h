/* OAuth: applications, codes, access tokens. */
#ifndef SERVICE_TOKEN_H
#define SERVICE_TOKEN_H

#include "base/ctx.h"
#include "model/app.h"

struct app_params {
    struct str client_name, scopes, website;
    struct strs redirect_uris;
};
/* secret is given once.  Errors: INVALID with a public text. */
NODISCARD enum err service_app_register(
    struct ctx *c, const struct app_params *p, struct app **out, struct str *secret);
/* The row of the web client, for the origin of today.  At start. */
NODISCARD enum err service_app_own(struct ctx *c);
NODISCARD enum err service_app_by_client(struct ctx *c, struct str client_id, struct app **out);
NODISCARD enum err service_app_get(struct ctx *c, int64_t id, struct app **out);
/* UNAUTHORIZED when unknown or the secret is wrong; a public client has none, and gives none. */
NODISCARD enum err service_app_authenticate(struct ctx *c, struct str client_id, struct str secret, struct app **out);
/* "read  write read" is "read write": known words, each once, in the order given. */
struct str service_scope_words(struct arena *mem, struct str text);
/* Exactly one of those registered; loopback may differ in its port (RFC 8252, 7.3). */
bool service_app_redirect_ok(struct arena *mem, const struct app *a, struct str redirect_uri);

NODISCARD enum err service_code_issue(struct ctx *c, const struct auth_code *a, struct str *code);
/* Once, within 10 minutes, by the same app with the same redirect URI and the PKCE verifier; a replay revokes the token.  INVALID. */
NODISCARD enum err service_code_exchange(struct ctx *c, struct app *a, struct str code, struct str redirect_uri,
    struct str verifier, struct token **out, struct str *secret);
/* user_id 0: client credentials.  value: a given token to import, p NULL: a new one. */
NODISCARD enum err service_token_issue(struct ctx *c, const struct app *a, int64_t user_id, int64_t account_id,
    struct str scopes, struct str value, struct token **out, struct str *secret);
/* Bearer to c->who; UNAUTHORIZED when unknown.  *out has the state of user and account.  Notes the use now and then. */
NODISCARD enum err service_token_use(struct ctx *c, struct str secret, struct str ip, struct token **out);
/* Of a user's token: why the person may not act, as a public text; NULL when they may.  store_live_tokens asks the same. */
const char *service_token_refusal(const struct token *t);
NODISCARD enum err service_token_revoke(struct ctx *c, const struct app *a, struct str secret);
NODISCARD enum err service_token_list(struct ctx *c, int64_t user_id, struct tokens *out);
NODISCARD enum err service_token_end(struct ctx *c, int64_t user_id, int64_t token_id);

#endif
