/* Logging in with e-mail and password, the second factor, logging out. */
#include "base/conf.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/login.h"
#include "service/passkey.h"
#include "service/user.h"
#include "view/page.h"

/* A path of ours; what is anything else goes to the start. */
static struct str
return_to(const struct req *r)
{
    struct str s = oauth_arg(r, "return_to");

    return str_starts(s, S("/")) && !str_starts(s, S("//")) ? s : S("");
}

enum err
oauth_sign_in_form(struct ctx *c, struct req *r, int status, struct str error)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "return_to", return_to(r));
    json_str(&p.j, "email", oauth_arg(r, "email"));
    if (error.n > 0)
        json_str(&p.j, "error", view_text(c, error));
    oauth_page_allow_passkey(c, r);
    return oauth_page_send(c, r, &p, status, "auth_sign_in.html");
}

enum err
oauth_sign_in_code_form(
    struct ctx *c, struct req *r, int status, const struct user *u, struct str ticket, struct str error)
{
    struct passkeys keys;
    struct page_out p;

    TRY(service_passkey_list(c, u->id, &keys));
    oauth_page_begin(c, r, &p);
    json_str(&p.j, "return_to", return_to(r));
    json_str(&p.j, "ticket", ticket);
    json_bool(&p.j, "has_passkeys", keys.n > 0);
    if (error.n > 0)
        json_str(&p.j, "error", view_text(c, error));
    oauth_page_allow_passkey(c, r);
    return oauth_page_send(c, r, &p, status, "auth_code.html");
}

enum err
oauth_sign_in_get(struct ctx *c, struct req *r)
{
    if (oauth_web(r)->session != NULL && !str_eqz(oauth_arg(r, "again"), "1")) {
        res_redirect(c, r, 302, return_to(r).n > 0 ? return_to(r) : S("/settings/sessions"));
        return ERR_OK;
    }
    return oauth_sign_in_form(c, r, 200, STR_NONE);
}

enum err
oauth_sign_in_note(struct ctx *c, struct req *r, int64_t user_id, enum login_method how, bool success)
{
    return service_login_note(c, &(struct login){ .user_id = user_id,
                                     .method = how,
                                     .success = success,
                                     .ip = r->client_ip,
                                     .user_agent = req_header(c, r, S("User-Agent")) });
}

enum err
oauth_sign_in_finish(struct ctx *c, struct req *r, const struct user *u, enum login_method how)
{
    struct str why = u->disabled ? S("Your login is currently disabled") : STR_NONE;

    TRY(oauth_sign_in_note(c, r, u->id, how, why.n == 0));
    if (why.n > 0)
        return oauth_sign_in_form(c, r, err_status(ERR_FORBIDDEN), why);
    TRY(oauth_session_begin(c, r, u));
    res_redirect(c, r, 303, return_to(r).n > 0 ? return_to(r) : S("/settings/sessions"));
    return ERR_OK;
}

enum err
oauth_sign_in_post(struct ctx *c, struct req *r)
{
    struct str email = str_trim(oauth_arg(r, "email")), ticket;
    struct user *u;
    bool needs_code;
    enum err e;

    TRY(limit_take(c, r, LIMIT_LOGIN_NAME, str_lower(c->mem, str_sub(email, 0, 300))));
    e = service_user_log_in(c, email, oauth_arg(r, "password"), S(""), &needs_code, &u);
    if (e == ERR_UNAUTHORIZED && !needs_code) {
        ctx_ok(c);
        TRY(oauth_sign_in_note(c, r, u == NULL ? 0 : u->id, LOGIN_PASSWORD, false));
        return oauth_sign_in_form(c, r, err_status(e), S(N_("The e-mail address or the password is wrong")));
    }
    if (e == ERR_UNAUTHORIZED) {
        ctx_ok(c);
        TRY(service_user_ticket(c, u, &ticket));
        return oauth_sign_in_code_form(c, r, 200, u, ticket, STR_NONE);
    }
    TRY(e);
    return oauth_sign_in_finish(c, r, u, LOGIN_PASSWORD);
}

enum err
oauth_sign_in_code_post(struct ctx *c, struct req *r)
{
    struct str ticket = oauth_arg(r, "ticket");
    struct user *u;
    enum err e = service_user_ticket_open(c, ticket, &u);
    bool ok;

    if (e == ERR_INVALID)
        return oauth_sign_in_form(c, r, err_status(ERR_UNAUTHORIZED), S(N_("That took too long. Log in again.")));
    TRY(e);
    TRY(limit_take_id(c, r, LIMIT_SECOND_FACTOR, u->id));
    TRY(service_user_use_code(c, u->id, oauth_arg(r, "code"), &ok));
    if (!ok) {
        TRY(oauth_sign_in_note(c, r, u->id, LOGIN_CODE, false));
        return oauth_sign_in_code_form(c, r, err_status(ERR_UNAUTHORIZED), u, ticket, S("The code is wrong"));
    }
    return oauth_sign_in_finish(c, r, u, LOGIN_CODE);
}

enum err
oauth_sign_out_post(struct ctx *c, struct req *r)
{
    struct web *w = oauth_web(r);

    if (w->session != NULL)
        TRY(service_session_end(c, w->session->user_id, w->session->id));
    oauth_session_forget(c, r);
    res_redirect(c, r, 303, S("/auth/sign_in"));
    return ERR_OK;
}
