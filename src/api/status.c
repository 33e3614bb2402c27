/* Statuses: post, show, edit, delete, thread, history.  https://docs.joinmastodon.org/methods/statuses/ */
#include "api/handlers.h"

#include "http/limit.h"
#include "http/params.h"
#include "http/respond.h"
#include "service/receive_quote.h"
#include "service/status.h"
#include "view/view.h"

enum { TEXT_BYTES_MAX = 64 * 1024, IDS_MAX = 20, ATTRIBUTES_MAX = 16, POLL_ITEMS_MAX = 100 };

struct status_request {
    struct post_params p;
    bool delete_media;
    const struct val *poll, *media_attributes, *media_ids, *allowed_mentions;
    struct str scheduled_at, quoted;
};

#define STATUS_FIELD(member, type, ...) FIELD_AS(status_request, p.member, #member, type, __VA_ARGS__)

static const struct field fields[] = {
    STATUS_FIELD(status, P_STR, .max = TEXT_BYTES_MAX),
    STATUS_FIELD(spoiler_text, P_STR, .max = TEXT_BYTES_MAX),
    STATUS_FIELD(language, P_STR, .max = 16),
    STATUS_FIELD(content_type, P_STR, .max = 64),
    STATUS_FIELD(sensitive, P_TRI),
    STATUS_FIELD(visibility, P_ENUM, .extra = visibility_names),
    STATUS_FIELD(in_reply_to_id, P_ID),
    STATUS_FIELD(media_ids, P_IDS, .max = 32),
    STATUS_FIELD(allowed_mentions, P_STRS, .max = 100),
    FIELD_AS(status_request, media_ids, "media_ids", P_VAL),
    FIELD_AS(status_request, allowed_mentions, "allowed_mentions", P_VAL),
    FIELD(status_request, media_attributes, P_VAL),
    FIELD(status_request, poll, P_VAL),
    FIELD(status_request, scheduled_at, P_STR, .max = 64),
    STATUS_FIELD(quoted_status_id, P_ID),
    FIELD_AS(status_request, quoted, "quoted_status_id", P_STR, .max = 32),
    FIELD_AS(status_request, p.quote_choice, "quote_approval_policy", P_ENUM, .extra = quote_choice_names),
};

/* What this server does not offer yet is refused: a date or a quote that silently disappears would be worse. */
static enum err
refuse_unknown(struct ctx *c, const struct status_request *q)
{
    if (q->scheduled_at.n > 0)
        return ctx_fail_public(c, ERR_INVALID, "Scheduled posts are not available on this server");
    if (q->p.content_type.n > 0 && !str_eqz(q->p.content_type, "text/plain") &&
        !str_eqz(q->p.content_type, "text/markdown"))
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Content type is not text/plain or text/markdown");
    return ERR_OK;
}

static enum err
read_attributes(struct ctx *c, const struct val *list, struct post_params *p)
{
    struct post_media *v = arena_vec(c->mem, struct post_media, ATTRIBUTES_MAX);

    for (size_t i = 0; i < list->n && p->n_media_attributes < ATTRIBUTES_MAX; i++) {
        struct post_media *m = &v[p->n_media_attributes];
        static const struct field media_fields[] = {
            FIELD(post_media, id, P_ID, .required = true),
            FIELD(post_media, description, P_STR, .max = 40000),
            FIELD(post_media, focus, P_STR, .max = 64),
        };

        if (!val_is_null(val_get(&list->v[i], S("thumbnail"))))
            return ctx_fail_public(c, ERR_INVALID, "The thumbnail of a posted file cannot be changed");
        TRY(params_from_val(c, &list->v[i], media_fields, lengthof(media_fields), m));
        p->n_media_attributes++;
    }
    p->media_attributes = v;
    return ERR_OK;
}

/* null, false and {} take the poll of an edited post away. */
static enum err
read_poll(struct ctx *c, const struct val *v, struct post_params *p)
{
    static const struct field poll_fields[] = {
        FIELD(post_poll, options, P_STRS, .min = 4096, .max = POLL_ITEMS_MAX),
        FIELD(post_poll, expires_in, P_INT),
        FIELD(post_poll, multiple, P_BOOL),
        FIELD(post_poll, hide_totals, P_BOOL),
    };
    struct post_poll *poll;

    if (val_is_null(v) || (v->kind == VAL_BOOL && !v->b) || (v->kind == VAL_STR && v->s.n == 0) ||
        ((v->kind == VAL_OBJ || v->kind == VAL_ARR) && v->n == 0))
        return ERR_OK;
    if (v->kind != VAL_OBJ)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Poll is invalid");
    poll = arena_new(c->mem, struct post_poll);
    TRY(params_from_val(c, v, poll_fields, lengthof(poll_fields), poll));
    p->poll = poll;
    return ERR_OK;
}

static enum err
read_request(struct ctx *c, struct req *r, struct status_request *q)
{
    *q = (struct status_request){ .p = { .visibility = -1, .sensitive = -1, .quote_choice = -1 },
        .poll = &val_null,
        .media_attributes = &val_null,
        .media_ids = &val_null,
        .allowed_mentions = &val_null };
    TRY(params_read(c, r, fields, lengthof(fields), q));
    TRY(refuse_unknown(c, q));
    q->p.drop_quote = q->quoted.p != NULL && q->quoted.n == 0;
    q->p.has_media_ids = !val_is_null(q->media_ids);
    q->p.has_poll = val_has(r->args, S("poll"));
    TRY(read_poll(c, q->poll, &q->p));
    q->p.has_allowed_mentions = !val_is_null(q->allowed_mentions);
    return read_attributes(c, q->media_attributes, &q->p);
}

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
    struct status_request q;
    struct status *s;

    struct accounts unexpected = { 0 };
    enum err e;

    TRY(read_request(c, r, &q));
    TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    q.p.unexpected = &unexpected;
    e = service_status_post(c, &q.p, req_header(c, r, S("Idempotency-Key")), &s);
    if (e == ERR_INVALID && unexpected.n > 0)
        return answer_unexpected(c, r, &unexpected);
    return e == ERR_OK ? api_answer_status(c, r, s) : e;
}

enum err
api_status_edit(struct ctx *c, struct req *r)
{
    struct status_request q;
    struct status *s;

    TRY(read_request(c, r, &q));
    TRY(limit_take_id(c, r, LIMIT_POST, c->who.account_id));
    TRY(service_status_edit(c, req_param_id(r, "id"), &q.p, &s));
    return api_answer_status(c, r, s);
}

enum err
api_status_delete(struct ctx *c, struct req *r)
{
    static const struct field delete_fields[] = { FIELD(status_request, delete_media, P_BOOL) };
    struct status_request q = { 0 };
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
    struct statuses up, down;
    struct json *j;

    TRY(service_status_context(c, req_param_id(r, "status_id"), &up, &down));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    view_statuses(c, j, "ancestors", &up);
    view_statuses(c, j, "descendants", &down);
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
