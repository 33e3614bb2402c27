/* Quotes: who may quote, who does, and taking consent back.  https://docs.joinmastodon.org/methods/statuses/#quotes */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/quote.h"
#include "view/view.h"

enum { POSTS = 20, POSTS_MAX = 40 };

enum err
api_status_interaction_policy(struct ctx *c, struct req *r)
{
    struct {
        int policy;
    } q = { QUOTE_CHOICE_NOBODY };
    static const struct field fields[] = {
        { .name = "quote_approval_policy", .type = P_ENUM, .extra = quote_choice_names, .required = true }
    };
    struct status *s;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_quote_set_policy(c, req_param_id(r, "status_id"), (enum quote_choice)q.policy, &s));
    return api_answer_status(c, r, s);
}

enum err
api_status_quotes(struct ctx *c, struct req *r)
{
    struct page p;
    struct statuses v;
    struct cursor_ids cursors;

    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_quote_list(c, req_param_id(r, "status_id"), &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_status_quote_revoke(struct ctx *c, struct req *r)
{
    struct status *s;

    TRY(service_quote_revoke(c, req_param_id(r, "status_id"), req_param_id(r, "id"), &s));
    return api_answer_status(c, r, s);
}
