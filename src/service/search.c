/* Search: what a URL or handle names, people, hashtags; posts by their words are in search_status.c. */
#include "service/search.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "service/account.h"
#include "service/resolve.h"
#include "service/search_internal.h"
#include "service/trend.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/status.h"
#include "text/link.h"

static bool
wants(const struct search_params *p, enum search_type t)
{
    return p->type == SEARCH_ALL || p->type == (int)t;
}

static bool
is_url(struct str q)
{
    return str_startsi(q, S("https://")) || str_startsi(q, S("http://"));
}

/* What a URL names, when we know it already: a post or a person by id, ours by the URL of the page too. */
static enum err
find_known(struct ctx *c, struct str url, struct account **a, struct status **s)
{
    struct ap_uri u = { 0 };
    enum err e;

    (void)ap_uri_parse_local(c->mem, c->env->conf->origin, url, &u);
    if (u.kind == AP_URI_STATUS || u.kind == AP_URI_PROFILE_STATUS)
        e = store_status_get(c, u.b, s);
    else if (u.kind == AP_URI_PROFILE)
        e = store_account_by_handle(c, u.name, S(""), a);
    else {
        e = store_status_by_uri(c, url, s);
        if (e == ERR_NOT_FOUND)
            e = store_account_by_uri(c, url, a);
    }
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

static enum err
search_url(struct ctx *c, const struct search_params *p, struct search_result *out)
{
    struct account *a = NULL;
    struct status *s = NULL;
    enum err e = ERR_OK;

    if (p->offset > 0)
        return ERR_OK;
    TRY(find_known(c, p->q, &a, &s));
    if (a == NULL && s == NULL && p->resolve) {
        struct budget b = budget_within(10 * SECOND_MS);

        e = service_resolve_url(c, &b, p->q, &a, &s);
        if (e == ERR_BUSY || e == ERR_INTERNAL)
            return e;
        ctx_ok(c); /* nothing there, or not reachable: an empty answer */
    }
    if (s != NULL && wants(p, SEARCH_STATUSES))
        return service_status_load(c, c->who.account_id, VIEW_DIRECT, &(struct ids){ &s->id, 1 }, &out->statuses);
    if (a != NULL && wants(p, SEARCH_ACCOUNTS))
        return service_account_get_many(c, &(struct ids){ &a->id, 1 }, &out->accounts);
    return ERR_OK;
}

/* Those used lately come first. */
static enum err
find_tags(struct ctx *c, const struct search_params *p, struct str name, struct search_result *out)
{
    const struct tag_search q = { .prefix = text_tag_key(c->mem, name),
        .since_day = clock_ms() / DAY_MS - USE_DAYS,
        .reviewed = p->exclude_unreviewed,
        .limit = p->limit,
        .offset = p->offset };

    TRY(store_tag_search(c, &q, &out->tags, &out->n_tags));
    return service_tag_history(c, out->tags, out->n_tags);
}

enum err
service_search(struct ctx *c, const struct search_params *p, struct search_result *out)
{
    struct str tag = str_starts(p->q, S("#")) ? str_sub(p->q, 1, p->q.n) : p->q;

    *out = (struct search_result){ 0 };
    if (p->q.n == 0)
        return ERR_OK;
    if (is_url(p->q))
        return search_url(c, p, out);
    if (wants(p, SEARCH_ACCOUNTS) && tag.n == p->q.n)
        TRY(service_account_search(c, p->q, p->resolve, p->following, p->limit, p->offset, &out->accounts));
    if (wants(p, SEARCH_HASHTAGS) && str_chr(tag, '@') < 0 && text_tag_valid(tag))
        TRY(find_tags(c, p, tag, out));
    if (wants(p, SEARCH_STATUSES))
        TRY(search_statuses(c, p, &out->statuses));
    return ERR_OK;
}
