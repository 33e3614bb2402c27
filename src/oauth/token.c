/* The token endpoint, revocation (RFC 7009) and the server's metadata (RFC 8414). */
#include "base/b64.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/limit.h"
#include "http/respond.h"
#include "model/scope.h"
#include "oauth/internal.h"
#include "service/token.h"
#include "service/user.h"
#include "view/view.h"

static enum err
refuse(struct ctx *c, struct req *r, enum err status, const char *error, const char *text)
{
    struct json *j = res_json(c, r, err_status(status));

    ctx_ok(c);
    if (status == ERR_UNAUTHORIZED)
        res_header(c, r, "WWW-Authenticate", S("Basic realm=\"dassie\""));
    json_obj(j, NULL);
    json_str(j, "error", str_z(error));
    json_str(j, "error_description", str_z(text));
    json_end(j);
    return ERR_OK;
}

/* ---- the app --------------------------------------------------------------------------------------------------- */

/* Authorization: Basic, both halves form-encoded (RFC 6749, 2.3.1); else client_id and client_secret of the body. */
static bool
basic_credentials(struct ctx *c, const struct req *r, struct str *id, struct str *secret)
{
    struct str header = req_header(c, r, S("Authorization")), pair, user;

    if (!str_startsi(header, S("Basic ")) || !b64_decode(c->mem, str_trim(str_sub(header, 6, header.n)), &pair) ||
        !str_cut(&pair, ':', &user) || pair.p == NULL)
        return false;
    return url_decode(c->mem, user, true, id) && url_decode(c->mem, pair, true, secret);
}

static enum err
authenticate(struct ctx *c, struct req *r, struct app **out)
{
    struct str id, secret;

    if (!basic_credentials(c, r, &id, &secret)) {
        id = oauth_arg(r, "client_id");
        secret = oauth_arg(r, "client_secret");
    }
    return service_app_authenticate(c, id, secret, out);
}

static enum err
refuse_client(struct ctx *c, struct req *r)
{
    return refuse(c, r, ERR_UNAUTHORIZED, "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, or unsupported "
        "authentication method.");
}

/* ---- grants ---------------------------------------------------------------------------------------------------- */

static enum err
answer_token(struct ctx *c, struct req *r, const struct token *t, struct str secret)
{
    view_token(c, res_json(c, r, 200), t, secret);
    res_header(c, r, "Cache-Control", S("no-store"));
    return ERR_OK;
}

static enum err
grant_code(struct ctx *c, struct req *r, struct app *app)
{
    struct token *t;
    struct str secret;
    enum err e = service_code_exchange(
        c, app, oauth_arg(r, "code"), oauth_arg(r, "redirect_uri"), oauth_arg(r, "code_verifier"), &t, &secret);

    if (e == ERR_INVALID)
        return refuse(c, r, ERR_BAD_REQUEST, "invalid_grant",
            "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in "
            "the authorization request, or was issued to another client.");
    TRY(e);
    return answer_token(c, r, t, secret);
}

/* What is asked, within what the app registered; false: more than that, or unknown. */
static bool
read_scope(struct ctx *c, const struct req *r, const struct app *app, struct str *words)
{
    uint64_t scopes;

    *words = str_trim(oauth_arg(r, "scope"));
    if (words->n == 0)
        *words = S("read");
    return scope_parse(*words, &scopes) && scopes != 0 && (scope_closure(scopes) & ~scope_closure(app->scopes)) == 0;
}

static enum err
refuse_scope(struct ctx *c, struct req *r)
{
    return refuse(c, r, ERR_BAD_REQUEST, "invalid_scope", "The requested scope is invalid, unknown, or malformed.");
}

static enum err
grant_client(struct ctx *c, struct req *r, struct app *app)
{
    struct token *t;
    struct str words, secret;

    if (!read_scope(c, r, app, &words))
        return refuse_scope(c, r);
    TRY(service_token_issue(c, app, 0, 0, words, STR_NONE, &t, &secret));
    return answer_token(c, r, t, secret);
}

/* Only when the operator permits it, and never past a second factor. */
static enum err
grant_password(struct ctx *c, struct req *r, struct app *app)
{
    struct str name = str_trim(oauth_arg(r, "username")), words, secret;
    struct token *t;
    struct user *u;
    bool needs_code;
    enum err e;

    if (!c->env->conf->password_grant)
        return refuse(c, r, ERR_BAD_REQUEST, "unsupported_grant_type", "The password grant is off on this server.");
    if (!read_scope(c, r, app, &words))
        return refuse_scope(c, r);
    TRY(limit_take(c, r, LIMIT_LOGIN_NAME, str_lower(c->mem, str_sub(name, 0, 300))));
    e = service_user_log_in(c, name, oauth_arg(r, "password"), S(""), &needs_code, &u);
    if (e == ERR_UNAUTHORIZED)
        ctx_ok(c);
    if (e == ERR_OK || e == ERR_UNAUTHORIZED)
        TRY(oauth_sign_in_note(c, r, u == NULL ? 0 : u->id, LOGIN_PASSWORD, e == ERR_OK && !u->disabled));
    if (e == ERR_UNAUTHORIZED || (e == ERR_OK && u->disabled))
        return refuse(c, r, ERR_BAD_REQUEST, "invalid_grant", "The e-mail address or the password is wrong.");
    TRY(e);
    TRY(service_token_issue(c, app, u->id, u->account_id, words, STR_NONE, &t, &secret));
    return answer_token(c, r, t, secret);
}

static const struct {
    const char *name;
    enum err (*run)(struct ctx *c, struct req *r, struct app *app);
} grants[] = {
    { "authorization_code", grant_code },
    { "client_credentials", grant_client },
    { "password", grant_password },
};

enum err
oauth_token_post(struct ctx *c, struct req *r)
{
    struct app *app;
    struct str grant;
    enum err e;

    TRY(params_tree(c, r));
    e = authenticate(c, r, &app);
    if (e == ERR_UNAUTHORIZED)
        return refuse_client(c, r);
    TRY(e);
    grant = oauth_arg(r, "grant_type");
    if (!app->confidential && !str_eqz(grant, "authorization_code"))
        return refuse(c, r, ERR_BAD_REQUEST, "unauthorized_client", "A public client has codes only.");
    for (size_t i = 0; i < lengthof(grants); i++)
        if (str_eqz(grant, grants[i].name))
            return grants[i].run(c, r, app);
    return refuse(c, r, ERR_BAD_REQUEST, grant.n == 0 ? "invalid_request" : "unsupported_grant_type",
        "The authorization grant type is not supported by the authorization server.");
}

/*
 * Who signs out of the web client signs out of this browser: else the next one to sit there would be let in without a password.  Only
 * the session of the token's own user ends, and only by who has the token.
 */
static enum err
end_session(struct ctx *c, struct req *r, const struct app *app)
{
    struct session *session;
    struct token *t;
    struct user *u;
    enum err e;

    if (!str_eqz(app->client_id, APP_WEB_CLIENT) || str_eqz(oauth_arg(r, "keep_session"), "true"))
        return ERR_OK;
    e = service_token_use(c, oauth_arg(r, "token"), r->client_ip, &t);
    if (e == ERR_OK)
        e = service_session_use(c, req_cookie(c, r, S("session")), r->client_ip, &session, &u);
    if (e == ERR_OK && u->id == t->user_id)
        return service_session_end(c, u->id, session->id);
    ctx_ok(c);
    return e == ERR_NOT_FOUND || e == ERR_UNAUTHORIZED ? ERR_OK : e;
}

enum err
oauth_revoke_post(struct ctx *c, struct req *r)
{
    struct app *app;
    enum err e;

    TRY(params_tree(c, r));
    e = authenticate(c, r, &app);
    if (e == ERR_OK)
        TRY(end_session(c, r, app));
    if (e == ERR_UNAUTHORIZED || e == ERR_OK)
        e = e == ERR_OK ? service_token_revoke(c, app, oauth_arg(r, "token")) : ERR_FORBIDDEN;
    if (e == ERR_FORBIDDEN)
        return refuse(c, r, ERR_FORBIDDEN, "unauthorized_client", "You are not authorized to revoke this token");
    TRY(e);
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- metadata -------------------------------------------------------------------------------------------------- */

static void
put_list(struct json *j, const char *key, const char *const *v)
{
    json_arr(j, key);
    for (; *v != NULL; v++)
        json_str(j, NULL, str_z(*v));
    json_end(j);
}

enum err
oauth_metadata_get(struct ctx *c, struct req *r)
{
    static const char *const responses[] = { "code", NULL }, *const modes[] = { "query", NULL },
                             *const types[] = { "authorization_code", "client_credentials", NULL },
                             *const auth[] = { "client_secret_basic", "client_secret_post", NULL },
                             *const challenges[] = { "S256", NULL };
    static const struct {
        const char *key, *path;
    } endpoints[] = {
        { "authorization_endpoint", "/oauth/authorize" },
        { "token_endpoint", "/oauth/token" },
        { "revocation_endpoint", "/oauth/revoke" },
        { "userinfo_endpoint", "/oauth/userinfo" },
        { "app_registration_endpoint", "/api/v1/apps" },
    };
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_str(j, "issuer", str_cat(c->mem, c->env->conf->origin, S("/"), STR_NONE));
    json_str(j, "service_documentation", S("https://docs.joinmastodon.org/"));
    for (size_t i = 0; i < lengthof(endpoints); i++)
        json_str(j, endpoints[i].key, str_cat(c->mem, c->env->conf->origin, str_z(endpoints[i].path), STR_NONE));
    json_arr(j, "scopes_supported");
    for (int i = 0; i < SCOPE_COUNT; i++)
        json_str(j, NULL, str_z(scope_name((enum scope_index)i)));
    json_end(j);
    put_list(j, "response_types_supported", responses);
    put_list(j, "response_modes_supported", modes);
    put_list(j, "grant_types_supported", types);
    put_list(j, "token_endpoint_auth_methods_supported", auth);
    put_list(j, "code_challenge_methods_supported", challenges);
    json_end(j);
    res_cache(c, r, "public, max-age=3600");
    return ERR_OK;
}
