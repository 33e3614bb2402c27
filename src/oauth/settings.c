/* /settings/sessions: where somebody is logged in, and which apps have access.  /settings/security: password, second factor, e-mail address. */
#include "base/conf.h"
#include "base/date.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/token.h"
#include "service/user.h"
#include "view/page.h"

/* ---- sessions and apps ----------------------------------------------------------------------------------------- */

/* "2026-01-02 03:04 UTC" beside the exact time for machines. */
static void
put_time(struct ctx *c, struct json *j, const char *key, const char *shown, int64_t ms)
{
    struct str iso = date_iso_s(c->mem, ms);

    json_str(j, key, iso);
    json_str(j, shown, str_cat(c->mem, str_sub(iso, 0, 10), S(" "), str_sub(iso, 11, 16), S(" UTC"), STR_NONE));
}

static void
put_sessions(struct ctx *c, struct json *j, const struct sessions *v, int64_t current)
{
    json_arr(j, "sessions");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_id(j, "id", v->v[i].id);
        json_str(j, "agent", v->v[i].user_agent);
        json_str(j, "ip", v->v[i].ip);
        put_time(c, j, "used_at", "used", v->v[i].used_ms);
        json_bool(j, "current", v->v[i].id == current);
        json_end(j);
    }
    json_end(j);
}

static void
put_apps(struct ctx *c, struct json *j, const struct tokens *v)
{
    json_arr(j, "apps");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_id(j, "id", v->v[i].id);
        json_str(j, "name", v->v[i].app_name);
        json_str_or_null(j, "website", v->v[i].app_website);
        json_str(j, "scopes", v->v[i].scope_text);
        put_time(c, j, "created_at", "created", v->v[i].created_ms);
        json_end(j);
    }
    json_end(j);
}

enum err
oauth_sessions_get(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    struct sessions sessions;
    struct tokens tokens;
    struct page_out p;

    TRY(service_session_list(c, w->user->id, &sessions));
    TRY(service_token_list(c, w->user->id, &tokens));
    oauth_page_begin(c, r, &p);
    put_sessions(c, &p.j, &sessions, w->session->id);
    put_apps(c, &p.j, &tokens);
    return oauth_page_send(c, r, &p, 200, "auth_sessions.html");
}

enum err
oauth_session_end_post(struct ctx *c, struct req *r)
{
    TRY(service_session_end(c, oauth_web(r)->user->id, req_param_id(r, "id")));
    res_redirect(c, r, 303, S("/settings/sessions"));
    return ERR_OK;
}

enum err
oauth_app_end_post(struct ctx *c, struct req *r)
{
    TRY(service_token_end(c, oauth_web(r)->user->id, req_param_id(r, "id")));
    res_redirect(c, r, 303, S("/settings/sessions"));
    return ERR_OK;
}

/* https://www.w3.org/TR/change-password-url/ */
enum err
oauth_change_password_get(struct ctx *c, struct req *r)
{
    res_redirect(c, r, 302, S("/settings/security"));
    return ERR_OK;
}

/* ---- password and second factor -------------------------------------------------------------------------------- */

/* The new secret waits in the form, signed by nobody: whoever changes it only locks out the same person. */
static enum err
show_security(struct ctx *c, struct req *r, int status, struct str error, const struct strs *codes)
{
    struct web *w = oauth_web(r);
    struct str secret = oauth_arg(r, "secret"), uri;
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_bool(&p.j, "has_totp", w->user->totp_secret.n > 0);
    json_str(&p.j, "email", w->user->email);
    json_bool(&p.j, "has_waiting", w->user->unconfirmed_email.n > 0);
    json_str(&p.j, "waiting", w->user->unconfirmed_email);
    if (w->user->totp_secret.n == 0) {
        TRY(service_user_totp_begin(c, w->user->id, &secret, &uri));
        json_str(&p.j, "secret", secret);
        json_str(&p.j, "uri", uri);
    }
    json_bool(&p.j, "has_codes", codes != NULL);
    if (codes != NULL) {
        json_arr(&p.j, "codes");
        for (size_t i = 0; i < codes->n; i++)
            json_str(&p.j, NULL, codes->v[i]);
        json_end(&p.j);
    }
    if (error.n > 0)
        json_str(&p.j, "error", view_text(c, error));
    return oauth_page_send(c, r, &p, status, "auth_security.html");
}

enum err
oauth_security_get(struct ctx *c, struct req *r)
{
    return show_security(c, r, 200, STR_NONE, NULL);
}

/* Whoever sits down at an open browser shall not be able to lock the owner out: the password again. */
static enum err
check_password(struct ctx *c, struct req *r, bool *ok)
{
    struct web *w = oauth_web(r);
    struct user *u;
    bool needs_code;
    enum err e;

    TRY(limit_take_id(c, r, LIMIT_PASSWORD, w->user->id));
    e = service_user_log_in(c, w->user->email, oauth_arg(r, "current_password"), S(""), &needs_code, &u);
    *ok = e == ERR_OK || needs_code;
    if (e == ERR_UNAUTHORIZED) {
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

static const char wrong_password[] = N_("The current password is wrong");

enum err
oauth_totp_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    struct strs codes;
    enum err e;
    bool ok;

    if (w->user->totp_secret.n > 0)
        return ctx_fail_public(c, ERR_CONFLICT, "There is a second factor already");
    TRY(check_password(c, r, &ok));
    if (!ok)
        return show_security(c, r, err_status(ERR_FORBIDDEN), str_z(wrong_password), NULL);
    e = service_user_totp_enable(
        c, w->user->id, w->session->id, 0, oauth_arg(r, "secret"), oauth_arg(r, "code"), &codes);
    if (e == ERR_INVALID)
        return show_security(c, r, err_status(e), S("The code is wrong"), NULL);
    TRY(e);
    TRY(service_user_get(c, w->user->id, &w->user));
    return show_security(c, r, 200, STR_NONE, &codes);
}

enum err
oauth_totp_off_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    bool ok;

    TRY(check_password(c, r, &ok));
    if (!ok)
        return show_security(c, r, err_status(ERR_FORBIDDEN), str_z(wrong_password), NULL);
    TRY(service_user_totp_disable(c, w->user->id, 0, 0)); /* ends this session too */
    oauth_session_forget(c, r);
    res_redirect(c, r, 303, S("/auth/sign_in"));
    return ERR_OK;
}

enum err
oauth_password_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);
    enum err e;
    bool ok;

    TRY(check_password(c, r, &ok));
    if (!ok)
        return show_security(c, r, err_status(ERR_FORBIDDEN), str_z(wrong_password), NULL);
    e = service_user_set_password(c, w->user->id, oauth_arg(r, "password"), 0, 0);
    if (e == ERR_INVALID)
        return show_security(c, r, err_status(e), respond_error_text(c, e), NULL);
    TRY(e);
    oauth_session_forget(c, r);
    res_redirect(c, r, 303, S("/auth/sign_in"));
    return ERR_OK;
}

/* ---- e-mail address -------------------------------------------------------------------------------------------- */

static enum err
after_email(struct ctx *c, struct req *r, enum err e)
{
    if (e == ERR_INVALID || e == ERR_FORBIDDEN || e == ERR_CONFLICT)
        return show_security(c, r, err_status(e), respond_error_text(c, e), NULL);
    if (e == ERR_NOT_FOUND)
        ctx_ok(c); /* nothing waits: the page says so */
    else
        TRY(e);
    res_redirect(c, r, 303, S("/settings/security"));
    return ERR_OK;
}

enum err
oauth_email_post(struct ctx *c, struct req *r)
{
    struct str email = str_trim(oauth_arg(r, "email"));
    bool waits;

    TRY(limit_take_id(c, r, LIMIT_PASSWORD, c->who.user_id));
    TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, str_sub(email, 0, 300))));
    return after_email(c, r, service_user_email_change(c, email, oauth_arg(r, "current_password"), &waits));
}

enum err
oauth_email_again_post(struct ctx *c, struct req *r)
{
    TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, oauth_web(r)->user->unconfirmed_email)));
    return after_email(c, r, service_user_email_again(c));
}

enum err
oauth_email_cancel_post(struct ctx *c, struct req *r)
{
    return after_email(c, r, service_user_email_cancel(c));
}
