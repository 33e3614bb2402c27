/* Who is told what: rules that drop a notification, the reader's policy that keeps it back, and the group that it joins. */
#include "service/notification.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "service/event.h"
#include "service/notification_mail.h"
#include "service/push.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/notification.h"
#include "store/notification_request.h"
#include "store/relation.h"
#include "store/severance.h"
#include "store/status.h"

enum {
    FILTERED_MAX = 100,  /* kept of one sender */
    REQUESTS_MAX = 1000, /* of one reader */
    THREAD_MAX = 100,    /* how far up an answer may be from what it answers */
};
#define NEW_ACCOUNT_MS (30 * (int64_t)DAY_MS)
#define NEW_FOLLOWER_MS (3 * (int64_t)DAY_MS)

/* What the decision is about. */
struct told {
    const struct notification_trait *trait;
    enum notification_kind kind;
    struct account *to, *by;
    struct relation rel;   /* of the reader to the sender */
    struct status *status; /* or NULL */
};

/* Moderators are heard, also by those who muted them or want to hear of nobody; not across a block. */
static enum err
from_staff(struct ctx *c, const struct told *t, bool *out)
{
    struct account *both[] = { t->by, t->to };

    *out = false;
    if (!t->trait->message || !account_is_local(t->by))
        return ERR_OK;
    TRY(store_account_fill(c, both, lengthof(both)));
    *out = t->by->role != NULL && t->to->role == NULL &&
           (t->by->role->permissions & (PERM_ADMINISTRATOR | PERM_MANAGE_REPORTS | PERM_MANAGE_USERS)) != 0;
    return ERR_OK;
}

/* A message that answers or also mentions somebody whom the reader blocked or muted. */
static enum err
bad_company(struct ctx *c, const struct told *t, bool *out)
{
    const struct status *s = t->status;
    struct ids others = { arena_vec(c->mem, int64_t, s->n_mentions + 1), 0 };
    struct relations rel;

    for (size_t i = 0; i < s->n_mentions; i++)
        if (s->mentions[i].account_id != t->to->id)
            others.v[others.n++] = s->mentions[i].account_id;
    if (s->in_reply_to_account_id != 0 && s->in_reply_to_account_id != t->to->id)
        others.v[others.n++] = s->in_reply_to_account_id;
    TRY(store_relations_visible(c, t->to->id, &others, &rel));
    *out = false;
    for (size_t i = 0; i < rel.n; i++)
        *out = *out || rel.v[i].blocking || (rel.v[i].muting && rel.v[i].muting_notifications);
    return ERR_OK;
}

static enum err
silenced_by_reader(struct ctx *c, const struct told *t, bool *out)
{
    const struct relation *r = &t->rel;

    *out = (r->muting && r->muting_notifications) || (r->domain_blocking && !r->following);
    if (*out || t->status == NULL)
        return ERR_OK;
    if (t->status->conversation_id != 0)
        TRY(store_conversation_muted(c, t->to->id, t->status->conversation_id, out));
    if (!*out && t->trait->message)
        TRY(bad_company(c, t, out));
    return ERR_OK;
}

/* A private message that answers none of the reader's own to its sender. */
static enum err
uninvited(struct ctx *c, const struct told *t, bool *out)
{
    struct ids thread;
    bool answers = false;

    *out = t->kind == NOTIFY_MENTION && t->status->visibility == VIS_DIRECT;
    if (!*out || t->status->in_reply_to_id == 0)
        return ERR_OK;
    TRY(store_status_ancestors(c, t->status->id, THREAD_MAX, &thread, NULL));
    if (thread.n > 0)
        TRY(store_notification_answers(c, &thread, t->to->id, t->by->id, &answers));
    *out = !answers;
    return ERR_OK;
}

/* Followers of less than three days are strangers still: a follow shall not open the door at once. */
static enum err
not_follower(struct ctx *c, const struct told *t, bool *out)
{
    struct follow *f;

    TRY(store_follow_get(c, t->by->id, t->to->id, &f));
    *out = f == NULL || f->created_ms > clock_ms() - NEW_FOLLOWER_MS;
    return ERR_OK;
}

/* The strictest of the actions for every sort of stranger that the sender is. */
static enum err
ask_policy(struct ctx *c, const struct told *t, int *out)
{
    struct notification_policy policy;
    bool is[POLICY_COUNT] = { 0 }, permitted, stranger = !t->rel.following;

    *out = NOTIFY_ACCEPT;
    TRY(store_notification_policy(c, t->to->id, &policy));
    is[POLICY_NOT_FOLLOWING] = stranger;
    is[POLICY_NEW_ACCOUNTS] = stranger && t->by->created_ms > clock_ms() - NEW_ACCOUNT_MS;
    is[POLICY_LIMITED_ACCOUNTS] = stranger && t->by->silenced_ms != 0;
    is[POLICY_BOTS] = stranger && t->by->bot;
    if (policy.v[POLICY_NOT_FOLLOWERS] != NOTIFY_ACCEPT)
        TRY(not_follower(c, t, &is[POLICY_NOT_FOLLOWERS]));
    if (stranger && policy.v[POLICY_PRIVATE_MENTIONS] != NOTIFY_ACCEPT)
        TRY(uninvited(c, t, &is[POLICY_PRIVATE_MENTIONS]));
    for (int k = 0; k < POLICY_COUNT; k++)
        if (is[k])
            *out = MAX(*out, policy.v[k]);
    if (*out == NOTIFY_ACCEPT)
        return ERR_OK;
    TRY(store_notification_permitted(c, t->to->id, t->by->id, &permitted));
    if (permitted)
        *out = NOTIFY_ACCEPT;
    return ERR_OK;
}

static enum err
decide(struct ctx *c, const struct told *t, int *out)
{
    bool drop, staff;

    *out = NOTIFY_DROP;
    if (t->rel.blocking || t->rel.blocked_by)
        return ERR_OK;
    TRY(silenced_by_reader(c, t, &drop));
    if (!drop && t->trait->filterable)
        TRY(ask_policy(c, t, out));
    else if (!drop)
        *out = NOTIFY_ACCEPT;
    if (*out == NOTIFY_ACCEPT)
        return ERR_OK;
    TRY(from_staff(c, t, &staff));
    if (staff)
        *out = NOTIFY_ACCEPT;
    return ERR_OK;
}

/* A filtered message waits in the request of its sender; both are bounded, the oldest go. */
static enum err
ask_consent(struct ctx *c, const struct told *t)
{
    struct notification_requests surplus;

    TRY(store_notification_filtered_trim(c, t->to->id, t->by->id, FILTERED_MAX));
    if (!t->trait->message)
        return ERR_OK;
    TRY(store_notification_request_put(c, id_new(), t->to->id, t->by->id, clock_ms()));
    TRY(store_notification_request_surplus(c, t->to->id, REQUESTS_MAX, &surplus));
    for (size_t i = 0; i < surplus.n; i++) {
        TRY(store_notification_filtered_trim(c, t->to->id, surplus.v[i].from_account_id, 0));
        TRY(store_notification_request_delete(c, t->to->id, surplus.v[i].id));
    }
    return ERR_OK;
}

/* The newest group of its sort takes it, unless that began too long ago. */
static enum err
join_group(struct ctx *c, struct notification *n)
{
    int64_t hour = clock_ms() / HOUR_MS, begin;

    n->group_on = notification_traits[n->kind].on_status ? n->status_id : 0;
    TRY(store_notification_group_begin(c, n->account_id, n->kind, n->group_on, &begin));
    n->group_hour = begin != 0 && hour < begin + GROUP_SPAN_HOURS ? begin : hour;
    return ERR_OK;
}

static enum err
put(struct ctx *c, struct notification *n, const struct told *t)
{
    bool added;

    n->id = id_new();
    n->created_ms = clock_ms();
    if (t->trait->grouped && !n->filtered)
        TRY(join_group(c, n));
    TRY(store_notification_put(c, n, &added));
    if (added && n->filtered)
        return ask_consent(c, t);
    if (!added)
        return ERR_OK;
    service_event_account(c, EVENT_NOTIFICATION, n->account_id, n->id);
    TRY(service_notification_mail_put(c, n));
    return service_push_notify(c, n, &t->rel);
}

static enum err
load_status(struct ctx *c, int64_t account_id, int64_t status_id, struct status **out, bool *visible)
{
    TRY(store_status_get(c, status_id, out));
    TRY(store_status_fill(c, out, 1, 0));
    return service_visible(c, account_id, VIEW_DIRECT, out, 1, visible);
}

/* NOT_FOUND: one of them went since whoever tells many of it looked. */
static enum err
load(struct ctx *c, const struct notification *n, struct told *t, bool *visible)
{
    *visible = true;
    TRY(store_account_get(c, n->account_id, &t->to));
    TRY(store_account_get(c, n->from_account_id, &t->by));
    return n->status_id == 0 ? ERR_OK : load_status(c, n->account_id, n->status_id, &t->status, visible);
}

static enum err
notify(struct ctx *c, const struct notification *n)
{
    int64_t account_id = n->account_id, from = n->from_account_id, status_id = n->status_id;
    enum notification_kind kind = n->kind;
    struct told t = { .trait = &notification_traits[kind], .kind = kind };
    bool visible;
    int action;
    enum err e;

    if (account_id == from && !t.trait->from_self)
        return ERR_OK;
    e = load(c, n, &t, &visible);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (!visible || !account_is_local(t.to) || t.to->suspended_ms != 0 || t.by->suspended_ms != 0)
        return ERR_OK;
    TRY(store_relation(c, account_id, from, &t.rel));
    TRY(decide(c, &t, &action));
    if (action == NOTIFY_DROP)
        return ERR_OK;
    return put(c,
        &(struct notification){ .account_id = account_id,
            .from_account_id = from,
            .kind = kind,
            .status_id = status_id,
            .collection_id = n->collection_id,
            .filtered = action == NOTIFY_FILTER },
        &t);
}

enum err
service_notify(struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return notify(c, &(struct notification){
                         .account_id = account_id, .kind = kind, .from_account_id = from, .status_id = status_id });
}

enum err
service_notify_collection(
    struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t collection_id)
{
    return notify(
        c, &(struct notification){
               .account_id = account_id, .kind = kind, .from_account_id = from, .collection_id = collection_id });
}

enum err
service_unnotify(struct ctx *c, int64_t account_id, enum notification_kind kind, int64_t from, int64_t status_id)
{
    return store_notification_delete_cause(c, account_id, kind, from, status_id);
}

enum err
service_notify_severed(struct ctx *c, struct severance *s)
{
    struct told t = { .trait = &notification_traits[NOTIFY_SEVERED], .kind = NOTIFY_SEVERED };

    s->id = id_new();
    s->created_ms = clock_ms();
    TRY(store_severance_put(c, s));
    return put(c,
        &(struct notification){ .account_id = s->account_id,
            .from_account_id = s->account_id,
            .kind = NOTIFY_SEVERED,
            .severance_id = s->id },
        &t);
}

/* Staff hear of every report, also of one by somebody whom they block. */
enum err
service_notify_report(struct ctx *c, int64_t account_id, const struct report *r)
{
    struct told t = { .trait = &notification_traits[NOTIFY_ADMIN_REPORT], .kind = NOTIFY_ADMIN_REPORT };

    if (account_id == r->account_id)
        return ERR_OK;
    return put(c,
        &(struct notification){ .account_id = account_id,
            .from_account_id = r->account_id,
            .kind = NOTIFY_ADMIN_REPORT,
            .report_id = r->id },
        &t);
}
