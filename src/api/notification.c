/* Notifications.  https://docs.joinmastodon.org/methods/notifications/ */
#include "api/notification.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/page.h"
#include "view/view.h"

enum { MANY = 40, MANY_MAX = 80, UNREAD = 100, UNREAD_MAX = 1000, NAMES_MAX = 64 };

static const struct field fields[] = {
    FIELD(notification_request_params, types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(notification_request_params, exclude_types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(notification_request_params, grouped_types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(notification_request_params, supported_types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(notification_request_params, account_id, P_ID),
    FIELD(notification_request_params, include_filtered, P_BOOL),
    FIELD(notification_request_params, expand_accounts, P_STR, .max = 64),
};

/* Names that this server does not have (yet) match nothing. */
static uint64_t
kinds(const struct strs *names)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < names->n; i++)
        for (unsigned k = 0; k < NOTIFY_KIND_COUNT; k++)
            if (str_eqz(names->v[i], notification_kind_names[k]))
                bits |= UINT64_C(1) << k;
    return bits;
}

enum err
api_notification_params(struct ctx *c, struct req *r, struct notification_request_params *q)
{
    static const struct notification_request_params none = { 0 };

    *q = none;
    TRY(params_read(c, r, fields, lengthof(fields), q));
    q->filter.kinds = (q->types.n > 0 ? kinds(&q->types) : NOTIFY_ALL) & ~kinds(&q->exclude_types);
    q->filter.from = q->account_id;
    q->filter.with_filtered = q->include_filtered;
    q->grouped = q->grouped_types.n > 0 ? kinds(&q->grouped_types) : NOTIFY_ALL;
    q->supported = q->supported_types.n > 0 ? kinds(&q->supported_types) : NOTIFY_ALL;
    if (q->supported != NOTIFY_ALL) /* sentences are in the language of the reader's app */
        c->locale = view_locale(req_header(c, r, S("Accept-Language")));
    q->partial = str_eqz(q->expand_accounts, "partial_avatars");
    if (q->expand_accounts.n > 0 && !q->partial && !str_eqz(q->expand_accounts, "full"))
        return ctx_fail_public(c, ERR_BAD_REQUEST, "expand_accounts is full or partial_avatars");
    return ERR_OK;
}

enum err
api_notification_list(struct ctx *c, struct req *r)
{
    static const char *const keep[] = { "types", "exclude_types", "account_id", "include_filtered", "supported_types",
        NULL };
    struct notification_request_params q;
    struct notifications v;
    struct json *j;
    struct page p;

    TRY(api_notification_params(c, r, &q));
    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_notification_page(c, &q.filter, &p, &v));
    if (v.n > 0)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0].id, v.v[v.n - 1].id, keep);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_notification_for(c, j, &v.v[i], q.supported);
    json_end(j);
    return ERR_OK;
}

enum err
api_notification_show(struct ctx *c, struct req *r)
{
    struct notification_request_params q;
    struct notification *n;

    TRY(api_notification_params(c, r, &q));
    TRY(service_notification_get(c, req_param_id(r, "id"), &n));
    view_notification_for(c, res_json(c, r, 200), n, q.supported);
    return ERR_OK;
}

enum err
api_notification_dismiss(struct ctx *c, struct req *r)
{
    TRY(service_notification_dismiss(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_notification_clear(struct ctx *c, struct req *r)
{
    TRY(service_notification_clear(c));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_notification_answer_count(struct ctx *c, struct req *r, int64_t n)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_int(j, "count", n);
    json_end(j);
    return ERR_OK;
}

enum err
api_notification_unread_count(struct ctx *c, struct req *r)
{
    struct notification_request_params q;
    struct page p;
    int64_t n;

    TRY(api_notification_params(c, r, &q));
    TRY(page_read(c, r, UNREAD, UNREAD_MAX, &p));
    TRY(service_notification_unread(c, &q.filter, p.limit, &n));
    return api_notification_answer_count(c, r, n);
}
