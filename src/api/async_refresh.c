/* Work that goes on after an answer.  https://docs.joinmastodon.org/methods/async_refreshes/ */
#include "api/async_refresh.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "service/async_refresh.h"
#include "view/view.h"

void
api_async_refresh_header(struct ctx *c, struct req *r, const struct async_refresh *a, int retry_s)
{
    struct str count = a->has_count ? str_fmt(c->mem, ", result_count=%lld", (long long)a->result_count) : S("");

    if (a->id != 0)
        res_header(c, r, "Mastodon-Async-Refresh",
            str_fmt(c->mem, "id=\"%lld\", retry=%d%.*s", (long long)a->id, retry_s, STR_ARG(count)));
}

enum err
api_async_refresh_show(struct ctx *c, struct req *r)
{
    struct async_refresh a;

    TRY(service_async_get(c, req_param_id(r, "id"), &a));
    view_async_refresh(res_json(c, r, 200), &a);
    return ERR_OK;
}
