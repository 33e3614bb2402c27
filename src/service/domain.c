/* What an operator thinks of other servers. */
#include "service/domain.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "db/db.h"
#include "text/idna.h"

enum { PORTION = 1000, COMMENT_CHARS_MAX = 2000 };

const char *const domain_severity_names[] = { "noop", "silence", "suspend", NULL };

static enum err
normal(struct ctx *c, struct str domain, struct str *out)
{
    if (!text_domain_normal(c->mem, domain, out))
        return ctx_fail_public(c, ERR_INVALID, "%.*s is not a domain", STR_ARG(domain));
    if (str_eq(*out, c->env->conf->domain) || str_eq(*out, c->env->conf->host))
        return ctx_fail_public(c, ERR_INVALID, "That is this server");
    return ERR_OK;
}

/* Short transactions, as there may be many accounts. */
static enum err
mark(struct ctx *c, const struct domain_policy *p, bool on)
{
    int64_t after = 0;

    do {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_domain_mark(c, p->domain, p->severity, on, p->created_ms, PORTION, &after));
        TRY(db_commit(c));
    } while (after != 0);
    return ERR_OK;
}

/* The policy of exactly this domain, or NULL. */
static enum err
find(struct ctx *c, struct str domain, struct domain_policy **out)
{
    TRY(store_domain_policy(c, domain, out));
    if (*out != NULL && !str_eq((*out)->domain, domain))
        *out = NULL;
    return ERR_OK;
}

enum err
service_domain_list(struct ctx *c, struct domain_policies *out)
{
    return store_domain_policy_list(c, out);
}

enum err
service_domain_set(struct ctx *c, const struct domain_policy *p)
{
    struct domain_policy new = *p, *old;

    TRY(normal(c, p->domain, &new.domain));
    if (utf8_count(p->private_comment) > COMMENT_CHARS_MAX || utf8_count(p->public_comment) > COMMENT_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "A comment has at most %d characters", COMMENT_CHARS_MAX);
    TRY(find(c, new.domain, &old));
    new.created_ms = old != NULL ? old->created_ms : clock_ms();
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_policy_put(c, &new)); /* first, so that nobody new slips through */
    TRY(db_commit(c));
    if (old != NULL && old->severity != new.severity)
        TRY(mark(c, old, false));
    return mark(c, &new, true);
}

enum err
service_domain_allow(struct ctx *c, struct str domain)
{
    struct domain_policy *old;
    struct str name;

    TRY(normal(c, domain, &name));
    TRY(find(c, name, &old));
    if (old == NULL)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no policy for %.*s", STR_ARG(name));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_policy_delete(c, name));
    TRY(db_commit(c));
    return mark(c, old, false);
}
