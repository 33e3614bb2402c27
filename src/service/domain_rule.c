/* The one decision about another server. */
#include "service/domain_internal.h"

#include "base/conf.h"
#include "base/url.h"
#include "text/idna.h"

struct str
domain_without_port(struct str authority)
{
    ptrdiff_t colon = str_rchr(authority, ':');

    return colon < 0 || authority.p[authority.n - 1] == ']' ? authority : str_sub(authority, 0, (size_t)colon);
}

/* Policies know names: no port, no final dot, A-labels in lower case.  An address keeps its text. */
static struct str
name_of(struct ctx *c, struct str authority)
{
    struct str host = domain_without_port(authority), out;

    return text_domain_normal(c->mem, host, &out) ? out : host;
}

static bool
is_ours(const struct ctx *c, struct str authority, struct str name)
{
    const struct config *conf = c->env->conf;

    return str_eq(authority, conf->domain) || str_eq(authority, conf->host) || str_eq(name, conf->host) ||
           str_eq(name, conf->domain);
}

static void
decide(const struct domain_said *said, struct domain_rule *out)
{
    const struct domain_policy *p = said->policy;
    bool suspended = p != NULL && p->severity == DOMAIN_SUSPEND, allowed = said->allowed.n > 0;

    *out = (struct domain_rule){ 0 };
    if (p != NULL)
        *out = (struct domain_rule){ .silenced = p->severity == DOMAIN_SILENCE,
            .reject_media = p->reject_media,
            .reject_reports = p->reject_reports,
            .since_ms = p->created_ms };
    if (suspended && allowed && !said->limited && said->allowed.n >= p->domain.n)
        suspended = false;
    out->unlisted = said->limited && !allowed && !suspended;
    out->closed = suspended || out->unlisted;
}

enum err
service_domain_rule(struct ctx *c, struct str authority, struct domain_rule *out)
{
    struct str name = name_of(c, authority);
    struct domain_said said;

    *out = (struct domain_rule){ 0 };
    if (is_ours(c, authority, name))
        return ERR_OK;
    TRY(store_domain_said(c, name, &said));
    decide(&said, out);
    return ERR_OK;
}

enum err
service_domain_rule_of(struct ctx *c, struct str uri, struct domain_rule *out)
{
    struct url u;

    *out = (struct domain_rule){ .closed = true };
    return url_parse(c->mem, uri, &u) ? service_domain_rule(c, u.authority, out) : ERR_OK;
}

enum err
service_domain_check(struct ctx *c, struct str authority)
{
    struct domain_rule rule;

    TRY(service_domain_rule(c, authority, &rule));
    if (rule.closed)
        return ctx_fail(c, ERR_FORBIDDEN, "%.*s is %s", STR_ARG(authority),
            rule.unlisted ? "not among the allowed servers" : "suspended here");
    return ERR_OK;
}

enum err
service_domain_limited(struct ctx *c, bool *out)
{
    struct domain_said said;

    TRY(store_domain_said(c, S(""), &said));
    *out = said.limited;
    return ERR_OK;
}
