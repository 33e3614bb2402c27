/* What an operator thinks of other servers. */
#include "service/domain.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "db/db.h"
#include "store/setting.h"
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

/* ---- the published list ------------------------------------------------------------------------------------------ */

/* Nobody, our people, everybody: may the caller? */
static enum err
is_for_caller(struct ctx *c, const char *setting, bool *out, bool *users)
{
    struct str who;

    TRY(store_setting_get(c, setting, S("nobody"), &who));
    *users = str_eqz(who, "users");
    *out = str_eqz(who, "everybody") || (*users && c->who.user_id != 0);
    return ERR_OK;
}

/* The outer characters of the name stay, dots too: whoever knows the domain finds it, nobody else reads it. */
static struct str
obfuscated(struct arena *mem, struct str domain)
{
    char *p = arena_vec(mem, char, domain.n + 1);
    size_t shown = domain.n / 4 + (domain.n < 8);

    for (size_t i = 0; i < domain.n; i++)
        p[i] = i < shown || i + shown >= domain.n || domain.p[i] == '.' ? domain.p[i] : '*';
    return (struct str){ p, domain.n };
}

static struct str
hex(struct arena *mem, struct str bytes)
{
    struct buf b;

    buf_init(&b, mem, 2 * bytes.n + 1);
    buf_put_hex(&b, bytes);
    return buf_str(&b);
}

enum err
service_domain_published(struct ctx *c, struct published_blocks *out)
{
    struct domain_policies all;
    bool shown, users, ignored;

    *out = (struct published_blocks){ 0 };
    TRY(is_for_caller(c, "show_domain_blocks", &shown, &users));
    if (!shown)
        return users ? ctx_fail_public(c, ERR_UNAUTHORIZED, "This method requires an authenticated user")
                     : ctx_fail(c, ERR_NOT_FOUND, "domain blocks are not published");
    TRY(is_for_caller(c, "show_domain_blocks_rationale", &out->with_comments, &ignored));
    TRY(store_domain_policy_list(c, &all));
    out->v = arena_vec(c->mem, struct published_block, all.n);
    for (size_t i = 0; i < all.n; i++) {
        const struct domain_policy *p = &all.v[i];
        struct sha256 digest = sha256(p->domain);

        if (p->severity == DOMAIN_NOOP)
            continue;
        out->v[out->n++] = (struct published_block){
            .domain = p->obfuscate ? obfuscated(c->mem, p->domain) : p->domain,
            .digest = hex(c->mem, sha256_str(&digest)),
            .severity = domain_severity_names[p->severity],
            .comment = out->with_comments ? p->public_comment : S(""),
        };
    }
    return ERR_OK;
}
