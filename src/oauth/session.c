/* The session behind the cookie, the proof that a form is ours, and error pages. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/rng.h"
#include "base/url.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/account.h"
#include "service/user.h"
#include "view/page.h"

enum { CSRF_BYTES = 32, SESSION_COOKIE_S = 30 * 24 * 3600 };

#define SESSION_COOKIE S("session")
#define CSRF_COOKIE S("csrf")

struct web *
oauth_web(const struct req *r)
{
    return r->group;
}

struct str
oauth_arg(const struct req *r, const char *name)
{
    struct str s = val_str(val_get(r->args, str_z(name)));

    return s.p == NULL ? S("") : s;
}

struct str
oauth_with_return(struct ctx *c, struct str path, struct str return_to)
{
    return return_to.n == 0 ? path : str_cat(c->mem, path, S("?return_to="), url_encode(c->mem, return_to), STR_NONE);
}

/* ---- before each page ------------------------------------------------------------------------------------------ */

static enum err
find_session(struct ctx *c, struct req *r, struct web *w)
{
    struct str cookie = req_cookie(c, r, SESSION_COOKIE);
    enum err e;

    if (cookie.n == 0)
        return ERR_OK;
    e = service_session_use(c, cookie, r->client_ip, &w->session, &w->user);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        w->session = NULL;
        return ERR_OK;
    }
    TRY(e);
    c->who = (struct who){ .user_id = w->user->id, .account_id = w->user->account_id };
    if (w->user->locale.n > 0)
        c->locale = w->user->locale;
    return ERR_OK;
}

static void
find_csrf(struct ctx *c, struct req *r, struct web *w)
{
    if (w->session != NULL) {
        w->csrf = w->session->csrf;
        return;
    }
    w->csrf = req_cookie(c, r, CSRF_COOKIE);
    w->csrf_is_new = w->csrf.n < CSRF_BYTES;
    if (w->csrf_is_new)
        w->csrf = rng_base64url(c->mem, CSRF_BYTES);
}

static enum err
before(struct ctx *c, struct req *r)
{
    struct web *w = arena_new(c->mem, struct web);

    r->group = w;
    c->locale = view_locale(req_header(c, r, S("Accept-Language")));
    TRY(find_session(c, r, w));
    find_csrf(c, r, w);
    TRY(params_tree(c, r));
    if (r->method != HTTP_GET && r->method != HTTP_HEAD &&
        (w->csrf_is_new || !str_eq_secret(w->csrf, oauth_arg(r, "csrf_token"))))
        return ctx_fail_public(
            c, ERR_FORBIDDEN, "The form has expired. Go back, load the page again and try once more.");
    if (r->route->who == WHO_USER && w->session == NULL)
        return ctx_fail(c, ERR_UNAUTHORIZED, "no session");
    return ERR_OK;
}

/* ---- pages ----------------------------------------------------------------------------------------------------- */

void
oauth_page_begin(struct ctx *c, struct req *r, struct page_out *p)
{
    struct web *w = oauth_web(r);

    buf_init(&p->b, c->mem, MB(1));
    json_init(&p->j, &p->b);
    json_obj(&p->j, NULL);
    json_str(&p->j, "site", c->env->conf->domain);
    json_str(&p->j, "locale", c->locale);
    if (w != NULL)
        json_str(&p->j, "csrf", w->csrf);
    if (w != NULL && w->user != NULL)
        json_str(&p->j, "me", w->user->email);
}

#define POLICY                                                                                                         \
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action "      \
    "'self'"

void
oauth_page_allow_form(struct ctx *c, struct req *r, struct str source)
{
    res_header(
        c, r, "Content-Security-Policy", str_cat(c->mem, S(POLICY), source.n > 0 ? S(" ") : S(""), source, STR_NONE));
}

void
oauth_page_allow_passkey(struct ctx *c, struct req *r)
{
    res_header(c, r, "Content-Security-Policy", S(POLICY "; script-src 'self'; connect-src 'self'"));
}

enum err
oauth_page_send(struct ctx *c, struct req *r, struct page_out *p, int status, const char *template)
{
    struct web *w = oauth_web(r);
    const struct val *v;
    struct buf html;

    json_end(&p->j);
    if (!json_done(&p->j))
        return ctx_fail(c, ERR_INTERNAL, "page %s is too long", template);
    TRY(view_page_val(c, buf_str(&p->b), &v));
    buf_init(&html, c->mem, MB(4));
    TRY(view_page(c, str_z(template), v, &html));
    res_text(c, r, status, S("text/html; charset=utf-8"), buf_str(&html));
    if (w != NULL && w->csrf_is_new)
        res_cookie(c, r, CSRF_COOKIE, w->csrf, -1);
    for (size_t i = 0; i < r->res.n_headers; i++)
        if (str_eqz(r->res.headers[i].name, "Content-Security-Policy"))
            return ERR_OK;
    oauth_page_allow_form(c, r, S(""));
    return ERR_OK;
}

enum err
oauth_page_message(struct ctx *c, struct req *r, int status, struct str heading, struct str text)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "heading", view_text(c, heading));
    json_str(&p.j, "text", view_text(c, text));
    return oauth_page_send(c, r, &p, status, "auth_message.html");
}

void
oauth_on_error(struct ctx *c, struct req *r, enum err e)
{
    struct web *w = oauth_web(r);
    bool is_get = r->method == HTTP_GET || r->method == HTTP_HEAD;

    if (e == ERR_UNAUTHORIZED && w != NULL && w->session == NULL && is_get) {
        res_redirect(c, r, 302, oauth_with_return(c, S("/auth/sign_in"), r->target));
        return;
    }
    if (oauth_page_message(c, r, err_status(e), S("Something went wrong"), respond_error_text(c, e)) != ERR_OK)
        respond_error(c, r, e);
    else
        respond_error_headers(c, r, e);
}

const struct route_group oauth_pages = {
    .name = "oauth", .before = before, .on_error = oauth_on_error, .vary = "Cookie, Accept-Language"
};

/* ---- beginning and ending ------------------------------------------------------------------------------------ */

enum err
oauth_session_begin(struct ctx *c, struct req *r, const struct user *u)
{
    struct web *w = oauth_web(r);
    struct str token;

    if (w->session != NULL)
        TRY(service_session_end(c, w->session->user_id, w->session->id));
    TRY(service_session_begin(c, u, req_header(c, r, S("User-Agent")), r->client_ip, &token));
    res_cookie(c, r, SESSION_COOKIE, token, SESSION_COOKIE_S);
    res_cookie(c, r, CSRF_COOKIE, S(""), 0);
    w->csrf_is_new = false;
    return ERR_OK;
}

void
oauth_session_forget(struct ctx *c, struct req *r)
{
    res_cookie(c, r, SESSION_COOKIE, S(""), 0);
}

struct str
oauth_why_not(struct ctx *c, const struct user *u)
{
    struct account *a;

    if (u->disabled)
        return S(N_("Your login is currently disabled"));
    if (u->confirmed_ms == 0)
        return S(N_("Your login is missing a confirmed e-mail address"));
    if (!u->approved)
        return S(N_("Your login is currently pending approval"));
    if (service_account_get(c, u->account_id, &a) != ERR_OK || a->suspended_ms != 0) {
        ctx_ok(c);
        return S(N_("Your login is currently disabled"));
    }
    return STR_NONE;
}
