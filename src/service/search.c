/* Search: what a URL or handle names, people, hashtags; posts by their words are in search_status.c. */
#include "service/search.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "service/account.h"
#include "service/collection.h"
#include "service/resolve.h"
#include "service/search_internal.h"
#include "service/trend.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/collection.h"
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

static enum err
maybe(struct ctx *c, enum err e)
{
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
find_collection(struct ctx *c, struct str url, struct resolved *out)
{
    struct collection *k = NULL;

    TRY(maybe(c, store_collection_by_uri(c, url, &k)));
    out->collection_id = k != NULL ? k->id : 0;
    return ERR_OK;
}

/* What a URL names, when we know it already: a post, a person or a collection by id, ours by the URL of the page too. */
static enum err
find_known(struct ctx *c, struct str url, struct resolved *out)
{
    struct ap_uri u = { 0 };

    (void)ap_uri_parse_local(c->mem, c->env->conf->origin, url, &u);
    if (u.kind == AP_URI_STATUS || u.kind == AP_URI_PROFILE_STATUS)
        return maybe(c, store_status_get(c, u.b, &out->status));
    if (u.kind == AP_URI_PROFILE)
        return maybe(c, store_account_by_handle(c, u.name, S(""), &out->account));
    if (u.kind == AP_URI_FEATURED_COLLECTION || u.kind == AP_URI_COLLECTION) {
        out->collection_id = u.b;
        return ERR_OK;
    }
    TRY(maybe(c, store_status_by_uri(c, url, &out->status)));
    if (out->status == NULL)
        TRY(maybe(c, store_account_by_uri(c, url, &out->account)));
    return out->status != NULL || out->account != NULL ? ERR_OK : find_collection(c, url, out);
}

static enum err
search_url(struct ctx *c, const struct search_params *p, struct search_result *out)
{
    struct resolved x = { 0 };

    if (p->offset > 0)
        return ERR_OK;
    TRY(find_known(c, p->q, &x));
    if (x.account == NULL && x.status == NULL && x.collection_id == 0 && p->resolve) {
        struct budget b = budget_within(10 * SECOND_MS);
        enum err e = service_resolve_url(c, &b, p->q, &x);

        if (e == ERR_BUSY || e == ERR_INTERNAL)
            return e;
        ctx_ok(c); /* nothing there, or not reachable: an empty answer */
    }
    if (x.status != NULL && wants(p, SEARCH_STATUSES))
        return service_status_load(
            c, c->who.account_id, VIEW_DIRECT, &(struct ids){ &x.status->id, 1 }, &out->statuses);
    if (x.account != NULL && wants(p, SEARCH_ACCOUNTS))
        return service_account_get_many(c, &(struct ids){ &x.account->id, 1 }, &out->accounts);
    if (x.collection_id != 0 && wants(p, SEARCH_COLLECTIONS))
        return service_collection_list(c, &(struct ids){ &x.collection_id, 1 }, &out->collections);
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
    return service_tag_fill(c, out->tags, out->n_tags);
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
