/* Finding people: suggestions, the directory, known servers.  https://docs.joinmastodon.org/methods/suggestions/ */
#include "service/suggestion.h"
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "service/instance.h"
#include "view/view.h"

enum { PEOPLE = 40, PEOPLE_MAX = 80, OFFSET_MAX = 10000, DOMAIN_BYTES_MAX = 255 };

struct find_request {
    int64_t offset;
    bool local;
    int order;
    struct str q;
};
static const char *const orders[] = { "active", "new", NULL };
static const struct field fields[] = {
    FIELD(find_request, offset, P_INT, .max = OFFSET_MAX),
    FIELD(find_request, local, P_BOOL),
    FIELD(find_request, order, P_ENUM, .extra = orders),
    FIELD(find_request, q, P_STR, .max = DOMAIN_BYTES_MAX),
};

static enum err
suggestions(struct ctx *c, struct req *r, struct suggestions *out)
{
    struct find_request q = { .q = S("") };
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    return service_suggestions(c, p.limit, q.offset, out);
}

enum err
api_suggestions(struct ctx *c, struct req *r)
{
    struct suggestions v;
    struct json *j;

    TRY(suggestions(c, r, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_suggestion(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_suggestions_v1(struct ctx *c, struct req *r)
{
    struct suggestions v;
    struct json *j;

    TRY(suggestions(c, r, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_account(c, j, NULL, v.v[i].account);
    json_end(j);
    return ERR_OK;
}

enum err
api_suggestion_delete(struct ctx *c, struct req *r)
{
    TRY(service_suggestion_refuse(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_directory(struct ctx *c, struct req *r)
{
    struct find_request q = { .q = S("") };
    struct accounts v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(service_directory(c, q.local, q.order == 1, p.limit, q.offset, &v));
    view_accounts(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

enum err
api_peers_search(struct ctx *c, struct req *r)
{
    struct find_request q = { .q = S("") };
    struct strs v;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_instance_peers_like(c, q.q, &v));
    json_strs(res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

/* Proofs were given up in 2022; what is left of the interface is that nobody has any. */
enum err
api_account_identity_proofs(struct ctx *c, struct req *r)
{
    struct json *j = res_json(c, r, 200);

    json_arr(j, NULL);
    json_end(j);
    return ERR_OK;
}
