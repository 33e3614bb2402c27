/*
 * /authorize_interaction: somebody on a page elsewhere wants to follow, favourite or boost with their account here.  The page shows what
 * is meant and does nothing by itself; a button does.  FEP-3b86, and what OStatus called remote follow.
 */
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/account.h"
#include "service/relation.h"
#include "service/resolve.h"
#include "service/status.h"
#include "text/html.h"
#include "view/page.h"

enum { URI_BYTES_MAX = 2048, LOOK_UP_MS = 15 * 1000 };

/* Exactly one is set. */
struct meant {
    struct account *account;
    struct status *status;
};

static enum err
find_person(struct ctx *c, struct str handle, struct account **out)
{
    struct budget b = budget_within(LOOK_UP_MS);
    struct str username, domain;

    if (!service_account_parse_handle(c, handle, &username, &domain))
        return ctx_fail(c, ERR_NOT_FOUND, "neither an address nor a handle");
    return domain.n == 0 ? service_account_lookup(c, username, out)
                         : service_resolve_handle(c, &b, username, domain, out);
}

/* A URL of a profile or post, acct:name@host, or name@host; a post only when the caller may see it. */
static enum err
find(struct ctx *c, struct str uri, struct meant *out)
{
    struct budget b = budget_within(LOOK_UP_MS);
    struct resolved found;

    *out = (struct meant){ 0 };
    uri = str_trim(uri);
    if (uri.n == 0 || uri.n > URI_BYTES_MAX)
        return ctx_fail(c, ERR_NOT_FOUND, "no address");
    if (str_find(uri, S("://")) < 0)
        return find_person(c, uri, &out->account);
    TRY(service_resolve_url(c, &b, uri, &found));
    out->account = found.account;
    if (found.account != NULL)
        return ERR_OK;
    return found.status != NULL ? service_status_get(c, found.status->id, &out->status)
                                : ctx_fail(c, ERR_NOT_FOUND, "neither an account nor a post");
}

/* What others cannot or will not give is, for the person before the page, not there. */
static enum err
find_or_say(struct ctx *c, struct req *r, struct meant *out)
{
    enum err e = find(c, oauth_arg(r, "uri"), out);

    if (e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID || e == ERR_REMOTE)
        return ctx_fail_public(c, ERR_NOT_FOUND, "Nothing was found at this address.");
    return e;
}

/* Where it is shown here. */
static struct str
path_of(struct ctx *c, const struct meant *m)
{
    const struct account *a = m->account != NULL ? m->account : m->status->account;
    struct str path = str_cat(c->mem, S("/@"), account_acct(c->mem, a), STR_NONE);

    return m->account != NULL ? path : str_fmt(c->mem, "%.*s/%lld", STR_ARG(path), (long long)m->status->id);
}

static void
put_person(struct ctx *c, struct json *j, const struct account *a)
{
    json_str(j, "name", a->display_name.n > 0 ? a->display_name : a->username);
    json_str(j, "handle", account_handle(c->mem, a, c->env->conf->domain));
}

enum err
oauth_interact_get(struct ctx *c, struct req *r)
{
    struct str why = oauth_why_not(c, oauth_web(r)->user);
    struct relations rel;
    struct page_out p;
    struct meant m;

    if (why.n > 0)
        return oauth_page_message(c, r, err_status(ERR_FORBIDDEN), S("Something went wrong"), why);
    TRY(find_or_say(c, r, &m));
    oauth_page_begin(c, r, &p);
    json_str(&p.j, "uri", m.account != NULL ? m.account->uri : m.status->uri);
    json_str(&p.j, "path", path_of(c, &m));
    put_person(c, &p.j, m.account != NULL ? m.account : m.status->account);
    if (m.account != NULL) {
        TRY(service_relation_list(c, &(struct ids){ &m.account->id, 1 }, false, &rel));
        json_bool(&p.j, "is_account", true);
        json_bool(&p.j, "is_me", m.account->id == c->who.account_id);
        json_bool(&p.j, "following", rel.n > 0 && (rel.v[0].following || rel.v[0].requested));
    } else {
        json_bool(&p.j, "is_post", true);
        json_str(&p.j, "warning", m.status->spoiler_text);
        json_str(&p.j, "content", text_html_to_plain(c->mem, m.status->content));
        json_bool(&p.j, "favourited", m.status->favourited);
        json_bool(&p.j, "reblogged", m.status->reblogged);
    }
    return oauth_page_send(c, r, &p, 200, "auth_interact.html");
}

static enum err
follow(struct ctx *c, const struct meant *m)
{
    const struct follow_params p = { .reblogs = -1, .notify = -1 };
    struct relation rel;

    return m->account == NULL ? ctx_fail(c, ERR_INVALID, "a post is not followed")
                              : service_relation_follow(c, m->account->id, &p, &rel);
}

static enum err
favourite(struct ctx *c, const struct meant *m)
{
    struct status *s;

    return m->status == NULL ? ctx_fail(c, ERR_INVALID, "no post")
                             : service_status_favourite(c, m->status->id, true, &s);
}

static enum err
reblog(struct ctx *c, const struct meant *m)
{
    struct status *s;

    return m->status == NULL ? ctx_fail(c, ERR_INVALID, "no post") : service_status_reblog(c, m->status->id, -1, &s);
}

static const struct {
    const char *name;
    enum err (*act)(struct ctx *c, const struct meant *m);
} acts[] = { { "follow", follow }, { "favourite", favourite }, { "reblog", reblog } };

enum err
oauth_interact_post(struct ctx *c, struct req *r)
{
    struct str wanted = oauth_arg(r, "act"), why = oauth_why_not(c, oauth_web(r)->user);
    struct account *me;
    struct meant m;

    if (why.n > 0)
        return oauth_page_message(c, r, err_status(ERR_FORBIDDEN), S("Something went wrong"), why);
    TRY(find_or_say(c, r, &m));
    TRY(service_account_get(c, c->who.account_id, &me));
    c->who.moved = me->moved_to_id != 0;
    for (size_t i = 0; i < lengthof(acts); i++)
        if (str_eqz(wanted, acts[i].name)) {
            TRY(acts[i].act(c, &m));
            res_redirect(c, r, 303,
                str_cat(c->mem, S("/authorize_interaction?uri="),
                    url_encode(c->mem, m.account != NULL ? m.account->uri : m.status->uri), STR_NONE));
            return ERR_OK;
        }
    return ctx_fail(c, ERR_INVALID, "nothing that can be done here: %.*s", STR_ARG(str_sub(wanted, 0, 50)));
}
