/* Lists.  https://docs.joinmastodon.org/methods/lists/  Their timelines are in timeline.c. */
#include "service/list.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "view/view.h"

enum { TITLE_BYTES_MAX = 4096, PEOPLE = 40, PEOPLE_MAX = 80, IDS_MAX = 500 };

static enum err
read_request(struct ctx *c, struct req *r, struct list_params *p)
{
    static const struct field fields[] = {
        FIELD(list_params, title, P_STR, .max = TITLE_BYTES_MAX),
        FIELD_AS(list_params, replies, "replies_policy", P_ENUM, .extra = list_replies_names),
        FIELD(list_params, exclusive, P_TRI),
    };

    *p = (struct list_params){ .replies = -1, .exclusive = -1 };
    return params_read(c, r, fields, lengthof(fields), p);
}

static enum err
answer(struct ctx *c, struct req *r, const struct list *l)
{
    view_list(res_json(c, r, 200), l);
    return ERR_OK;
}

enum err
api_list_all(struct ctx *c, struct req *r)
{
    struct lists v;

    TRY(service_list_all(c, &v));
    view_lists(res_json(c, r, 200), &v);
    return ERR_OK;
}

enum err
api_account_lists(struct ctx *c, struct req *r)
{
    struct lists v;

    TRY(service_list_with(c, req_param_id(r, "account_id"), &v));
    view_lists(res_json(c, r, 200), &v);
    return ERR_OK;
}

enum err
api_list_show(struct ctx *c, struct req *r)
{
    struct list *l;

    TRY(service_list_get(c, req_param_id(r, "id"), &l));
    return answer(c, r, l);
}

enum err
api_list_create(struct ctx *c, struct req *r)
{
    struct list_params p;
    struct list *l;

    TRY(read_request(c, r, &p));
    TRY(service_list_create(c, &p, &l));
    return answer(c, r, l);
}

enum err
api_list_update(struct ctx *c, struct req *r)
{
    struct list_params p;
    struct list *l;

    TRY(read_request(c, r, &p));
    TRY(service_list_update(c, req_param_id(r, "id"), &p, &l));
    return answer(c, r, l);
}

enum err
api_list_delete(struct ctx *c, struct req *r)
{
    TRY(service_list_delete(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

/* ---- members ------------------------------------------------------------------------------------------------------ */

struct members_request {
    struct ids account_ids;
    struct str limit;
};

/* limit=0 asks for all of them at once. */
enum err
api_list_accounts(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(members_request, limit, P_STR, .max = 64) };
    struct members_request q = { 0 };
    struct cursor_ids cursors;
    struct accounts v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    if (str_eqz(q.limit, "0"))
        p.limit = 0;
    TRY(service_list_members(c, req_param_id(r, "list_id"), &p, &v, &cursors));
    if (p.limit > 0)
        api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

static enum err
change(struct ctx *c, struct req *r, enum err (*fn)(struct ctx *c, int64_t id, const struct ids *accounts))
{
    static const struct field fields[] = {
        FIELD(members_request, account_ids, P_IDS, .max = IDS_MAX, .required = true),
    };
    struct members_request q = { 0 };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(fn(c, req_param_id(r, "list_id"), &q.account_ids));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_list_accounts_add(struct ctx *c, struct req *r)
{
    return change(c, r, service_list_add);
}

enum err
api_list_accounts_remove(struct ctx *c, struct req *r)
{
    return change(c, r, service_list_remove);
}
