/* Drafts (ours) and scheduled posts.  https://docs.joinmastodon.org/methods/scheduled_statuses/ */
#include "api/handlers.h"
#include "api/post.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/draft.h"
#include "view/view.h"

enum { ROWS = 20, ROWS_MAX = 40 };

/* ---- scheduled --------------------------------------------------------------------------------------------------- */

static void
page(struct ctx *c, struct req *r, const struct page *p, const struct draft_rows *v)
{
    if (v->n > 0)
        page_link(c, r, p, PAGE_MIN_ID, false, v->n, v->v[0].id, v->v[v->n - 1].id, NULL);
}

enum err
api_scheduled_list(struct ctx *c, struct req *r)
{
    struct draft_rows v;
    struct json *j;
    struct page p;

    TRY(page_read(c, r, ROWS, ROWS_MAX, &p));
    TRY(service_scheduled_page(c, &p, &v));
    page(c, r, &p, &v);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_scheduled(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_scheduled_show(struct ctx *c, struct req *r)
{
    struct draft_row *d;

    TRY(service_scheduled_get(c, req_param_id(r, "id"), &d));
    view_scheduled(c, res_json(c, r, 200), d);
    return ERR_OK;
}

enum err
api_scheduled_move(struct ctx *c, struct req *r)
{
    struct draft_row *d;
    int64_t at_ms;

    TRY(params_tree(c, r));
    TRY(api_time_read(c, r->args, "scheduled_at", &at_ms));
    if (at_ms == 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Scheduled at can't be blank");
    TRY(service_scheduled_move(c, req_param_id(r, "id"), at_ms, &d));
    view_scheduled(c, res_json(c, r, 200), d);
    return ERR_OK;
}

enum err
api_scheduled_delete(struct ctx *c, struct req *r)
{
    TRY(service_scheduled_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- drafts ------------------------------------------------------------------------------------------------------ */

enum err
api_draft_list(struct ctx *c, struct req *r)
{
    struct draft_rows v;
    struct json *j;
    struct page p;

    TRY(page_read(c, r, ROWS, ROWS_MAX, &p));
    TRY(service_draft_page(c, &p, &v));
    page(c, r, &p, &v);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_draft(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

static enum err
answer(struct ctx *c, struct req *r, const struct draft_row *d)
{
    view_draft(c, res_json(c, r, 200), d);
    return ERR_OK;
}

enum err
api_draft_show(struct ctx *c, struct req *r)
{
    struct draft_row *d;

    TRY(service_draft_get(c, req_param_id(r, "id"), &d));
    return answer(c, r, d);
}

enum err
api_draft_create(struct ctx *c, struct req *r)
{
    struct draft_row *d;
    struct posts v;

    TRY(params_tree(c, r));
    TRY(api_posts_read(c, r->args, &v));
    TRY(service_draft_create(c, &v, &d));
    return answer(c, r, d);
}

struct version_request {
    int64_t version;
};

enum err
api_draft_update(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(version_request, version, P_INT, .required = true) };
    struct version_request q = { 0 };
    struct draft_row *d;
    struct posts v;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(api_posts_read(c, r->args, &v));
    TRY(service_draft_update(c, req_param_id(r, "id"), q.version, &v, &d));
    return answer(c, r, d);
}

enum err
api_draft_delete(struct ctx *c, struct req *r)
{
    TRY(service_draft_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_draft_publish(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(version_request, version, P_INT) };
    struct version_request q = { 0 };
    struct posted got;
    int64_t at_ms;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(api_time_read(c, r->args, "scheduled_at", &at_ms));
    TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    TRY(service_draft_publish(c, req_param_id(r, "id"), q.version, at_ms, &got));
    return api_answer_posted(c, r, &got, true);
}
