/* Where a post went (ours): deliveries host by host, and once more for those that failed. */
#include "api/handlers.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/delivery.h"
#include "view/view.h"

enum { HOSTS = 40, HOSTS_MAX = 80 };

enum err
api_delivery_list(struct ctx *c, struct req *r)
{
    struct host_reports v;
    struct page p;

    TRY(page_read(c, r, HOSTS, HOSTS_MAX, &p));
    TRY(service_delivery_of_status(c, req_param_id(r, "status_id"), &p, &v));
    if (v.n > 0)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0].id, v.v[v.n - 1].id, NULL);
    view_deliveries(res_json(c, r, 200), &v);
    return ERR_OK;
}

enum err
api_delivery_retry(struct ctx *c, struct req *r)
{
    struct json *j;
    int64_t n;

    TRY(limit_take_id(c, r, LIMIT_DELIVERY_RETRY, c->who.account_id));
    TRY(service_delivery_again(c, req_param_id(r, "status_id"), &n));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_int(j, "retried", n);
    json_end(j);
    return ERR_OK;
}
