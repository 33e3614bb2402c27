/*
 * Before each handler of the client API: whose token, may it do this, and is the person behind it allowed to act.  The texts are
 * Mastodon's, as clients show them or look for them.  https://docs.joinmastodon.org/api/oauth-tokens/
 */
#include "api/auth.h"

#include "http/params.h"
#include "http/respond.h"
#include "model/scope.h"
#include "service/domain.h"
#include "service/token.h"
#include "view/page.h"

#include <string.h>

enum err
api_bearer(struct ctx *c, struct req *r, struct str *out)
{
    struct str header = req_header(c, r, S("Authorization"));

    *out = STR_NONE;
    if (str_startsi(header, S("Bearer "))) {
        *out = str_trim(str_sub(header, 7, header.n));
        return ERR_OK;
    }
    if (header.p != NULL || (str_find(r->query, S("access_token=")) < 0 && r->body_n == 0 && r->body.n == 0))
        return ERR_OK;
    TRY(params_tree(c, r));
    *out = val_str(val_get(r->args, S("access_token")));
    return ERR_OK;
}

/*
 * Where only allowed servers are exchanged with, strangers read nothing but what logging in needs, and an
 * application is a stranger.
 */
static enum err
check_anonymous(struct ctx *c, const struct route *route)
{
    static const char *const open[] = { "/api/v1/apps", "/api/v2/instance", "/api/oembed" };
    bool limited;

    for (size_t i = 0; i < lengthof(open); i++)
        if (strcmp(route->pattern, open[i]) == 0)
            return ERR_OK;
    TRY(service_domain_limited(c, &limited));
    return limited ? ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user") : ERR_OK;
}

static enum err
check_who(struct ctx *c, const struct route *route, const struct token *t)
{
    const char *why;

    if (route->who == WHO_APP)
        return ERR_OK;
    if (t->user_id == 0)
        return route->who == WHO_ANYONE ? check_anonymous(c, route)
                                        : ctx_fail_public(c, ERR_INVALID, "This method requires an authenticated user");
    if (route->who == WHO_ANY_USER)
        return ERR_OK;
    why = service_token_refusal(t);
    if (why == NULL)
        return ERR_OK;
    if (route->who ==
        WHO_USER) /* not translated, as Mastodon's is not: an app that waits for the confirmation may compare it */
        return ctx_fail_public(c, ERR_FORBIDDEN, "%s", why);
    c->who = (struct who){ .token_id = t->id, .app_id = t->app_id }; /* what is public is theirs to read too */
    return check_anonymous(c, route);
}

static enum err
before(struct ctx *c, struct req *r)
{
    const struct route *route = r->route;
    struct token *t;
    struct str secret;
    enum err e;

    c->locale = view_locale(req_header(c, r, S("Accept-Language")));
    TRY(api_bearer(c, r, &secret));
    if (secret.n == 0)
        return route->who == WHO_ANYONE ? check_anonymous(c, route) : ctx_fail(c, ERR_UNAUTHORIZED, "no token");
    e = service_token_use(c, secret, r->client_ip, &t);
    if (e == ERR_UNAUTHORIZED && route->who == WHO_ANYONE) { /* an old token in an app does not lock it out */
        ctx_ok(c);
        return check_anonymous(c, route);
    }
    TRY(e);
    if (t->locale.n > 0)
        c->locale = t->locale;
    if (!scope_allows(t->scopes, route->scope))
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is outside the authorized scopes");
    return check_who(c, route, t);
}

const struct route_group api_group = { .name = "api", .before = before, .cors = true };
