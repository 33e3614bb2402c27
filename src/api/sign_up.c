/* Signing up by an app, and the confirmation of the e-mail address.  https://docs.joinmastodon.org/methods/accounts/#create */
#include "api/sign_up.h"

#include "api/handlers.h"
#include "http/respond.h"
#include "service/token.h"
#include "view/page.h"
#include "view/view.h"

struct sign_up_form {
    struct str username, email, password, reason, locale, date_of_birth, invite_code;
    int agreement;
};

void
api_sign_up_problems(struct ctx *c, struct req *r, const struct sign_up_problems *why)
{
    struct json *j = res_json(c, r, err_status(ERR_INVALID));
    struct buf text;

    buf_init(&text, c->mem, KB(8));
    for (size_t i = 0; i < why->n; i++) {
        buf_put(&text, i > 0 ? S(", ") : S(""));
        buf_put(&text, view_text(c, respond_field_name(c->mem, str_z(why->v[i].field))));
        buf_put(&text, S(" "));
        buf_put(&text, ctx_tr(c, why->v[i].text));
    }
    json_obj(j, NULL);
    (void)ctx_fail_public(c, ERR_INVALID, "Validation failed: %.*s", STR_ARG(buf_str(&text)));
    json_str(j, "error", c->fail.public_text);
    ctx_ok(c);
    json_obj(j, "details");
    for (size_t i = 0; i < why->n; i++) { /* each field has one problem */
        json_arr(j, why->v[i].field);
        json_obj(j, NULL);
        json_str(j, "error", str_z(why->v[i].code));
        json_str(j, "description", ctx_tr(c, why->v[i].text));
        json_end(j);
        json_end(j);
    }
    json_end(j);
    json_end(j);
}

enum err
api_account_create(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(sign_up_form, username, P_STR, .max = 1000),
        FIELD(sign_up_form, email, P_STR, .max = 1000),
        FIELD(sign_up_form, password, P_STR, .max = 2 * 1024 * 1024),
        FIELD(sign_up_form, reason, P_STR, .max = 10000),
        FIELD(sign_up_form, locale, P_STR, .max = 100),
        FIELD(sign_up_form, date_of_birth, P_STR, .max = 100),
        FIELD(sign_up_form, invite_code, P_STR, .max = 100),
        FIELD(sign_up_form, agreement, P_TRI),
    };
    struct sign_up_form f = { .agreement = -1 };
    struct sign_up_problems why = { 0 };
    struct sign_up s;
    struct token *token;
    struct app *app;
    struct user *u;
    struct buf scopes;
    struct str secret;
    enum err e;

    if (c->who.user_id != 0) /* somebody's app makes nobody else */
        return ctx_fail_public(c, ERR_FORBIDDEN, "This method requires the token of an application alone");
    TRY(params_read(c, r, fields, lengthof(fields), &f));
    s = (struct sign_up){ .username = f.username,
        .email = f.email,
        .password = f.password,
        .reason = f.reason,
        .locale = f.locale.n > 0 ? f.locale : c->locale,
        .date_of_birth = f.date_of_birth,
        .invite = f.invite_code,
        .agreement = f.agreement == 1,
        .ip = r->client_ip,
        .app_id = c->who.app_id };
    TRY(service_app_get(c, c->who.app_id, &app));
    e = service_user_sign_up(c, &s, &why, &u);
    if (e == ERR_INVALID && why.n > 0) {
        api_sign_up_problems(c, r, &why);
        return ERR_OK;
    }
    TRY(e);
    buf_init(&scopes, c->mem, KB(4));
    scope_put(&scopes, c->who.scopes, ' ');
    TRY(service_token_issue(c, app, u->id, u->account_id, buf_str(&scopes), STR_NONE, &token, &secret));
    view_token(c, res_json(c, r, 200), token, secret);
    return ERR_OK;
}

/* A bare boolean. */
enum err
api_email_check(struct ctx *c, struct req *r)
{
    struct user *u;

    TRY(service_user_get(c, c->who.user_id, &u));
    json_bool(res_json(c, r, 200), NULL, u->confirmed_ms != 0 && u->unconfirmed_email.n == 0);
    return ERR_OK;
}

struct email_form {
    struct str email;
};

/* Only by the app that signed the user up. */
enum err
api_email_confirm(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(email_form, email, P_STR, .max = 1000) };
    struct email_form f = { 0 };
    struct user *u;

    TRY(params_read(c, r, fields, lengthof(fields), &f));
    TRY(service_user_get(c, c->who.user_id, &u));
    if (u->app_id == 0 || u->app_id != c->who.app_id)
        return ctx_fail_public(
            c, ERR_FORBIDDEN, "This method is only available to the application the user originally signed-up with");
    TRY(service_user_confirm_again(c, f.email));
    res_empty_object(c, r);
    return ERR_OK;
}
