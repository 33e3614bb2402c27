/* What a reader wants of strangers, and whom they let in. */
#include "store/notification_request.h"

#include "base/buf.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/event.h"
#include "service/notification.h"
#include "service/visibility.h"
#include "store/account.h"

enum err
service_notification_policy(struct ctx *c, struct notification_policy *out)
{
    TRY(store_notification_policy(c, c->who.account_id, out));
    return store_notification_pending(c, c->who.account_id, &out->pending_requests, &out->pending_notifications);
}

enum err
service_notification_policy_set(struct ctx *c, const int v[POLICY_COUNT], struct notification_policy *out)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_notification_policy(c, c->who.account_id, out));
    for (size_t i = 0; i < POLICY_COUNT; i++)
        if (v[i] >= 0)
            out->v[i] = v[i];
    TRY(store_notification_policy_put(c, c->who.account_id, out));
    TRY(db_commit(c));
    return service_notification_policy(c, out);
}

/* Senders and newest posts of all. */
static enum err
fill(struct ctx *c, struct notification_requests *v)
{
    struct ids accounts = { arena_vec(c->mem, int64_t, v->n), v->n }, posts = { arena_vec(c->mem, int64_t, v->n), 0 };
    struct accounts people;
    struct statuses statuses;

    for (size_t i = 0; i < v->n; i++) {
        accounts.v[i] = v->v[i].from_account_id;
        if (v->v[i].last_status_id != 0)
            posts.v[posts.n++] = v->v[i].last_status_id;
    }
    TRY(store_account_list(c, &accounts, &people));
    TRY(store_account_fill(c, people.v, people.n));
    TRY(service_status_load(c, c->who.account_id, VIEW_DIRECT, &posts, &statuses));
    for (size_t i = 0; i < v->n; i++) {
        for (size_t k = 0; k < people.n; k++)
            if (people.v[k]->id == v->v[i].from_account_id)
                v->v[i].from = people.v[k];
        for (size_t k = 0; k < statuses.n; k++)
            if (statuses.v[k]->id == v->v[i].last_status_id)
                v->v[i].last_status = statuses.v[k];
    }
    return ERR_OK;
}

enum err
service_notification_requests(
    struct ctx *c, const struct page *p, struct notification_requests *out, struct cursor_ids *cursors)
{
    TRY(store_notification_request_page(c, c->who.account_id, p, out));
    cursors->id = cursors->cursor = arena_vec(c->mem, int64_t, out->n);
    cursors->n = out->n;
    for (size_t i = 0; i < out->n; i++)
        cursors->cursor[i] = out->v[i].id;
    return fill(c, out);
}

enum err
service_notification_request_get(struct ctx *c, int64_t id, struct notification_request **out)
{
    struct notification_requests v;

    TRY(store_notification_request_list(c, c->who.account_id, &(struct ids){ &id, 1 }, &v));
    if (v.n == 0 || v.v[0].count == 0)
        return ctx_fail(c, ERR_NOT_FOUND, "notification request %lld", (long long)id);
    TRY(fill(c, &v));
    *out = &v.v[0];
    return ERR_OK;
}

static enum err
put_merge_job(struct ctx *c, const struct notification_request *q)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(1));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", q->account_id);
    json_id(&j, "from", q->from_account_id);
    json_end(&j);
    CHECK(json_done(&j));
    return queue_put(c, J_MERGE_NOTIFICATIONS, buf_str(&b), NULL);
}

static enum err
answer(struct ctx *c, const struct notification_request *q, bool accept)
{
    if (accept) {
        TRY(store_notification_permit(c, q->account_id, q->from_account_id, true));
        TRY(put_merge_job(c, q));
    } else {
        TRY(store_notification_filtered_trim(c, q->account_id, q->from_account_id, 0));
    }
    return store_notification_request_delete(c, q->account_id, q->id);
}

enum err
service_notification_requests_answer(struct ctx *c, const struct ids *ids, bool accept, bool must)
{
    struct notification_requests v;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_notification_request_list(c, c->who.account_id, ids, &v));
    if (v.n == 0 && must)
        return ctx_fail(c, ERR_NOT_FOUND, "notification request %lld", ids->n > 0 ? (long long)ids->v[0] : 0LL);
    for (size_t i = 0; i < v.n; i++)
        TRY(answer(c, &v.v[i], accept));
    return db_commit(c);
}

enum err
service_notification_merged(struct ctx *c, bool *out)
{
    bool merging;

    TRY(store_notification_merging(c, c->who.account_id, &merging));
    *out = !merging;
    return ERR_OK;
}

enum err
service_notification_merge(struct ctx *c, int64_t account_id, int64_t from)
{
    bool merging;

    TRY(db_begin(c, DB_WRITE));
    TRY(store_notification_filtered_show(c, account_id, from));
    TRY(store_notification_permit(c, account_id, from, false));
    TRY(store_notification_merging(c, account_id, &merging));
    if (!merging)
        service_event_account(c, EVENT_NOTIFICATIONS_MERGED, account_id, 0);
    return db_commit(c);
}
