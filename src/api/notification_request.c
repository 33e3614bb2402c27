/* Policy, and requests of those it keeps back.  https://docs.joinmastodon.org/methods/notifications/#policy */
#include "api/handlers.h"
#include "service/notification.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { MANY = 40, MANY_MAX = 80, IDS_MAX = 100 };

enum err
api_notification_policy_show(struct ctx *c, struct req *r)
{
    struct notification_policy p;

    TRY(service_notification_policy(c, &p));
    view_notification_policy(res_json(c, r, 200), &p);
    return ERR_OK;
}

enum err
api_notification_policy_v1_show(struct ctx *c, struct req *r)
{
    struct notification_policy p;

    TRY(service_notification_policy(c, &p));
    view_notification_policy_v1(res_json(c, r, 200), &p);
    return ERR_OK;
}

struct policy_request {
    int v[POLICY_COUNT]; /* -1: not said */
};
static const struct policy_request unsaid = { { -1, -1, -1, -1, -1, -1 } };

enum err
api_notification_policy_update(struct ctx *c, struct req *r)
{
#define ACTION(of, name) FIELD_AS(policy_request, v[of], name, P_ENUM, .extra = notification_action_names)
    static const struct field fields[] = {
        ACTION(POLICY_NOT_FOLLOWING, "for_not_following"),
        ACTION(POLICY_NOT_FOLLOWERS, "for_not_followers"),
        ACTION(POLICY_NEW_ACCOUNTS, "for_new_accounts"),
        ACTION(POLICY_PRIVATE_MENTIONS, "for_private_mentions"),
        ACTION(POLICY_LIMITED_ACCOUNTS, "for_limited_accounts"),
        ACTION(POLICY_BOTS, "for_bots"),
    };
#undef ACTION
    struct policy_request q = unsaid;
    struct notification_policy p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_notification_policy_set(c, q.v, &p));
    view_notification_policy(res_json(c, r, 200), &p);
    return ERR_OK;
}

enum err
api_notification_policy_v1_update(struct ctx *c, struct req *r)
{
    /* false and true are what accept and filter are: the first two actions. */
    static const struct field fields[] = {
        FIELD_AS(policy_request, v[POLICY_NOT_FOLLOWING], "filter_not_following", P_TRI),
        FIELD_AS(policy_request, v[POLICY_NOT_FOLLOWERS], "filter_not_followers", P_TRI),
        FIELD_AS(policy_request, v[POLICY_NEW_ACCOUNTS], "filter_new_accounts", P_TRI),
        FIELD_AS(policy_request, v[POLICY_PRIVATE_MENTIONS], "filter_private_mentions", P_TRI),
        FIELD_AS(policy_request, v[POLICY_BOTS], "filter_bots", P_TRI),
    };
    struct policy_request q = unsaid;
    struct notification_policy p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_notification_policy_set(c, q.v, &p));
    view_notification_policy_v1(res_json(c, r, 200), &p);
    return ERR_OK;
}

enum err
api_notification_request_list(struct ctx *c, struct req *r)
{
    struct notification_requests v;
    struct cursor_ids cursors;
    struct json *j;
    struct page p;

    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_notification_requests(c, &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_MIN_ID, &cursors, NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_notification_request(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_notification_request_show(struct ctx *c, struct req *r)
{
    struct notification_request *q;

    TRY(service_notification_request_get(c, req_param_id(r, "id"), &q));
    view_notification_request(c, res_json(c, r, 200), q);
    return ERR_OK;
}

static enum err
answer_one(struct ctx *c, struct req *r, bool accept)
{
    int64_t id = req_param_id(r, "id");

    TRY(service_notification_requests_answer(c, &(struct ids){ &id, 1 }, accept, true));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_notification_request_accept(struct ctx *c, struct req *r)
{
    return answer_one(c, r, true);
}

enum err
api_notification_request_dismiss(struct ctx *c, struct req *r)
{
    return answer_one(c, r, false);
}

static enum err
answer_many(struct ctx *c, struct req *r, bool accept)
{
    struct request {
        struct ids id;
    } q = { 0 };
    static const struct field fields[] = { FIELD(request, id, P_IDS, .max = IDS_MAX) };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_notification_requests_answer(c, &q.id, accept, false));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_notification_requests_accept(struct ctx *c, struct req *r)
{
    return answer_many(c, r, true);
}

enum err
api_notification_requests_dismiss(struct ctx *c, struct req *r)
{
    return answer_many(c, r, false);
}

enum err
api_notification_requests_merged(struct ctx *c, struct req *r)
{
    struct json *j;
    bool merged;

    TRY(service_notification_merged(c, &merged));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_bool(j, "merged", merged);
    json_end(j);
    return ERR_OK;
}
