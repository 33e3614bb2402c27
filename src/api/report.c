/* Reports to the moderators.  https://docs.joinmastodon.org/methods/reports/ */
#include "service/report.h"
#include "api/handlers.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { COMMENT_BYTES_MAX = 64 * 1024, DOMAINS_MAX = 50, DOMAIN_BYTES_MAX = 255 };

enum err
api_report_create(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(report_params, account_id, P_ID),
        FIELD(report_params, status_ids, P_IDS, .max = REPORT_STATUSES_MAX),
        FIELD(report_params, collection_ids, P_IDS, .max = REPORT_COLLECTIONS_MAX),
        FIELD(report_params, rule_ids, P_IDS, .max = REPORT_RULES_MAX),
        FIELD(report_params, comment, P_STR, .max = COMMENT_BYTES_MAX),
        FIELD(report_params, category, P_ENUM, .extra = report_category_names),
        FIELD(report_params, forward, P_BOOL),
        FIELD(report_params, forward_to_domains, P_STRS, .min = DOMAIN_BYTES_MAX, .max = DOMAINS_MAX),
    };
    struct report_params p = { .comment = S(""), .category = -1 };
    struct report *report;

    TRY(params_read(c, r, fields, lengthof(fields), &p));
    TRY(limit_take_id(c, r, LIMIT_REPORT, c->who.account_id));
    TRY(service_report_create(c, &p, &report));
    view_report(c, res_json(c, r, 200), NULL, report);
    return ERR_OK;
}
