/*
 * From policies to what is here: accounts that are limited or suspended, follows that end, pictures that go.  Every step compares what is
 * with what should be, so that it may be cut off and begin again.
 */
#include "service/domain_internal.h"

#include "base/clock.h"
#include "base/url.h"
#include "db/db.h"
#include "service/notification.h"
#include "service/relation_internal.h"
#include "store/account.h"
#include "store/media_cache.h"
#include "store/relation.h"
#include "store/severance.h"
#include "text/idna.h"

enum { PORTION = 1000, RELATED = 100, FILES = 100 };

static struct str
host_of(struct ctx *c, struct str uri)
{
    struct url u;

    return url_parse(c->mem, uri, &u) ? u.host : S("");
}

bool
domain_covers(struct ctx *c, struct str domain, const struct domain_account *a)
{
    return domain.n == 0 || text_domain_within(domain_without_port(a->domain), domain) ||
           text_domain_within(host_of(c, a->uri), domain);
}

enum err
domain_each_account(struct ctx *c, struct str domain, domain_account_fn fn, void *arg)
{
    int64_t after = 0;

    for (;;) {
        struct arena_mark mark = arena_save(c->mem);
        struct domain_accounts some;
        size_t n = 0, all;

        TRY(store_domain_accounts(c, after, PORTION, &some));
        all = some.n;
        if (all > 0)
            after = some.v[all - 1].id;
        for (size_t i = 0; i < all; i++)
            if (domain_covers(c, domain, &some.v[i]))
                some.v[n++] = some.v[i];
        some.n = n;
        if (n > 0)
            TRY(fn(c, arg, &some));
        arena_restore(c->mem, mark);
        if (all < PORTION)
            return ERR_OK;
    }
}

/* ---- marks --------------------------------------------------------------------------------------------------------- */

/* What the policies say, whether or not only allowed servers are exchanged with: that mode ends nothing that is here. */
static enum domain_severity
severity_of(const struct domain_rule *r)
{
    if (r->closed && !r->unlisted)
        return DOMAIN_SUSPEND;
    return r->silenced ? DOMAIN_SILENCE : DOMAIN_NOOP;
}

/* The stricter of what holds for the handle and for the id. */
static enum err
rule_of(struct ctx *c, const struct domain_account *a, struct domain_rule *out)
{
    struct str host = host_of(c, a->uri);
    struct domain_rule of_id;

    TRY(service_domain_rule(c, a->domain, out));
    if (host.n == 0 || str_eq(host, domain_without_port(a->domain)))
        return ERR_OK;
    TRY(service_domain_rule(c, host, &of_id));
    of_id.reject_media = out->reject_media = of_id.reject_media || out->reject_media;
    if (severity_of(&of_id) > severity_of(out))
        *out = of_id;
    return ERR_OK;
}

static enum err
mark_one(struct ctx *c, const struct domain_account *a)
{
    int64_t id = a->id;
    struct ids one = { &id, 1 };
    struct domain_rule rule;
    enum domain_severity wanted;

    TRY(rule_of(c, a, &rule));
    wanted = severity_of(&rule);
    if (wanted == a->marked)
        return ERR_OK;
    if (a->marked != DOMAIN_NOOP)
        TRY(store_domain_mark(c, &one, DOMAIN_NOOP, 0));
    return wanted == DOMAIN_NOOP ? ERR_OK : store_domain_mark(c, &one, wanted, rule.since_ms);
}

static enum err
mark(struct ctx *c, void *arg UNUSED, const struct domain_accounts *some)
{
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < some->n; i++)
        TRY(mark_one(c, &some->v[i]));
    return db_commit(c);
}

/* ---- follows ------------------------------------------------------------------------------------------------------- */

/* The record of what this policy took from a person: one, however many portions it takes. */
static enum err
severance_of(struct ctx *c, int64_t account_id, const struct domain_policy *p, int64_t *id)
{
    struct severance s = { .account_id = account_id, .kind = SEVERED_BY_DOMAIN_BLOCK, .target = p->domain };

    TRY(store_severance_find(c, account_id, s.kind, s.target, p->created_ms, id));
    if (*id != 0)
        return ERR_OK;
    TRY(service_notify_severed(c, &s));
    *id = s.id;
    return ERR_OK;
}

static enum err
sever_pair(struct ctx *c, const struct domain_policy *p, struct account *me, struct account *other)
{
    int64_t severance_id, followers, following;
    struct follow *to, *from;

    TRY(store_follow_get(c, me->id, other->id, &to));
    TRY(store_follow_get(c, other->id, me->id, &from));
    if (to != NULL || from != NULL) { /* requests end without a record */
        TRY(severance_of(c, me->id, p, &severance_id));
        TRY(store_severed_keep(c, severance_id, me->id, other->id, &followers, &following));
        TRY(store_severance_add(c, severance_id, followers, following));
    }
    TRY(service_relation_end_follow(c, me, other, END_FAREWELL));
    return service_relation_end_follow(c, other, me, END_FAREWELL);
}

static enum err
sever_some(struct ctx *c, const struct domain_policy *p, int64_t other_id, size_t *n)
{
    struct account *other;
    struct ids people;

    *n = 0;
    TRY(store_domain_related_to(c, other_id, RELATED, &people));
    if (people.n == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_get(c, other_id, &other));
    TRY(store_relation_lock_all(c, other_id, &people));
    for (size_t i = 0; i < people.n; i++) {
        struct account *me;

        TRY(store_account_get(c, people.v[i], &me));
        TRY(sever_pair(c, p, me, other));
    }
    *n = people.n;
    return db_commit(c);
}

/* The policy behind the mark of an account. */
static enum err
policy_of(struct ctx *c, const struct domain_account *a, struct domain_policy **out)
{
    TRY(store_domain_policy(c, domain_without_port(a->domain), out));
    if (*out == NULL || (*out)->severity != DOMAIN_SUSPEND)
        TRY(store_domain_policy(c, host_of(c, a->uri), out));
    return ERR_OK;
}

static enum err
sever(struct ctx *c, struct str domain)
{
    int64_t after = 0;

    for (;;) {
        struct domain_accounts some;

        TRY(store_domain_suspended(c, after, PORTION, &some));
        for (size_t i = 0; i < some.n; i++) {
            struct arena_mark m = arena_save(c->mem);
            struct domain_policy *p;
            size_t n = domain_covers(c, domain, &some.v[i]) ? RELATED : 0;

            if (n > 0)
                TRY(policy_of(c, &some.v[i], &p));
            while (n == RELATED && p != NULL)
                TRY(sever_some(c, p, some.v[i].id, &n));
            arena_restore(c->mem, m);
        }
        if (some.n < PORTION)
            return ERR_OK;
        after = some.v[some.n - 1].id;
    }
}

/* ---- pictures ------------------------------------------------------------------------------------------------------ */

static enum err
release(struct ctx *c, const struct cached_files *files)
{
    if (files->n == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < files->n; i++)
        TRY(store_cached_release(c, &files->v[i]));
    return db_commit(c);
}

static enum err
drop_pictures(struct ctx *c, void *arg UNUSED, const struct domain_accounts *some)
{
    for (size_t i = 0; i < some->n; i++) {
        struct arena_mark m = arena_save(c->mem);
        struct domain_rule rule;
        struct cached_files files;

        TRY(rule_of(c, &some->v[i], &rule));
        do {
            files.n = 0;
            if (rule.reject_media || severity_of(&rule) == DOMAIN_SUSPEND)
                TRY(store_cached_of_account(c, some->v[i].id, FILES, &files));
            TRY(release(c, &files));
        } while (files.n > 0);
        arena_restore(c->mem, m);
    }
    return ERR_OK;
}

static enum err
drop_emoji_of(struct ctx *c, struct str domain)
{
    struct domain_rule rule;
    struct cached_files files;

    TRY(service_domain_rule(c, domain, &rule));
    do {
        files.n = 0;
        if (rule.reject_media || severity_of(&rule) == DOMAIN_SUSPEND)
            TRY(store_cached_of_emoji(c, domain, FILES, &files));
        TRY(release(c, &files));
    } while (files.n > 0);
    return ERR_OK;
}

static enum err
drop_emoji(struct ctx *c, struct str domain)
{
    struct str after = S("");

    for (;;) {
        struct strs some;

        TRY(store_domain_emoji(c, after, PORTION, &some));
        for (size_t i = 0; i < some.n; i++)
            if (domain.n == 0 || text_domain_within(domain_without_port(some.v[i]), domain))
                TRY(drop_emoji_of(c, some.v[i]));
        if (some.n < PORTION)
            return ERR_OK;
        after = some.v[some.n - 1];
    }
}

/* -------------------------------------------------------------------------------------------------------------------- */

enum err
service_domain_apply(struct ctx *c, struct str domain)
{
    TRY(domain_each_account(c, domain, mark, NULL));
    TRY(sever(c, domain));
    TRY(domain_each_account(c, domain, drop_pictures, NULL));
    return drop_emoji(c, domain);
}

static enum err
count(struct ctx *c, void *arg, const struct domain_accounts *some)
{
    struct domain_preview *out = arg;

    out->accounts += (int64_t)some->n;
    for (size_t i = 0; i < some->n; i++) {
        struct ids people;

        TRY(store_domain_related_to(c, some->v[i].id, INT32_MAX, &people));
        out->follows += (int64_t)people.n;
    }
    return ERR_OK;
}

enum err
service_domain_preview(struct ctx *c, struct str domain, struct domain_preview *out)
{
    struct str name;

    *out = (struct domain_preview){ 0 };
    TRY(domain_normal(c, domain, &name));
    return domain_each_account(c, name, count, out);
}
