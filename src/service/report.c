/* Reports by people here.  Those of other servers are in report_in.c. */
#include "service/report.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "model/instance.h"
#include "service/collection.h"
#include "service/federate.h"
#include "service/internal.h"
#include "service/report_internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/notification.h"
#include "store/report.h"
#include "store/setting.h"
#include "store/user.h"
#include "service/notification.h"
#include "text/unicode.h"

/* All must be there: a report that leaves something out is no help. */
static enum err
check_statuses(struct ctx *c, const struct report_params *p, struct statuses *out)
{
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &p->status_ids, out));
    for (size_t i = 0; i < p->status_ids.n; i++) {
        bool found = false;

        for (size_t k = 0; k < out->n && !found; k++)
            found = out->v[k]->id == p->status_ids.v[i] && out->v[k]->account_id == p->account_id;
        if (!found)
            return ctx_fail(c, ERR_NOT_FOUND, "reported status %lld", (long long)p->status_ids.v[i]);
    }
    return ERR_OK;
}

static enum err
check_collections(struct ctx *c, const struct report_params *p)
{
    struct collections all;

    TRY(service_collection_list(c, &p->collection_ids, &all));
    for (size_t i = 0; i < p->collection_ids.n; i++) {
        bool found = false;

        for (size_t k = 0; k < all.n && !found; k++)
            found = all.v[k].id == p->collection_ids.v[i] && all.v[k].account_id == p->account_id;
        if (!found)
            return ctx_fail(c, ERR_NOT_FOUND, "reported collection %lld", (long long)p->collection_ids.v[i]);
    }
    return ERR_OK;
}

static enum err
check_rules(struct ctx *c, const struct ids *ids)
{
    struct rules all;

    TRY(store_rule_list(c, &all));
    for (size_t i = 0; i < ids->n; i++) {
        bool found = false;

        for (size_t k = 0; k < all.n && !found; k++)
            found = all.v[k].id == ids->v[i];
        if (!found)
            return ctx_fail_public(c, ERR_INVALID, "Validation failed: Rules does not reference valid rules");
    }
    return ERR_OK;
}

static enum err
check(struct ctx *c, const struct report_params *p, struct account **target, struct statuses *posts)
{
    TRY(store_account_get(c, p->account_id, target));
    if (p->account_id == c->who.account_id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: You cannot report yourself");
    if (text_graphemes(p->comment) > REPORT_COMMENT_CHARS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Comment is too long (maximum is %d characters)",
            REPORT_COMMENT_CHARS_MAX);
    TRY(check_rules(c, &p->rule_ids));
    TRY(check_collections(c, p));
    return check_statuses(c, p, posts);
}

static bool
wants(const struct report_params *p, const struct account *target, struct str domain)
{
    if (p->forward_to_domains.n == 0)
        return str_eq(domain, target->domain);
    for (size_t i = 0; i < p->forward_to_domains.n; i++)
        if (str_eqi(str_trim(p->forward_to_domains.v[i]), domain))
            return true;
    return false;
}

/* The reported account's server, and those of people whom the posts answer, when they are among the wanted. */
static enum err
recipients(struct ctx *c, const struct report_params *p, const struct account *target, const struct statuses *posts,
    struct strs *out)
{
    struct ids ids = { arena_vec(c->mem, int64_t, posts->n + 1), 0 };
    struct accounts people;

    *out = (struct strs){ arena_vec(c->mem, struct str, posts->n + 1), 0 };
    if (!p->forward)
        return ERR_OK;
    ids.v[ids.n++] = target->id;
    for (size_t i = 0; i < posts->n; i++)
        if (posts->v[i]->in_reply_to_account_id != 0)
            ids.v[ids.n++] = posts->v[i]->in_reply_to_account_id;
    TRY(store_account_list(c, &ids, &people));
    for (size_t i = 0; i < people.n; i++) {
        const struct account *a = people.v[i];

        if (!account_is_local(a) && a->inbox.n > 0 && wants(p, target, a->domain))
            out->v[out->n++] = service_audience_inbox(c, a->inbox, a->shared_inbox, true);
    }
    return service_audience_drop_suspended(c, out);
}

enum err
service_report_store(struct ctx *c, struct report *r)
{
    struct ids staff;

    r->id = id_new();
    r->created_ms = clock_ms();
    TRY(store_report_insert(c, r));
    TRY(store_user_staff(c, PERM_MANAGE_REPORTS, &staff));
    for (size_t i = 0; i < staff.n; i++)
        TRY(service_notify_report(c, staff.v[i], r));
    return ERR_OK;
}

static enum err
create(struct ctx *c, const struct report_params *p, struct report *r, const struct strs *inboxes)
{
    TRY(service_report_store(c, r));
    if (inboxes->n == 0)
        return ERR_OK;
    return service_federate(c, &(struct fed_action){ .kind = FED_FLAG,
                                   .account_id = r->account_id,
                                   .target_id = r->target_id,
                                   .row_id = r->id,
                                   .inboxes = *inboxes });
}

enum err
service_report_create(struct ctx *c, const struct report_params *p, struct report **out)
{
    struct report *r = arena_new(c->mem, struct report);
    struct account *me, *target;
    struct statuses posts;
    struct strs inboxes;

    TRY(service_me(c, &me));
    TRY(check(c, p, &target, &posts));
    TRY(recipients(c, p, target, &posts, &inboxes));
    *r = (struct report){ .account_id = me->id,
        .target_id = target->id,
        .category = p->category >= 0    ? (enum report_category)p->category
                    : p->rule_ids.n > 0 ? REPORT_VIOLATION
                                        : REPORT_OTHER,
        .comment = p->comment,
        .status_ids = p->status_ids,
        .collection_ids = p->collection_ids,
        .forwarded = inboxes.n > 0 };
    if (r->category == REPORT_VIOLATION)
        r->rule_ids = p->rule_ids;
    TRY(db_begin(c, DB_WRITE));
    TRY(create(c, p, r, &inboxes));
    TRY(db_commit(c));
    TRY(store_account_fill(c, &target, 1));
    r->target = target;
    *out = r;
    return ERR_OK;
}
