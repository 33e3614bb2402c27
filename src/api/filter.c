/* Filters.  https://docs.joinmastodon.org/methods/filters/ and https://docs.joinmastodon.org/methods/filters/#v1 */
#include "service/filter.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { TEXT_BYTES_MAX = 4096, KEYWORDS_MAX = 500 };

struct filter_request {
    struct filter_params p;
    struct strs context;
    struct str expires_in;
    const struct val *keywords_attributes;
    struct str phrase; /* the first version */
    int irreversible, whole_word;
};

static const struct field fields[] = {
    FIELD_AS(filter_request, p.title, "title", P_STR, .max = TEXT_BYTES_MAX),
    FIELD_AS(filter_request, p.action, "filter_action", P_ENUM, .extra = filter_action_names),
    FIELD(filter_request, context, P_STRS, .min = 64, .max = 64),
    FIELD(filter_request, expires_in, P_STR, .max = 64),
    FIELD(filter_request, keywords_attributes, P_VAL),
};

static const struct field v1_fields[] = {
    FIELD(filter_request, phrase, P_STR, .max = TEXT_BYTES_MAX),
    FIELD(filter_request, context, P_STRS, .min = 64, .max = 64),
    FIELD(filter_request, expires_in, P_STR, .max = 64),
    FIELD(filter_request, irreversible, P_TRI),
    FIELD(filter_request, whole_word, P_TRI),
};

static const struct field keyword_fields[] = {
    FIELD(filter_keyword_params, id, P_ID),
    FIELD(filter_keyword_params, keyword, P_STR, .max = TEXT_BYTES_MAX),
    FIELD(filter_keyword_params, whole_word, P_TRI),
    FIELD_AS(filter_keyword_params, destroy, "_destroy", P_BOOL),
};

/* Absent: unchanged; null and empty: never. */
static enum err
read_expires(struct ctx *c, const struct req *r, struct filter_request *q)
{
    if (!val_has(r->args, S("expires_in")))
        return ERR_OK;
    q->p.has_expires = true;
    if (q->expires_in.n == 0)
        return ERR_OK;
    if (!str_int(str_trim(q->expires_in), &q->p.expires_in_s) || q->p.expires_in_s < 0)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: Expires in is not a number of seconds");
    return ERR_OK;
}

static enum err
read_common(struct ctx *c, struct req *r, const struct field *f, size_t n, struct filter_request *q)
{
    *q = (struct filter_request){
        .p = { .action = -1 }, .keywords_attributes = &val_null, .irreversible = -1, .whole_word = -1
    };
    TRY(params_read(c, r, f, n, q));
    q->p.contexts = q->context;
    q->p.has_contexts = q->context.v != NULL;
    return read_expires(c, r, q);
}

static enum err
read_request(struct ctx *c, struct req *r, struct filter_request *q)
{
    struct filter_keyword_params *v;
    const struct val *list;

    TRY(read_common(c, r, fields, lengthof(fields), q));
    list = q->keywords_attributes;
    if (!val_is_null(list) && list->kind != VAL_ARR)
        return ctx_fail_field(c, ERR_INVALID, "keywords_attributes", "not a list");
    if (list->n > KEYWORDS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d keywords at once", KEYWORDS_MAX);
    v = arena_vec(c->mem, struct filter_keyword_params, list->n);
    for (size_t i = 0; i < list->n; i++) {
        v[i].whole_word = -1;
        if (list->v[i].kind != VAL_OBJ)
            return ctx_fail_field(c, ERR_INVALID, "keywords_attributes", "not objects");
        TRY(params_from_val(c, &list->v[i], keyword_fields, lengthof(keyword_fields), &v[i]));
    }
    q->p.keywords = v;
    q->p.n_keywords = list->n;
    return ERR_OK;
}

static enum err
answer(struct ctx *c, struct req *r, const struct filter *f)
{
    view_filter(res_json(c, r, 200), f);
    return ERR_OK;
}

enum err
api_filter_list(struct ctx *c, struct req *r)
{
    struct filters v;
    struct json *j;

    TRY(service_filter_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_filter(j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_filter_show(struct ctx *c, struct req *r)
{
    struct filter *f;

    TRY(service_filter_get(c, req_param_id(r, "id"), &f));
    return answer(c, r, f);
}

enum err
api_filter_create(struct ctx *c, struct req *r)
{
    struct filter_request q;
    struct filter *f;

    TRY(read_request(c, r, &q));
    TRY(service_filter_create(c, &q.p, &f));
    return answer(c, r, f);
}

enum err
api_filter_update(struct ctx *c, struct req *r)
{
    struct filter_request q;
    struct filter *f;

    TRY(read_request(c, r, &q));
    TRY(service_filter_update(c, req_param_id(r, "id"), &q.p, &f));
    return answer(c, r, f);
}

enum err
api_filter_delete(struct ctx *c, struct req *r)
{
    TRY(service_filter_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- keywords ----------------------------------------------------------------------------------------------------- */

static enum err
read_keyword(struct ctx *c, struct req *r, struct filter_keyword_params *p)
{
    *p = (struct filter_keyword_params){ .whole_word = -1 };
    return params_read(c, r, keyword_fields + 1, 2, p);
}

static enum err
answer_keyword(struct ctx *c, struct req *r, const struct filter_keyword *k)
{
    view_filter_keyword(res_json(c, r, 200), k);
    return ERR_OK;
}

enum err
api_filter_keyword_list(struct ctx *c, struct req *r)
{
    struct filter *f;
    struct json *j;

    TRY(service_filter_get(c, req_param_id(r, "filter_id"), &f));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < f->n_keywords; i++)
        view_filter_keyword(j, &f->keywords[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_filter_keyword_create(struct ctx *c, struct req *r)
{
    struct filter_keyword_params p;
    struct filter_keyword *k;

    TRY(read_keyword(c, r, &p));
    TRY(service_filter_keyword_add(c, req_param_id(r, "filter_id"), &p, &k));
    return answer_keyword(c, r, k);
}

enum err
api_filter_keyword_show(struct ctx *c, struct req *r)
{
    struct filter_keyword *k;

    TRY(service_filter_keyword_get(c, req_param_id(r, "id"), &k));
    return answer_keyword(c, r, k);
}

enum err
api_filter_keyword_update(struct ctx *c, struct req *r)
{
    struct filter_keyword_params p;
    struct filter_keyword *k;

    TRY(read_keyword(c, r, &p));
    TRY(service_filter_keyword_update(c, req_param_id(r, "id"), &p, &k));
    return answer_keyword(c, r, k);
}

enum err
api_filter_keyword_delete(struct ctx *c, struct req *r)
{
    TRY(service_filter_keyword_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- statuses ----------------------------------------------------------------------------------------------------- */

static enum err
answer_status(struct ctx *c, struct req *r, const struct filter_status *s)
{
    view_filter_status(res_json(c, r, 200), s);
    return ERR_OK;
}

enum err
api_filter_status_list(struct ctx *c, struct req *r)
{
    struct filter *f;
    struct json *j;

    TRY(service_filter_get(c, req_param_id(r, "filter_id"), &f));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < f->n_statuses; i++)
        view_filter_status(j, &f->statuses[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_filter_status_create(struct ctx *c, struct req *r)
{
    static const struct field status_fields[] = { FIELD(filter_status, status_id, P_ID, .required = true) };
    struct filter_status q = { 0 }, *s;

    TRY(params_read(c, r, status_fields, lengthof(status_fields), &q));
    TRY(service_filter_status_add(c, req_param_id(r, "filter_id"), q.status_id, &s));
    return answer_status(c, r, s);
}

enum err
api_filter_status_show(struct ctx *c, struct req *r)
{
    struct filter_status *s;

    TRY(service_filter_status_get(c, req_param_id(r, "id"), &s));
    return answer_status(c, r, s);
}

enum err
api_filter_status_delete(struct ctx *c, struct req *r)
{
    struct filter_status *s;

    TRY(service_filter_status_delete(c, req_param_id(r, "id"), &s));
    return answer_status(c, r, s);
}

/* ---- the first version -------------------------------------------------------------------------------------------- */

static enum err
read_v1(struct ctx *c, struct req *r, struct filter_request *q)
{
    struct filter_keyword_params *k = arena_new(c->mem, struct filter_keyword_params);

    TRY(read_common(c, r, v1_fields, lengthof(v1_fields), q));
    if (q->irreversible >= 0)
        q->p.action = q->irreversible > 0 ? FILTER_HIDE : FILTER_WARN;
    q->p.title = q->phrase;
    *k = (struct filter_keyword_params){ .keyword = q->phrase, .whole_word = q->whole_word };
    q->p.keywords = k;
    q->p.n_keywords = 1;
    return ERR_OK;
}

static enum err
answer_v1(struct ctx *c, struct req *r, const struct filter *f, size_t keyword)
{
    view_filter_v1(res_json(c, r, 200), f, keyword);
    return ERR_OK;
}

enum err
api_filter_v1_list(struct ctx *c, struct req *r)
{
    struct filters v;
    struct json *j;

    TRY(service_filter_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        for (size_t k = 0; k < v.v[i].n_keywords; k++)
            view_filter_v1(j, &v.v[i], k);
    json_end(j);
    return ERR_OK;
}

enum err
api_filter_v1_show(struct ctx *c, struct req *r)
{
    struct filter *f;
    size_t k;

    TRY(service_filter_v1_get(c, req_param_id(r, "id"), &f, &k));
    return answer_v1(c, r, f, k);
}

enum err
api_filter_v1_create(struct ctx *c, struct req *r)
{
    struct filter_request q;
    struct filter *f;

    TRY(read_v1(c, r, &q));
    TRY(service_filter_create(c, &q.p, &f));
    return answer_v1(c, r, f, 0);
}

enum err
api_filter_v1_update(struct ctx *c, struct req *r)
{
    struct filter_request q;
    struct filter *f;
    size_t k;

    TRY(read_v1(c, r, &q));
    TRY(service_filter_v1_update(c, req_param_id(r, "id"), &q.p, &f, &k));
    return answer_v1(c, r, f, k);
}

enum err
api_filter_v1_delete(struct ctx *c, struct req *r)
{
    TRY(service_filter_v1_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
