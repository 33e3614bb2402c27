/* Signing up on the web, and the link of the confirmation mail. */
#include "base/conf.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/instance.h"
#include "service/invite.h"
#include "service/user.h"
#include "view/page.h"

static void
put_rules(struct json *j, const struct rules *v)
{
    json_arr(j, "rules");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_str(j, "text", v->v[i].text);
        json_str(j, "hint", v->v[i].hint);
        json_end(j);
    }
    json_end(j);
}

static bool
is_invited(struct ctx *c, struct req *r)
{
    struct str code = oauth_arg(r, "invite_code");
    struct invite *i;
    bool valid = code.n > 0 && service_invite_find(c, code, &i) == ERR_OK;

    ctx_ok(c);
    return valid;
}

/* What was typed comes back, but for the password; each field's problem beside it. */
static enum err
show_form(struct ctx *c, struct req *r, int status, const struct sign_up_problems *why)
{
    static const char *const kept[] = { "username", "email", "reason", "date_of_birth", "invite_code" };
    bool invited = is_invited(c, r);
    struct instance_info info;
    struct page_out p;

    TRY(service_instance_get(c, &info));
    if (str_eqz(info.registrations, "closed") && !invited)
        return oauth_page_message(
            c, r, err_status(ERR_FORBIDDEN), S("Sign up"), S("Registrations are closed on this server"));
    oauth_page_begin(c, r, &p);
    for (size_t i = 0; i < lengthof(kept); i++)
        json_str(&p.j, kept[i], oauth_arg(r, kept[i]));
    json_bool(&p.j, "asks_reason", str_eqz(info.registrations, "approval") && !invited);
    json_bool(&p.j, "asks_birth", info.min_age > 0);
    put_rules(&p.j, &info.rules);
    json_obj(&p.j, "problems");
    for (size_t i = 0; why != NULL && i < why->n; i++)
        json_str(&p.j, why->v[i].field, view_text(c, str_z(why->v[i].text)));
    json_end(&p.j);
    return oauth_page_send(c, r, &p, status, "auth_sign_up.html");
}

enum err
oauth_sign_up_get(struct ctx *c, struct req *r)
{
    return show_form(c, r, 200, NULL);
}

enum err
oauth_sign_up_post(struct ctx *c, struct req *r)
{
    struct sign_up s = { .username = str_trim(oauth_arg(r, "username")),
        .email = oauth_arg(r, "email"),
        .password = oauth_arg(r, "password"),
        .reason = oauth_arg(r, "reason"),
        .date_of_birth = oauth_arg(r, "date_of_birth"),
        .locale = c->locale,
        .invite = oauth_arg(r, "invite_code"),
        .agreement = oauth_arg(r, "agreement").n > 0,
        .ip = r->client_ip };
    struct sign_up_problems why = { 0 };
    struct user *u;
    enum err e;

    if (oauth_arg(r, "website").n > 0) /* nobody sees that field; programs that fill every field do */
        return ctx_fail(c, ERR_FORBIDDEN, "sign-up: the trap was filled");
    e = service_user_sign_up(c, &s, &why, &u);
    if (e == ERR_INVALID && why.n > 0)
        return show_form(c, r, err_status(e), &why);
    TRY(e);
    TRY(oauth_sign_in_note(c, r, u->id, LOGIN_PASSWORD, true));
    TRY(oauth_session_begin(c, r, u)); /* who waits can come back to see for what */
    res_redirect(c, r, 303, S("/auth/welcome"));
    return ERR_OK;
}

/* A page with a button: links in mails are opened by scanners too, which must not use the token up. */
enum err
oauth_confirmation_get(struct ctx *c, struct req *r)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "token", oauth_arg(r, "confirmation_token"));
    return oauth_page_send(c, r, &p, 200, "auth_confirmation.html");
}

enum err
oauth_confirmation_post(struct ctx *c, struct req *r)
{
    const struct web *w = oauth_web(r);
    int64_t keep = w->session != NULL ? w->session->id : 0;
    struct user *u;
    enum err e = service_user_confirm(c, oauth_arg(r, "confirmation_token"), keep, &u);

    if (e == ERR_NOT_FOUND)
        return oauth_page_message(c, r, err_status(ERR_INVALID), S("Confirm your e-mail address"),
            S("This link was used before or is too old. Ask for a new one."));
    TRY(e);
    if (w->user == NULL || w->user->id != u->id)
        return oauth_welcome_page(c, r, u);
    if (w->user->confirmed_ms != 0) /* another address of somebody who is not new */
        return oauth_page_message(
            c, r, 200, S("Thank you"), S(N_("Your e-mail address is confirmed. It counts from now on.")));
    res_redirect(c, r, 303, S("/auth/welcome"));
    return ERR_OK;
}

/* The link that people pass on: for browsers the form, for apps what they need to sign somebody up themselves. */
enum err
oauth_invite_get(struct ctx *c, struct req *r)
{
    struct str code = req_param(r, "code");
    struct invite *i;
    struct json *j;
    enum err e = service_invite_find(c, code, &i);

    if (str_find(req_header(c, r, S("Accept")), S("application/json")) < 0) {
        c->locale = view_locale(req_header(c, r, S("Accept-Language")));
        if (e == ERR_UNAUTHORIZED)
            return oauth_page_message(c, r, err_status(e), S("Sign up"), S("This invite is no longer valid"));
        TRY(e);
        res_redirect(c, r, 302, str_cat(c->mem, S("/auth/sign_up?invite_code="), i->code, STR_NONE));
        return ERR_OK;
    }
    TRY(e);
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "invite_code", i->code);
    json_str(j, "instance_api_url", str_cat(c->mem, c->env->conf->origin, S("/api/v2/instance"), STR_NONE));
    json_end(j);
    return ERR_OK;
}
