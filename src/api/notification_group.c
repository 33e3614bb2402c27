/* Notifications in groups.  https://docs.joinmastodon.org/methods/grouped_notifications/ */
#include "api/notification.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { MANY = 40, MANY_MAX = 80, UNREAD = 100, UNREAD_MAX = 1000 };

enum err
api_notification_group_list(struct ctx *c, struct req *r)
{
    static const char *const keep[] = { "types", "exclude_types", "account_id", "include_filtered", "grouped_types",
        "supported_types", "expand_accounts", NULL };
    struct notification_request_params q;
    struct notification_groups v;
    struct page p;

    TRY(api_notification_params(c, r, &q));
    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_notification_groups(c, &q.filter, q.grouped, &p, &v));
    if (v.newest_id != 0)
        page_link(c, r, &p, PAGE_MIN_ID, true, v.n, v.newest_id, v.oldest_id, keep);
    view_notification_groups(c, res_json(c, r, 200), &v, q.partial, q.supported);
    return ERR_OK;
}

enum err
api_notification_group_show(struct ctx *c, struct req *r)
{
    struct notification_request_params q;
    struct notification_groups v;

    TRY(api_notification_params(c, r, &q));
    TRY(service_notification_group_get(c, req_param(r, "group_key"), &v));
    view_notification_groups(c, res_json(c, r, 200), &v, false, q.supported);
    return ERR_OK;
}

enum err
api_notification_group_dismiss(struct ctx *c, struct req *r)
{
    TRY(service_notification_group_dismiss(c, req_param(r, "group_key")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_notification_group_accounts(struct ctx *c, struct req *r)
{
    struct cursor_ids cursors;
    struct accounts v;
    struct page p;

    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_notification_group_accounts(c, req_param(r, "notification_group_key"), &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_MIN_ID, &cursors, NULL);
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_notification_group_unread_count(struct ctx *c, struct req *r)
{
    struct notification_request_params q;
    struct page p;
    int64_t n;

    TRY(api_notification_params(c, r, &q));
    TRY(page_read(c, r, UNREAD, UNREAD_MAX, &p));
    TRY(service_notification_groups_unread(c, &q.filter, q.grouped, p.limit, &n));
    return api_notification_answer_count(c, r, n);
}
