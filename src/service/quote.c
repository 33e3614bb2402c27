/* Quotes by and of our people. */
#include "service/quote.h"

#include "ap/uri.h"
#include "ap/write_collection.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "service/federate.h"
#include "service/published.h"
#include "service/quote_internal.h"
#include "service/status.h"
#include "service/visibility.h"
#include "store/notification.h"
#include "store/quote.h"
#include "store/relation.h"
#include "store/status.h"

enum { REVOKED_AT_ONCE_MAX = 200 };

int
service_quote_policy(enum visibility v, enum quote_choice choice)
{
    return v <= VIS_UNLISTED ? quote_policy(choice) : 0;
}

/* ---- a post that quotes ----------------------------------------------------------------------------------------- */

static enum err
may_not(struct ctx *c)
{
    return ctx_fail_public(c, ERR_NOT_FOUND, "The post you are trying to quote does not exist, or may not be quoted.");
}

enum err
service_quote_draft(struct ctx *c, int64_t id, struct status *s, struct status **out)
{
    enum err e = service_status_get(c, id, out);

    if (e == ERR_OK && (*out)->reblog != NULL)
        *out = (*out)->reblog;
    if (e == ERR_NOT_FOUND || (e == ERR_OK && (*out)->quote_answer == QUOTE_ANSWER_DENIED))
        return may_not(c);
    TRY(e);
    if (s->visibility >= VIS_DIRECT && (*out)->account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Direct messages cannot quote posts of others");
    if ((*out)->visibility == VIS_PRIVATE && s->visibility < VIS_PRIVATE)
        s->visibility = VIS_PRIVATE;
    return ERR_OK;
}

void
service_quote_address(struct ctx *c, const struct status *quoted, struct status *s)
{
    struct mention_ref *v;

    if (s->visibility != VIS_PRIVATE || quoted->account_id == c->who.account_id)
        return;
    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id == quoted->account_id)
            return;
    v = arena_vec(c->mem, struct mention_ref, s->n_mentions + 1);
    for (size_t i = 0; i < s->n_mentions; i++)
        v[i] = s->mentions[i];
    v[s->n_mentions++] = (struct mention_ref){ .account_id = quoted->account_id, .silent = true };
    s->mentions = v;
}

enum err
service_quote_hold(struct ctx *c, int64_t account_id, const struct status *quoted)
{
    struct relation r = { 0 };
    int64_t id = quoted->id;

    if (quoted->account_id != account_id) {
        TRY(store_relation_lock(c, account_id, quoted->account_id));
        TRY(store_relation(c, account_id, quoted->account_id, &r));
    }
    if (r.blocking || r.blocked_by)
        return may_not(c);
    return store_status_hold(c, &(struct ids){ &id, 1 });
}

enum err
service_quote_put(struct ctx *c, const struct status *s, const struct status *quoted)
{
    struct quote q = { .id = id_new(),
        .status_id = s->id,
        .account_id = s->account_id,
        .quoted_id = quoted->id,
        .quoted_account_id = quoted->account_id,
        .quoted_uri = quoted->uri,
        .state = QUOTE_PENDING,
        .approval_uri = S(""),
        .request_uri = S(""),
        .checked_ms = clock_ms(),
        .created_ms = clock_ms() };
    bool own = quoted->account_id == s->account_id;

    if (own || (quoted->local && quoted->quote_answer == QUOTE_ANSWER_AUTOMATIC))
        q.state = QUOTE_ACCEPTED;
    TRY(store_quote_insert(c, &q));
    return service_federate(c, &(struct fed_action){ .kind = FED_QUOTE_REQUEST,
                                   .account_id = s->account_id,
                                   .target_id = quoted->account_id,
                                   .status_id = s->id });
}

/* ---- the policy ------------------------------------------------------------------------------------------------- */

/* A status of the caller, no reblog. */
static enum err
own(struct ctx *c, int64_t id, struct status **out)
{
    TRY(service_status_get(c, id, out));
    if ((*out)->account_id != c->who.account_id || (*out)->reblog_of_id != 0)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld is not the caller's own", (long long)id);
    return ERR_OK;
}

enum err
service_quote_set_policy(struct ctx *c, int64_t id, enum quote_choice choice, struct status **out)
{
    int policy;

    TRY(own(c, id, out));
    policy = service_quote_policy((*out)->visibility, choice);
    if (policy == (*out)->quote_policy)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_status_set_quote_policy(c, id, policy));
    TRY(service_federate(
        c, &(struct fed_action){ .kind = FED_QUOTE_UPDATE, .account_id = c->who.account_id, .status_id = id }));
    TRY(db_commit(c));
    return service_status_get(c, id, out);
}

/* ---- who quotes ------------------------------------------------------------------------------------------------- */

enum err
service_quote_list(struct ctx *c, int64_t id, const struct page *p, struct statuses *out, struct cursor_ids *cursors)
{
    struct status *s;

    TRY(service_status_get(c, id, &s));
    TRY(store_quote_page(c, s->reblog_of_id != 0 ? s->reblog_of_id : id, p, cursors));
    return service_status_load(c, c->who.account_id, VIEW_TIMELINE, &(struct ids){ cursors->id, cursors->n }, out);
}

/* ---- taking consent back ---------------------------------------------------------------------------------------- */

/* Of our post its readers, of another its author. */
static enum err
append_audience(struct ctx *c, const struct status *s, struct strs *out)
{
    struct strs more = { &s->account->inbox, s->account->inbox.n > 0 };

    if (s->local)
        TRY(service_audience_status(c, s, true, &more));
    *out = strs_cat(c->mem, out, &more, NULL);
    return ERR_OK;
}

/* Everybody who may have the stamp: readers of what is quoted, and of the post that quotes, as far as we know them. */
static enum err
tell_revoked(struct ctx *c, const struct quote *q)
{
    const struct ids ids = { (int64_t[]){ q->quoted_id, q->status_id }, 2 };
    struct fed_action a = { .kind = FED_QUOTE_REVOKE,
        .account_id = q->quoted_account_id,
        .object_uri = q->quoted_uri,
        .uri = service_quote_stamp_uri(c, q) };
    struct statuses v;

    if (a.uri.n == 0) /* none was needed */
        return ERR_OK;
    TRY(store_status_list(c, &ids, &v));
    TRY(store_status_fill(c, v.v, v.n, 0));
    for (size_t i = 0; i < v.n; i++) {
        if (v.v[i]->local_only) /* nobody elsewhere knows of it */
            return ERR_OK;
        if (v.v[i]->id == q->status_id)
            a.instrument = v.v[i]->uri;
        TRY(append_audience(c, v.v[i], &a.inboxes));
    }
    TRY(service_audience_drop_suspended(c, &a.inboxes));
    return a.inboxes.n == 0 || a.instrument.n == 0 ? ERR_OK : service_federate(c, &a);
}

static enum err
revoke(struct ctx *c, struct quote *q)
{
    struct str stamp = service_quote_stamp_uri(c, q);

    if (stamp.n > 0)
        TRY(tell_revoked(c, q));
    q->state = QUOTE_REVOKED;
    q->checked_ms = clock_ms();
    TRY(store_quote_set(c, q));
    return store_notification_delete_cause(c, q->quoted_account_id, NOTIFY_QUOTE, q->account_id, q->status_id);
}

enum err
service_quote_revoke(struct ctx *c, int64_t id, int64_t quoting_id, struct status **out)
{
    struct status *mine;
    struct quote *q;

    TRY(service_status_get(c, id, &mine));
    TRY(store_quote_of(c, quoting_id, false, &q));
    if (q->quoted_id != id)
        return ctx_fail(c, ERR_NOT_FOUND, "status %lld does not quote %lld", (long long)quoting_id, (long long)id);
    if (mine->account_id != c->who.account_id)
        return ctx_fail_public(c, ERR_FORBIDDEN, "This action is not allowed");
    TRY(db_begin(c, DB_WRITE));
    TRY(store_quote_get(c, q->id, true, &q));
    if (q->state == QUOTE_ACCEPTED || q->state == QUOTE_PENDING)
        TRY(revoke(c, q));
    TRY(db_commit(c));
    return service_status_get(c, quoting_id, out);
}

enum err
service_quote_revoke_all(struct ctx *c, int64_t account_id, int64_t by)
{
    struct quotes all;

    TRY(store_quote_between(c, account_id, by, REVOKED_AT_ONCE_MAX, &all));
    for (size_t i = 0; i < all.n; i++)
        TRY(revoke(c, &all.v[i]));
    return ERR_OK;
}

/* ---- stamps ----------------------------------------------------------------------------------------------------- */

struct str
service_quote_stamp_uri(struct ctx *c, const struct quote *q)
{
    if (q->state != QUOTE_ACCEPTED || q->account_id == q->quoted_account_id)
        return S("");
    if (!q->quoted_local)
        return q->approval_uri;
    return ap_uri(c->mem, c->env->conf->origin, AP_URI_QUOTE_AUTHORIZATION, q->quoted_account_id, q->id);
}

enum err
service_quote_stamp(struct ctx *c, int64_t account_id, int64_t number, int64_t viewer, struct ap_stamp_out *out)
{
    struct status *quoted, *s;
    struct account *owner;
    struct quote *q;

    TRY(service_published_owner(c, account_id, &owner));
    TRY(store_quote_get(c, number, false, &q));
    if (q->quoted_account_id != account_id || service_quote_stamp_uri(c, q).n == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "no stamp %lld", (long long)number);
    TRY(service_published_status(c, account_id, q->quoted_id, viewer, &quoted));
    TRY(store_status_get(c, q->status_id, &s));
    *out = (struct ap_stamp_out){ .type = AP_QUOTE_AUTHORIZATION,
        .id = service_quote_stamp_uri(c, q),
        .attributed_to = owner->uri,
        .interacting = s->uri,
        .target = quoted->uri };
    return ERR_OK;
}
