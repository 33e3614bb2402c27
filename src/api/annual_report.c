/* Annual reports.  https://docs.joinmastodon.org/methods/annual_reports/ */
#include "service/annual_report.h"
#include "api/async_refresh.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

static enum err
answer(struct ctx *c, struct req *r, int64_t year)
{
    struct annual_reports v;
    struct accounts accounts;
    struct statuses statuses;

    TRY(service_annual_get(c, year, &v, &accounts, &statuses));
    view_annual_reports(c, res_json(c, r, 200), &v, &accounts, &statuses);
    return ERR_OK;
}

enum err
api_annual_report_list(struct ctx *c, struct req *r)
{
    return answer(c, r, 0);
}

/* "0" is no year, and would mean all. */
enum err
api_annual_report_show(struct ctx *c, struct req *r)
{
    int64_t year = req_param_id(r, "id");

    return year == 0 ? ctx_fail(c, ERR_NOT_FOUND, "no year") : answer(c, r, year);
}

enum err
api_annual_report_state(struct ctx *c, struct req *r)
{
    enum annual_state state;
    struct json *j;

    TRY(service_annual_state(c, req_param_id(r, "id"), &state));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "state", str_z(annual_state_names[state]));
    json_end(j);
    return ERR_OK;
}

enum err
api_annual_report_generate(struct ctx *c, struct req *r)
{
    int64_t refresh;
    struct json *j;

    TRY(service_annual_generate(c, req_param_id(r, "id"), &refresh));
    if (refresh != 0)
        api_async_refresh_header(c, r, &(struct async_refresh){ .id = refresh }, 2);
    j = res_json(c, r, refresh != 0 ? 202 : 200);
    json_obj(j, NULL);
    json_end(j);
    return ERR_OK;
}

enum err
api_annual_report_read(struct ctx *c, struct req *r)
{
    TRY(service_annual_view(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
