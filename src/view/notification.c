/* Notification, NotificationGroup, NotificationRequest, NotificationPolicy. */
#include "view/view.h"

#include "base/ctx.h"
#include "text/html.h"
#include "text/i18n.h"

/* For apps that do not know a kind: a sentence. */
static const char *const sentences[NOTIFY_KIND_COUNT] = {
    [NOTIFY_MENTION] = N_("{0} mentioned you"),
    [NOTIFY_STATUS] = N_("{0} posted"),
    [NOTIFY_REBLOG] = N_("{0} boosted your post"),
    [NOTIFY_FOLLOW] = N_("{0} followed you"),
    [NOTIFY_FOLLOW_REQUEST] = N_("{0} wants to follow you"),
    [NOTIFY_FAVOURITE] = N_("{0} favourited your post"),
    [NOTIFY_POLL] = N_("A poll in which you took part has ended"),
    [NOTIFY_UPDATE] = N_("{0} edited a post that you boosted"),
    [NOTIFY_ADMIN_SIGN_UP] = N_("{0} signed up"),
    [NOTIFY_ADMIN_REPORT] = N_("{0} sent a report"),
    [NOTIFY_QUOTE] = N_("{0} quoted your post"),
    [NOTIFY_QUOTED_UPDATE] = N_("{0} edited a post that you quoted"),
    [NOTIFY_SEVERED] = N_("Some of your follows ended because of a block"),
    [NOTIFY_WARNING] = N_("The moderators sent you a message"),
    [NOTIFY_ANNUAL_REPORT] = N_("Your year in review is ready"),
    [NOTIFY_ADDED_TO_COLLECTION] = N_("{0} added you to a collection"),
    [NOTIFY_COLLECTION_UPDATE] = N_("{0} changed a collection that you are in"),
};

static struct str
group_key(struct ctx *c, const struct notification *n)
{
    const char *kind = notification_kind_names[n->kind];

    if (n->group_hour == 0)
        return str_fmt(c->mem, "ungrouped-%lld", (long long)n->id);
    if (n->group_on == 0)
        return str_fmt(c->mem, "%s-%lld", kind, (long long)n->group_hour);
    return str_fmt(c->mem, "%s-%lld-%lld", kind, (long long)n->group_on, (long long)n->group_hour);
}

static struct str
title(struct ctx *c, const struct notification *n, bool html)
{
    struct str name = n->from->display_name.n > 0 ? n->from->display_name : n->from->username;

    if (html)
        name = text_html_escape(c->mem, name);
    return text_tr_fill(c->mem, text_tr(c->locale, str_z(sentences[n->kind])), &name, 1);
}

struct str
view_notification_title(struct ctx *c, const struct notification *n)
{
    return title(c, n, false);
}

static void
put_fallback(struct ctx *c, struct json *j, const struct notification *n)
{
    json_obj(j, "fallback");
    json_str(j, "title", title(c, n, true));
    json_str(j, "summary", text_tr(c->locale, S("Your app does not know this kind of notification yet.")));
    json_null(j, "details");
    json_end(j);
}

/*
 * The list of follows that ended is kept with the event (service/severance.h), so none is purged.
 * https://docs.joinmastodon.org/entities/RelationshipSeveranceEvent/
 */
void
view_severance(struct json *j, const char *key, const struct severance *s)
{
    json_obj(j, key);
    json_id(j, "id", s->id);
    json_str(j, "type", str_z(severance_kind_names[s->kind]));
    json_bool(j, "purged", false);
    json_str(j, "target_name", s->target);
    json_int(j, "followers_count", s->followers);
    json_int(j, "following_count", s->following);
    json_time(j, "created_at", s->created_ms);
    json_end(j);
}

/* What both forms share beside the status. */
static void
put_about(struct ctx *c, struct json *j, const struct notification *n, uint64_t supported)
{
    if (n->severance != NULL)
        view_severance(j, "event", n->severance);
    if (n->report != NULL)
        view_report(c, j, "report", n->report);
    if (n->collection != NULL)
        view_collection(c, j, "collection", n->collection);
    if ((supported >> n->kind & 1) == 0)
        put_fallback(c, j, n);
}

void
view_notification_for(struct ctx *c, struct json *j, const struct notification *n, uint64_t supported)
{
    json_obj(j, NULL);
    json_id(j, "id", n->id);
    json_str(j, "type", str_z(notification_kind_names[n->kind]));
    json_time(j, "created_at", n->created_ms);
    json_str(j, "group_key", group_key(c, n));
    json_bool(j, "filtered", n->filtered);
    view_account(c, j, "account", n->from);
    if (n->status != NULL)
        view_status(c, j, "status", n->status);
    put_about(c, j, n, supported);
    json_end(j);
}

void
view_notification(struct ctx *c, struct json *j, const struct notification *n)
{
    view_notification_for(c, j, n, NOTIFY_ALL);
}

static void
put_group(struct ctx *c, struct json *j, const struct notification_group *g, uint64_t supported)
{
    const struct notification *n = &g->newest;

    json_obj(j, NULL);
    json_str(j, "group_key", group_key(c, n));
    json_int(j, "notifications_count", g->count);
    json_str(j, "type", str_z(notification_kind_names[n->kind]));
    json_int(j, "most_recent_notification_id", n->id); /* a number, as clients with types expect it */
    if (g->oldest_id != 0) {
        json_id(j, "page_min_id", g->oldest_id);
        json_id(j, "page_max_id", n->id);
        json_time(j, "latest_page_notification_at", n->created_ms);
    }
    json_arr(j, "sample_account_ids");
    for (size_t i = 0; i < g->sample_ids.n; i++)
        json_id(j, NULL, g->sample_ids.v[i]);
    json_end(j);
    if (n->status != NULL)
        json_id(j, "status_id", n->status_id);
    put_about(c, j, n, supported);
    json_end(j);
}

/* PartialAccountWithAvatar. */
static void
put_partial_account(struct ctx *c, struct json *j, const struct account *a)
{
    json_obj(j, NULL);
    json_id(j, "id", a->id);
    json_str(j, "acct", account_acct(c->mem, a));
    json_bool(j, "locked", a->locked);
    json_bool(j, "bot", a->bot);
    json_str(j, "url", view_url_account(c, a));
    view_account_avatar(c, j, a);
    json_end(j);
}

static bool
is_first_sample(const struct notification_groups *v, int64_t id)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->v[i].sample_ids.n > 0 && v->v[i].sample_ids.v[0] == id)
            return true;
    return false;
}

/* With `partial` only the newest of each group is shown as a whole. */
static void
put_accounts(struct ctx *c, struct json *j, const struct notification_groups *v, bool partial)
{
    json_arr(j, "accounts");
    for (size_t i = 0; i < v->accounts.n; i++)
        if (!partial || is_first_sample(v, v->accounts.v[i]->id))
            view_account(c, j, NULL, v->accounts.v[i]);
    json_end(j);
    if (!partial)
        return;
    json_arr(j, "partial_accounts");
    for (size_t i = 0; i < v->accounts.n; i++)
        if (!is_first_sample(v, v->accounts.v[i]->id))
            put_partial_account(c, j, v->accounts.v[i]);
    json_end(j);
}

void
view_notification_groups(
    struct ctx *c, struct json *j, const struct notification_groups *v, bool partial, uint64_t supported)
{
    json_obj(j, NULL);
    put_accounts(c, j, v, partial);
    view_statuses(c, j, "statuses", &v->statuses);
    json_arr(j, "notification_groups");
    for (size_t i = 0; i < v->n; i++)
        put_group(c, j, &v->v[i], supported);
    json_end(j);
    json_end(j);
}

void
view_notification_request(struct ctx *c, struct json *j, const struct notification_request *q)
{
    json_obj(j, NULL);
    json_id(j, "id", q->id);
    json_time(j, "created_at", q->created_ms);
    json_time(j, "updated_at", q->updated_ms);
    json_id(j, "notifications_count", q->count); /* a string, though a number */
    view_account(c, j, "account", q->from);
    if (q->last_status != NULL)
        view_status(c, j, "last_status", q->last_status);
    else
        json_null(j, "last_status");
    json_end(j);
}

static void
put_summary(struct json *j, const struct notification_policy *p)
{
    json_obj(j, "summary");
    json_int(j, "pending_requests_count", p->pending_requests);
    json_int(j, "pending_notifications_count", p->pending_notifications);
    json_end(j);
}

static const struct {
    const char *v2, *v1;
} policy_names[POLICY_COUNT] = {
    [POLICY_NOT_FOLLOWING] = { "for_not_following", "filter_not_following" },
    [POLICY_NOT_FOLLOWERS] = { "for_not_followers", "filter_not_followers" },
    [POLICY_NEW_ACCOUNTS] = { "for_new_accounts", "filter_new_accounts" },
    [POLICY_PRIVATE_MENTIONS] = { "for_private_mentions", "filter_private_mentions" },
    [POLICY_LIMITED_ACCOUNTS] = { "for_limited_accounts", NULL },
    [POLICY_BOTS] = { "for_bots", "filter_bots" },
};

void
view_notification_policy(struct json *j, const struct notification_policy *p)
{
    json_obj(j, NULL);
    for (size_t i = 0; i < POLICY_COUNT; i++)
        json_str(j, policy_names[i].v2, str_z(notification_action_names[p->v[i]]));
    put_summary(j, p);
    json_end(j);
}

void
view_notification_policy_v1(struct json *j, const struct notification_policy *p)
{
    json_obj(j, NULL);
    for (size_t i = 0; i < POLICY_COUNT; i++)
        if (policy_names[i].v1 != NULL)
            json_bool(j, policy_names[i].v1, p->v[i] != NOTIFY_ACCEPT);
    put_summary(j, p);
    json_end(j);
}
