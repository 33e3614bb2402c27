/* Search.  https://docs.joinmastodon.org/methods/search/ */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/search.h"
#include "view/view.h"

enum { LIMIT = 20, LIMIT_MAX = 40, OFFSET_MAX = 10000, QUERY_BYTES_MAX = 2048 };

static const char *const types[] = { "accounts", "hashtags", "statuses", "collections", NULL };

static const struct field fields[] = {
    FIELD(search_params, q, P_STR, .max = QUERY_BYTES_MAX, .required = true),
    FIELD(search_params, type, P_ENUM, .extra = types),
    FIELD(search_params, resolve, P_BOOL),
    FIELD(search_params, following, P_BOOL),
    FIELD(search_params, exclude_unreviewed, P_BOOL),
    FIELD(search_params, account_id, P_ID),
    FIELD(search_params, min_id, P_ID),
    FIELD(search_params, max_id, P_ID),
    FIELD(search_params, limit, P_INT, .min = INT64_MIN, .max = INT64_MAX),
    FIELD(search_params, offset, P_INT, .min = INT64_MIN, .max = INT64_MAX),
};

static enum err
check(struct ctx *c, struct search_params *p)
{
    if (p->limit < 0 || p->offset < 0 || p->offset > OFFSET_MAX)
        return ctx_fail_public(
            c, ERR_BAD_REQUEST, "Limit and offset must not be negative, the offset at most %d", OFFSET_MAX);
    if (c->who.account_id == 0 && (p->resolve || p->offset > 0))
        return ctx_fail_public(c, ERR_UNAUTHORIZED,
            "Search queries that resolve remote resources or use paging are not supported without authentication");
    if (p->type == SEARCH_ALL)
        p->offset = 0;
    p->limit = MIN(MAX(p->limit, 1), LIMIT_MAX);
    p->q = str_trim(p->q);
    return ERR_OK;
}

enum err
api_search(struct ctx *c, struct req *r)
{
    struct search_params p = { .type = SEARCH_ALL, .limit = LIMIT };
    struct search_result v;
    struct json *j;

    TRY(params_read(c, r, fields, lengthof(fields), &p));
    TRY(check(c, &p));
    TRY(service_search(c, &p, &v));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    view_accounts(c, j, "accounts", &v.accounts);
    view_statuses(c, j, "statuses", &v.statuses);
    json_arr(j, "hashtags");
    for (size_t i = 0; i < v.n_tags; i++)
        view_tag(c, j, &v.tags[i]);
    json_end(j);
    json_arr(j, "collections");
    for (size_t i = 0; i < v.collections.n; i++)
        view_collection(c, j, NULL, &v.collections.v[i]);
    json_end(j);
    json_end(j);
    return ERR_OK;
}
