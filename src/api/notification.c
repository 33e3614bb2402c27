/* Notifications.  https://docs.joinmastodon.org/methods/notifications/ */
#include "service/notification.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { MANY = 40, MANY_MAX = 80, UNREAD = 100, UNREAD_MAX = 1000, NAMES_MAX = 64 };

struct list_request {
    struct strs types, exclude_types;
    int64_t account_id;
};

static const struct field fields[] = {
    FIELD(list_request, types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(list_request, exclude_types, P_STRS, .min = 64, .max = NAMES_MAX),
    FIELD(list_request, account_id, P_ID),
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

static uint64_t
wanted(const struct list_request *q)
{
    uint64_t all = (UINT64_C(1) << NOTIFY_KIND_COUNT) - 1;

    return (q->types.n > 0 ? kinds(&q->types) : all) & ~kinds(&q->exclude_types);
}

enum err
api_notification_list(struct ctx *c, struct req *r)
{
    static const char *const keep[] = { "types", "exclude_types", "account_id", NULL };
    struct list_request q = { 0 };
    struct notifications v;
    struct json *j;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_notification_page(c, wanted(&q), q.account_id, &p, &v));
    if (v.n > 0)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0].id, v.v[v.n - 1].id, keep);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_notification(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_notification_show(struct ctx *c, struct req *r)
{
    struct notification *n;

    TRY(service_notification_get(c, req_param_id(r, "id"), &n));
    view_notification(c, res_json(c, r, 200), n);
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
api_notification_unread_count(struct ctx *c, struct req *r)
{
    struct page p;
    struct json *j;
    int64_t n;

    TRY(page_read(c, r, UNREAD, UNREAD_MAX, &p));
    TRY(service_notification_unread(c, p.limit, &n));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_int(j, "count", n);
    json_end(j);
    return ERR_OK;
}
