/* The way back for who forgot the password.  Nothing here says whether an address is known. */
#include "base/conf.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/user.h"
#include "view/page.h"

enum err
oauth_forgot_get(struct ctx *c, struct req *r)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    return oauth_page_send(c, r, &p, 200, "auth_forgot.html");
}

enum err
oauth_forgot_post(struct ctx *c, struct req *r)
{
    struct str email = str_trim(oauth_arg(r, "email"));

    TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, str_sub(email, 0, 300))));
    TRY(service_user_request_reset(c, email));
    return oauth_page_message(
        c, r, 200, S("Check your mail"), S("If we know this address, a link to choose a new password is on its way."));
}

static enum err
show_reset(struct ctx *c, struct req *r, int status, struct str error)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "token", oauth_arg(r, "reset_password_token"));
    if (error.n > 0)
        json_str(&p.j, "error", view_text(c, error));
    return oauth_page_send(c, r, &p, status, "auth_reset.html");
}

enum err
oauth_reset_get(struct ctx *c, struct req *r)
{
    res_header(c, r, "Referrer-Policy", S("no-referrer")); /* the address holds the token */
    return show_reset(c, r, 200, STR_NONE);
}

enum err
oauth_reset_post(struct ctx *c, struct req *r)
{
    enum err e = service_user_reset(c, oauth_arg(r, "reset_password_token"), oauth_arg(r, "password"));

    if (e == ERR_INVALID)
        return show_reset(c, r, err_status(e), respond_error_text(c, e));
    if (e == ERR_NOT_FOUND)
        return oauth_page_message(c, r, err_status(ERR_INVALID), S("Choose a new password"),
            S("This link was used before or is too old. Ask for a new one."));
    TRY(e);
    return oauth_page_message(
        c, r, 200, S("Thank you"), S("Your password is changed. Everything that was logged in is logged out."));
}
