/* Reports that other servers send. */
#include "service/report.h"

#include "ap/uri.h"
#include "base/conf.h"
#include "base/utf8.h"
#include "db/db.h"
#include "service/domain.h"
#include "service/report_internal.h"
#include "store/account.h"
#include "store/relation.h"
#include "store/report.h"
#include "store/status.h"

enum { OPEN_MAX = 400, COMMENT_BYTES_MAX = 5000, ACCOUNTS_MAX = 10 };

static enum err
is_rejected(struct ctx *c, const struct account *from, bool *out)
{
    struct domain_rule rule;
    int64_t open;

    TRY(service_domain_rule(c, from->domain, &rule));
    TRY(store_report_open_count(c, from->id, &open));
    *out = rule.reject_reports || open >= OPEN_MAX;
    return ERR_OK;
}

/* What the other server may know: public posts, those for followers when it has some, and those that mention somebody there. */
static bool
may_know(const struct status *s, struct str domain, bool has_followers)
{
    if (s->visibility <= VIS_UNLISTED || (s->visibility == VIS_PRIVATE && has_followers))
        return true;
    for (size_t i = 0; i < s->n_mentions; i++)
        if (str_eq(s->mentions[i].domain, domain))
            return true;
    return false;
}

struct flagged {
    struct ids accounts, statuses;
};

/* The accounts and posts of ours among the names. */
static enum err
read_targets(struct ctx *c, const struct strs *targets, struct flagged *out)
{
    struct str origin = c->env->conf->origin;

    out->accounts = (struct ids){ arena_vec(c->mem, int64_t, targets->n), 0 };
    out->statuses = (struct ids){ arena_vec(c->mem, int64_t, targets->n), 0 };
    for (size_t i = 0; i < targets->n; i++) {
        int64_t account = ap_uri_local_account(c->mem, origin, targets->v[i]);
        int64_t status = account != 0 ? 0 : ap_uri_local_status(c->mem, origin, targets->v[i]);

        if (account != 0)
            out->accounts.v[out->accounts.n++] = account;
        else if (status != 0)
            out->statuses.v[out->statuses.n++] = status;
    }
    return ERR_OK;
}

static void
add_once(struct ids *ids, int64_t id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->v[i] == id)
            return;
    ids->v[ids->n++] = id;
}

static enum err
report_one(struct ctx *c, const struct account *from, struct str uri, int64_t target_id, const struct statuses *posts,
    struct str comment)
{
    struct report r = { .uri = uri,
        .account_id = from->id,
        .target_id = target_id,
        .category = REPORT_OTHER,
        .comment = utf8_cut(comment, COMMENT_BYTES_MAX),
        .status_ids = { arena_vec(c->mem, int64_t, posts->n), 0 } };
    struct account *target;
    bool followed;
    enum err e;

    TRY(store_account_get(c, target_id, &target));
    if (!account_is_local(target))
        return ERR_OK;
    TRY(store_followed_from(c, target_id, from->domain, &followed));
    for (size_t i = 0; i < posts->n; i++)
        if (posts->v[i]->account_id == target_id && may_know(posts->v[i], from->domain, followed))
            r.status_ids.v[r.status_ids.n++] = posts->v[i]->id;
    TRY(db_begin(c, DB_WRITE));
    e = db_end(c, service_report_store(c, &r));
    if (e != ERR_CONFLICT) /* it was here before */
        return e;
    ctx_ok(c);
    return ERR_OK;
}

enum err
service_report_received(
    struct ctx *c, struct account *from, struct str uri, const struct strs *targets, struct str comment)
{
    struct flagged f;
    struct statuses posts;
    struct ids who;
    bool rejected;

    TRY(is_rejected(c, from, &rejected));
    if (rejected)
        return ERR_OK;
    TRY(read_targets(c, targets, &f));
    TRY(store_status_list(c, &f.statuses, &posts));
    TRY(store_status_fill(c, posts.v, posts.n, 0));
    who = (struct ids){ arena_vec(c->mem, int64_t, f.accounts.n + posts.n), 0 };
    for (size_t i = 0; i < f.accounts.n; i++)
        add_once(&who, f.accounts.v[i]);
    for (size_t i = 0; i < posts.n; i++)
        add_once(&who, posts.v[i]->account_id);
    for (size_t i = 0; i < who.n && i < ACCOUNTS_MAX; i++) {
        enum err e = report_one(c, from, uri, who.v[i], &posts, comment);

        if (e == ERR_NOT_FOUND)
            ctx_ok(c);
        else
            TRY(e);
    }
    return ERR_OK;
}
