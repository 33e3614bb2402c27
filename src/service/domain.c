/* What an operator thinks of other servers: the lists, and changing them. */
#include "service/domain.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/domain_internal.h"
#include "store/setting.h"
#include "text/idna.h"

enum { SAFETY_MS = 10 * MINUTE_MS }; /* when a call that does the work itself is cut off, a job does the rest then */

const char *const domain_severity_names[] = { "noop", "silence", "suspend", NULL };

enum err
domain_normal(struct ctx *c, struct str domain, struct str *out)
{
    if (!text_domain_normal(c->mem, domain, out))
        return ctx_fail_public(c, ERR_INVALID, "%.*s is not a domain", STR_ARG(domain));
    if (str_chr(*out, '.') < 0)
        return ctx_fail_public(c, ERR_INVALID, "%.*s is a whole top-level domain", STR_ARG(domain));
    if (text_domain_within(c->env->conf->domain, *out) || text_domain_within(c->env->conf->host, *out))
        return ctx_fail_public(c, ERR_INVALID, "That is this server");
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
service_domain_allowed(struct ctx *c, struct domain_allows *out)
{
    return store_domain_allow_list(c, out);
}

/* ---- changes ------------------------------------------------------------------------------------------------------- */

/* In the transaction of the change, so that its consequences come whatever happens. */
static enum err
put_job(struct ctx *c, struct str domain, enum domain_when when)
{
    struct job_opts opts = { .run_at_ms = when == DOMAIN_NOW ? clock_ms() + SAFETY_MS : 0, .unique_key = domain };
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "domain", domain);
    json_end(&j);
    CHECK(json_done(&j));
    return queue_put(c, J_APPLY_POLICY, buf_str(&b), &opts);
}

enum err
domain_finish(struct ctx *c, struct str domain, enum domain_when when)
{
    TRY(put_job(c, domain, when));
    TRY(db_commit(c));
    if (when == DOMAIN_LATER)
        return ERR_OK;
    TRY(service_domain_apply(c, domain));
    TRY(db_begin(c, DB_WRITE));
    TRY(queue_cancel(c, J_APPLY_POLICY, domain));
    return db_commit(c);
}

enum err
service_domain_set(struct ctx *c, const struct domain_policy *p, enum domain_when when)
{
    struct domain_policy new = *p, *old;

    TRY(domain_normal(c, p->domain, &new.domain));
    if (utf8_count(p->private_comment) > DOMAIN_COMMENT_CHARS_MAX ||
        utf8_count(p->public_comment) > DOMAIN_COMMENT_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "A comment has at most %d characters", DOMAIN_COMMENT_CHARS_MAX);
    TRY(db_begin(c, DB_WRITE));
    TRY(find(c, new.domain, &old));
    new.created_ms = old != NULL ? old->created_ms : clock_ms();
    TRY(store_domain_policy_put(c, &new));
    return domain_finish(c, new.domain, when);
}

enum err
service_domain_unset(struct ctx *c, struct str domain, enum domain_when when)
{
    struct domain_policy *old;
    struct str name;

    TRY(domain_normal(c, domain, &name));
    TRY(db_begin(c, DB_WRITE));
    TRY(find(c, name, &old));
    if (old == NULL)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no policy for %.*s", STR_ARG(name));
    TRY(store_domain_policy_delete(c, name));
    return domain_finish(c, name, when);
}

enum err
service_domain_allow(struct ctx *c, struct str domain, enum domain_when when)
{
    struct str name;

    TRY(domain_normal(c, domain, &name));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_allow_put(c, name));
    return domain_finish(c, name, when);
}

enum err
service_domain_disallow(struct ctx *c, struct str domain, enum domain_when when)
{
    struct str name;
    bool removed;

    TRY(domain_normal(c, domain, &name));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_domain_allow_delete(c, name, &removed));
    if (!removed)
        return ctx_fail_public(c, ERR_NOT_FOUND, "%.*s is not among the allowed servers", STR_ARG(name));
    return domain_finish(c, name, when);
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
