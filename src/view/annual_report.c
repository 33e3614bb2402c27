/* WrappedAnnualReports. */
#include "view/view.h"

#include "base/ctx.h"

enum { SCHEMA_VERSION = 2 };

void
view_annual_reports(struct ctx *c, struct json *j, const struct annual_reports *v, const struct accounts *accounts,
    const struct statuses *statuses)
{
    json_obj(j, NULL);
    json_arr(j, "annual_reports");
    for (size_t i = 0; i < v->n; i++) {
        const struct annual_report *r = &v->v[i];

        json_obj(j, NULL);
        json_int(j, "year", r->year);
        json_raw(j, "data", r->data);
        json_int(j, "schema_version", SCHEMA_VERSION);
        json_null(j, "share_url");
        json_id(j, "account_id", r->account_id);
        json_end(j);
    }
    json_end(j);
    view_accounts(c, j, "accounts", accounts);
    view_statuses(c, j, "statuses", statuses);
    json_end(j);
}
