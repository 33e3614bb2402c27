/*
 * /remote_follow/@NAME: a visitor whose account is on another server wants to follow somebody of ours.  They say their address; their own
 * server says by WebFinger where its people confirm such things (/authorize_interaction with us), and there they go.
 */
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/account.h"
#include "service/domain.h"
#include "service/resolve.h"
#include "view/page.h"

enum { HANDLE_BYTES_MAX = 500, LOOK_UP_MS = 10 * 1000 };

/* Ours, and shown to strangers. */
static enum err
find(struct ctx *c, struct req *r, struct account **out)
{
    bool limited;

    TRY(service_domain_limited(c, &limited));
    if (limited && oauth_web(r)->session == NULL)
        return ctx_fail(c, ERR_UNAUTHORIZED, "members only");
    TRY(service_account_lookup(c, req_param(r, "name"), out));
    return account_is_local(*out) && (*out)->suspended_ms == 0
               ? ERR_OK
               : ctx_fail(c, ERR_NOT_FOUND, "nobody of ours who can be followed");
}

static enum err
show(struct ctx *c, struct req *r, int status, const struct account *a, struct str error)
{
    struct page_out p;

    oauth_page_begin(c, r, &p);
    json_str(&p.j, "name", a->display_name.n > 0 ? a->display_name : a->username);
    json_str(&p.j, "username", a->username);
    json_str(&p.j, "handle", account_handle(c->mem, a, c->env->conf->domain));
    json_str(&p.j, "mine", oauth_arg(r, "handle"));
    if (error.n > 0)
        json_str(&p.j, "error", error);
    return oauth_page_send(c, r, &p, status, "auth_remote_follow.html");
}

enum err
oauth_remote_follow_get(struct ctx *c, struct req *r)
{
    struct account *a;

    TRY(find(c, r, &a));
    return show(c, r, 200, a, STR_NONE);
}

/* A page with a link that goes on by itself: a redirect would be held by our own form-action. */
static enum err
go_on(struct ctx *c, struct req *r, struct str url)
{
    struct page_out p;
    struct url u;

    if (!url_parse(c->mem, url, &u))
        return ctx_fail(c, ERR_INTERNAL, "no URL after all");
    oauth_page_begin(c, r, &p);
    json_str(&p.j, "url", u.text);
    json_str(&p.j, "host", u.authority);
    res_header(c, r, "Refresh", str_cat(c->mem, S("0; url="), u.text, STR_NONE));
    res_header(c, r, "Referrer-Policy", S("no-referrer"));
    return oauth_page_send(c, r, &p, 200, "auth_remote_go.html");
}

enum err
oauth_remote_follow_post(struct ctx *c, struct req *r)
{
    struct budget b = budget_within(LOOK_UP_MS);
    struct str handle = str_trim(oauth_arg(r, "handle")), username, domain, url;
    struct account *a;
    enum err e;

    TRY(find(c, r, &a));
    if (handle.n > HANDLE_BYTES_MAX || str_rchr(handle, '@') <= 0 || /* a name alone is of no server */
        !service_account_parse_handle(c, handle, &username, &domain))
        return show(
            c, r, err_status(ERR_INVALID), a, view_text(c, S(N_("That is no address like @you@server.example"))));
    e = service_resolve_interaction(c, &b, username, domain, a->uri, &url);
    if (e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID || e == ERR_REMOTE) {
        ctx_ok(c);
        return show(c, r, err_status(ERR_INVALID), a,
            view_text(c, S(N_("That server does not say where its people follow from here. Search there for the "
                              "address below."))));
    }
    TRY(e);
    return go_on(c, r, url);
}
