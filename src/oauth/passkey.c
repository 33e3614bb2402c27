/* Logging in with a passkey, instead of a password or as the second factor after it. */
#include "base/b64.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/passkey.h"
#include "service/user.h"

enum { FIELD_CHARS_MAX = 6000 };

/* The user of the ticket that the second step carries; NULL in the first step.  INVALID: the ticket is too old. */
static enum err
ticket_user(struct ctx *c, struct req *r, struct user **out)
{
    struct str ticket = oauth_arg(r, "ticket");

    *out = NULL;
    return ticket.n == 0 ? ERR_OK : service_user_ticket_open(c, ticket, out);
}

/* For the script: what navigator.credentials.get() is to be asked, as PublicKeyCredentialRequestOptionsJSON has it. */
enum err
oauth_passkey_post(struct ctx *c, struct req *r)
{
    struct passkeys keys = { 0 };
    struct str challenge, rp_id;
    struct user *u;
    struct json *j;

    TRY(ticket_user(c, r, &u));
    TRY(service_passkey_site(c, &rp_id));
    TRY(service_passkey_challenge(c, oauth_web(r)->csrf, u == NULL ? 0 : u->id, &challenge));
    if (u != NULL)
        TRY(service_passkey_list(c, u->id, &keys));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "challenge", b64url_encode(c->mem, challenge));
    json_str(j, "rpId", rp_id);
    json_str(j, "userVerification", u == NULL ? S("required") : S("discouraged"));
    json_arr(j, "allowCredentials");
    for (size_t i = 0; i < keys.n; i++)
        json_str(j, NULL, b64url_encode(c->mem, keys.v[i].credential));
    json_end(j);
    json_end(j);
    return ERR_OK;
}

static bool
read_answer(struct ctx *c, struct req *r, struct passkey_answer *a)
{
    const struct {
        const char *name;
        struct str *out;
    } fields[] = { { "credential", &a->credential }, { "client_data", &a->client_data }, { "auth_data", &a->auth_data },
        { "signature", &a->signature }, { "user_handle", &a->user_handle } };

    for (size_t i = 0; i < lengthof(fields); i++) {
        struct str text = oauth_arg(r, fields[i].name);

        if (text.n > FIELD_CHARS_MAX || !b64url_decode(c->mem, text, fields[i].out))
            return false;
    }
    return true;
}

static const char refused[] = N_("The passkey was not accepted");

enum err
oauth_sign_in_passkey_post(struct ctx *c, struct req *r)
{
    struct passkey_answer a = { 0 };
    enum login_method how;
    struct user *u;
    int64_t id;
    enum err e = ticket_user(c, r, &u);

    if (e == ERR_INVALID)
        return oauth_sign_in_form(c, r, err_status(ERR_UNAUTHORIZED), S(N_("That took too long. Log in again.")));
    TRY(e);
    if (u != NULL)
        TRY(limit_take_id(c, r, LIMIT_SECOND_FACTOR, u->id));
    e = read_answer(c, r, &a) ? service_passkey_log_in(c, oauth_web(r)->csrf, u == NULL ? 0 : u->id, &a, &id)
                              : ERR_UNAUTHORIZED;
    if (e == ERR_UNAUTHORIZED)
        ctx_ok(c);
    if (e == ERR_UNAUTHORIZED && u != NULL)
        TRY(oauth_sign_in_note(c, r, u->id, LOGIN_PASSWORD_PASSKEY, false));
    if (e == ERR_UNAUTHORIZED && u != NULL)
        return oauth_sign_in_code_form(c, r, err_status(e), u, oauth_arg(r, "ticket"), str_z(refused));
    if (e == ERR_UNAUTHORIZED)
        return oauth_sign_in_form(c, r, err_status(e), str_z(refused));
    TRY(e);
    how = u == NULL ? LOGIN_PASSKEY : LOGIN_PASSWORD_PASSKEY;
    TRY(service_user_get(c, id, &u));
    return oauth_sign_in_finish(c, r, u, how);
}
