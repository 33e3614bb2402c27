/* Collections.  https://docs.joinmastodon.org/methods/collections/ */
#include "service/collection.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { TEXT_BYTES_MAX = 4096, PAGE_LIMIT = 40, PAGE_MAX = 80, OFFSET_MAX = 10000 };

static enum err
read_fields(struct ctx *c, struct req *r, struct collection_params *p)
{
    static const struct field fields[] = {
        FIELD(collection_params, name, P_STR, .max = TEXT_BYTES_MAX),
        FIELD(collection_params, description, P_STR, .max = TEXT_BYTES_MAX),
        FIELD(collection_params, language, P_STR, .max = 64),
        FIELD(collection_params, tag_name, P_STR, .max = TEXT_BYTES_MAX),
        FIELD(collection_params, sensitive, P_TRI),
        FIELD(collection_params, discoverable, P_TRI),
        FIELD(collection_params, account_ids, P_IDS, .max = 100),
    };

    *p = (struct collection_params){ .sensitive = -1, .discoverable = -1 };
    return params_read(c, r, fields, lengthof(fields), p);
}

static enum err
answer(struct ctx *c, struct req *r, const struct collection *v)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    view_collection(c, j, "collection", v);
    json_end(j);
    return ERR_OK;
}

enum err
api_collection_create(struct ctx *c, struct req *r)
{
    struct collection_params p;
    struct collection *v;

    TRY(read_fields(c, r, &p));
    TRY(service_collection_create(c, &p, &v));
    return answer(c, r, v);
}

enum err
api_collection_update(struct ctx *c, struct req *r)
{
    struct collection_params p;
    struct collection *v;

    TRY(read_fields(c, r, &p));
    TRY(service_collection_update(c, req_param_id(r, "id"), &p, &v));
    return answer(c, r, v);
}

enum err
api_collection_delete(struct ctx *c, struct req *r)
{
    TRY(service_collection_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_collection_show(struct ctx *c, struct req *r)
{
    struct accounts people;
    struct collection *v;
    struct json *j;

    TRY(service_collection_get(c, req_param_id(r, "id"), &v, &people));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    view_accounts(c, j, "accounts", &people);
    view_collection(c, j, "collection", v);
    json_end(j);
    return ERR_OK;
}

struct page_request {
    int64_t offset;
};

static enum err
page(struct ctx *c, struct req *r,
    enum err (*fn)(struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out))
{
    static const struct field fields[] = { FIELD(page_request, offset, P_INT, .min = INT64_MIN, .max = INT64_MAX) };
    struct page_request q = { 0 };
    struct collections v;
    struct json *j;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, PAGE_LIMIT, PAGE_MAX, &p));
    q.offset = MIN(MAX(q.offset, 0), OFFSET_MAX);
    TRY(fn(c, req_param_id(r, "account_id"), p.limit, q.offset, &v));
    page_link_offset(c, r, p.limit, q.offset, v.n);
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_arr(j, "collections");
    for (size_t i = 0; i < v.n; i++)
        view_collection(c, j, NULL, &v.v[i]);
    json_end(j);
    json_end(j);
    return ERR_OK;
}

enum err
api_account_collections(struct ctx *c, struct req *r)
{
    return page(c, r, service_collection_page);
}

enum err
api_account_in_collections(struct ctx *c, struct req *r)
{
    return page(c, r, service_collection_with);
}

/* ---- items ------------------------------------------------------------------------------------------------------- */

struct item_request {
    int64_t account_id;
};

enum err
api_collection_item_add(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(item_request, account_id, P_ID, .required = true) };
    struct item_request q = { 0 };
    struct collection_item item;
    struct json *j;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_collection_add(c, req_param_id(r, "collection_id"), q.account_id, &item));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    view_collection_item(j, "collection_item", &item);
    json_end(j);
    return ERR_OK;
}

enum err
api_collection_item_remove(struct ctx *c, struct req *r)
{
    TRY(service_collection_remove(c, req_param_id(r, "collection_id"), req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_collection_item_revoke(struct ctx *c, struct req *r)
{
    TRY(service_collection_revoke(c, req_param_id(r, "collection_id"), req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
