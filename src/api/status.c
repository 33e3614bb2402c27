/* Statuses: post (parameters: post.c), show, edit, delete, thread, history.  https://docs.joinmastodon.org/methods/statuses/ */
#include "api/async_refresh.h"
#include "api/handlers.h"
#include "api/post.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/receive_quote.h"
#include "service/refresh.h"
#include "service/status.h"
#include "view/view.h"

enum { IDS_MAX = 20, CONTEXT_RETRY_S = 5 };

enum err
api_answer_status(struct ctx *c, struct req *r, const struct status *s)
{
    view_status(c, res_json(c, r, 200), NULL, s);
    return ERR_OK;
}

/* 422 with those whom the client did not name. */
static enum err
answer_unexpected(struct ctx *c, struct req *r, const struct accounts *v)
{
    struct json *j = res_json(c, r, err_status(ERR_INVALID));

    json_obj(j, NULL);
    json_str(j, "error", c->fail.public_text);
    view_accounts(c, j, "unexpected_accounts", v);
    json_end(j);
    return ERR_OK;
}

enum err
api_status_create(struct ctx *c, struct req *r)
{
    struct accounts unexpected = { 0 };
    struct post_params p;
    struct posted got;
    int64_t at_ms;
    enum err e;

    TRY(params_tree(c, r));
    TRY(api_post_read(c, r->args, &p));
    TRY(api_time_read(c, r->args, "scheduled_at", &at_ms));
    TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    p.unexpected = &unexpected;
    e = service_status_post_all(c, &(struct posts){ &p, 1 }, at_ms, req_header(c, r, S("Idempotency-Key")), &got);
    if (e == ERR_INVALID && unexpected.n > 0)
        return answer_unexpected(c, r, &unexpected);
    return e == ERR_OK ? api_answer_posted(c, r, &got, false) : e;
}

enum err
api_status_thread(struct ctx *c, struct req *r)
{
    struct posts v;
    struct posted got;
    int64_t at_ms;

    TRY(params_tree(c, r));
    TRY(api_posts_read(c, r->args, &v));
    TRY(api_time_read(c, r->args, "scheduled_at", &at_ms));
    for (size_t i = 0; i < v.n; i++)
        TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    TRY(service_status_post_all(c, &v, at_ms, req_header(c, r, S("Idempotency-Key")), &got));
    return api_answer_posted(c, r, &got, true);
}

/* How the text would look, and how long it counts: for who writes Markdown.  Nothing is kept. */
enum err
api_status_preview(struct ctx *c, struct req *r)
{
    struct post_params p;
    struct status_preview v;
    struct json *j;

    TRY(params_tree(c, r));
    TRY(api_post_read(c, r->args, &p));
    TRY(service_status_preview(c, &p, &v));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "content", v.html);
    json_int(j, "characters", (int64_t)v.characters);
    json_end(j);
    return ERR_OK;
}

enum err
api_status_edit(struct ctx *c, struct req *r)
{
    struct post_params p;
    struct status *s;

    TRY(params_tree(c, r));
    TRY(api_post_read(c, r->args, &p));
    TRY(api_post_thumbnails(c, r, &p));
    TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    TRY(service_status_edit(c, req_param_id(r, "id"), &p, &s));
    return api_answer_status(c, r, s);
}

enum err
api_status_delete(struct ctx *c, struct req *r)
{
    struct {
        bool delete_media;
    } q = { 0 };
    static const struct field delete_fields[] = { { .name = "delete_media", .type = P_BOOL } };
    struct status *s;

    TRY(params_read(c, r, delete_fields, lengthof(delete_fields), &q));
    TRY(service_status_delete(c, req_param_id(r, "id"), q.delete_media, &s));
    view_status_source_form(c, res_json(c, r, 200), s);
    return ERR_OK;
}

enum err
api_status_show(struct ctx *c, struct req *r)
{
    struct status *s;

    TRY(service_status_get(c, req_param_id(r, "id"), &s));
    TRY(service_quote_recheck(c, s));
    TRY(service_status_looked_at(c, s));
    return api_answer_status(c, r, s);
}

enum err
api_status_list(struct ctx *c, struct req *r)
{
    struct {
        struct ids id;
    } q = { 0 };
    static const struct field list_fields[] = { { .name = "id", .type = P_IDS, .max = 1000 } };
    struct statuses v;

    TRY(params_read(c, r, list_fields, lengthof(list_fields), &q));
    if (q.id.n > IDS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d ids", IDS_MAX);
    TRY(service_status_get_many(c, &q.id, &v));
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_status_context(struct ctx *c, struct req *r)
{
    struct async_refresh refresh;
    struct thread_context t;
    struct json *j;

    TRY(service_status_context(c, req_param_id(r, "status_id"), &t, &refresh));
    api_async_refresh_header(c, r, &refresh, CONTEXT_RETRY_S);
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    view_statuses(c, j, "ancestors", &t.ancestors);
    view_statuses(c, j, "descendants", &t.descendants);
    json_obj(j, "cut"); /* not Mastodon's: whether there is more of the thread here than this answer has */
    json_bool(j, "ancestors", t.cut_above);
    json_bool(j, "descendants", t.cut_below);
    json_end(j);
    json_end(j);
    return ERR_OK;
}

enum err
api_status_history(struct ctx *c, struct req *r)
{
    struct status *s;
    struct status_edits v;

    TRY(service_status_history(c, req_param_id(r, "status_id"), &s, &v));
    view_status_edits(c, res_json(c, r, 200), s, &v);
    return ERR_OK;
}

enum err
api_status_source(struct ctx *c, struct req *r)
{
    struct status *s;

    TRY(service_status_get(c, req_param_id(r, "status_id"), &s));
    if (s->account_id != c->who.account_id)
        return ctx_fail(c, ERR_NOT_FOUND, "the source of somebody else's status");
    view_status_source(c, res_json(c, r, 200), s);
    return ERR_OK;
}
