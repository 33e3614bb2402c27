/*
 * /auth/welcome: where somebody new stands, and what happens next.  Signing up, the link that confirms the address and the mail of the
 * decision all lead here; who may act goes on to the first steps.
 */
#include "base/conf.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/account.h"
#include "service/user.h"
#include "text/embed.h"
#include "view/page.h"

/* The first steps are a view of the web client; a server that was built without it has none. */
static enum err
go_to_first_steps(struct ctx *c, struct req *r, const struct user *u)
{
    struct str client = text_embed_hashed(text_embed_share(), S("static/client/boot-"), S(".js"));
    struct account *a;

    TRY(service_account_get(c, u->account_id, &a));
    res_redirect(c, r, 302,
        client.p == NULL ? S("/settings/sessions") : str_cat(c->mem, S("/start?as="), a->username, STR_NONE));
    return ERR_OK;
}

static void
put_step(struct ctx *c, struct json *j, const char *text, bool done, bool *is_before)
{
    json_obj(j, NULL);
    json_str(j, "text", view_text(c, str_z(text)));
    json_bool(j, "done", done);
    json_bool(j, "now", !done && *is_before);
    json_end(j);
    *is_before = *is_before && done;
}

enum err
oauth_welcome_page(struct ctx *c, struct req *r, const struct user *u)
{
    bool waits_for_mail = u->confirmed_ms == 0, waits = waits_for_mail || !u->approved, is_before = true;
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "email", u->email);
    json_bool(&p.j, "waits", waits);
    json_bool(&p.j, "waits_for_mail", waits_for_mail);
    json_bool(&p.j, "waits_for_decision", !waits_for_mail && waits);
    json_bool(&p.j, "is_in", oauth_web(r)->session != NULL);
    json_bool(&p.j, "sent", str_eqz(oauth_arg(r, "sent"), "1"));
    json_arr(&p.j, "steps");
    put_step(c, &p.j, N_("You sign up"), true, &is_before);
    if (waits_for_mail || (c->env->conf->confirm_email && c->env->conf->smtp.n > 0))
        put_step(c, &p.j, N_("You confirm your e-mail address"), !waits_for_mail, &is_before);
    if (!u->approved)
        put_step(c, &p.j, N_("A moderator looks at your application"), false, &is_before);
    put_step(c, &p.j, N_("Your first steps"), false, &is_before);
    json_end(&p.j);
    return oauth_page_send(c, r, &p, 200, "auth_welcome.html");
}

enum err
oauth_welcome_get(struct ctx *c, struct req *r)
{
    const struct user *u = oauth_web(r)->user;

    if (u->confirmed_ms == 0 || !u->approved)
        return oauth_welcome_page(c, r, u);
    return go_to_first_steps(c, r, u);
}

/* The mail was lost, or went to where nobody looks. */
enum err
oauth_welcome_again_post(struct ctx *c, struct req *r)
{
    const struct user *u = oauth_web(r)->user;

    if (u->confirmed_ms == 0) {
        TRY(limit_take(c, r, LIMIT_MAIL, str_lower(c->mem, u->email)));
        TRY(service_user_confirm_again(c, S("")));
    }
    res_redirect(c, r, 303, u->confirmed_ms == 0 ? S("/auth/welcome?sent=1") : S("/auth/welcome"));
    return ERR_OK;
}
