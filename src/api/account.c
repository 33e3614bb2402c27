/* Accounts: show, find, their posts and their network.  https://docs.joinmastodon.org/methods/accounts/ */
#include "api/handlers.h"

#include "http/params.h"
#include "http/respond.h"
#include "model/user.h"
#include "service/account.h"
#include "view/view.h"

enum { IDS_MAX = 40, PEOPLE = 40, PEOPLE_MAX = 80, POSTS = 20, POSTS_MAX = 40, OFFSET_MAX = 10000 };

static enum err
answer_accounts(struct ctx *c, struct req *r, const struct accounts *v)
{
    view_accounts(c, res_json(c, r, 200), NULL, v);
    return ERR_OK;
}

static enum err
answer_account(struct ctx *c, struct req *r, const struct account *a)
{
    view_account(c, res_json(c, r, 200), NULL, a);
    return ERR_OK;
}

enum err
api_account_show(struct ctx *c, struct req *r)
{
    struct account *a;

    TRY(service_account_open(c, req_param_id(r, "id"), &a));
    return answer_account(c, r, a);
}

enum err
api_account_list(struct ctx *c, struct req *r)
{
    struct {
        struct ids id;
    } q = { 0 };
    static const struct field fields[] = { { .name = "id", .type = P_IDS, .max = 1000 } };
    struct accounts v;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    if (q.id.n > IDS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "Validation failed: At most %d ids", IDS_MAX);
    TRY(service_account_get_many(c, &q.id, &v));
    return answer_accounts(c, r, &v);
}

enum err
api_account_lookup(struct ctx *c, struct req *r)
{
    struct {
        struct str acct;
    } q = { 0 };
    static const struct field fields[] = { { .name = "acct", .type = P_STR, .max = 1024 } };
    struct account *a;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_account_lookup(c, q.acct, &a));
    return answer_account(c, r, a);
}

struct search_request {
    struct str q;
    bool resolve, following;
    int64_t limit, offset;
};

enum err
api_account_search(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(search_request, q, P_STR, .max = 1024),
        FIELD(search_request, resolve, P_BOOL),
        FIELD(search_request, following, P_BOOL),
        FIELD(search_request, offset, P_INT, .max = OFFSET_MAX),
    };
    struct search_request q = { 0 };
    struct accounts v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(service_account_search(c, q.q, q.resolve, q.following, p.limit, q.offset, &v));
    return answer_accounts(c, r, &v);
}

enum err
api_account_verify_credentials(struct ctx *c, struct req *r)
{
    struct account *a;
    struct user *u;
    int64_t requests;

    TRY(service_account_credentials(c, &a, &u, &requests));
    view_credential_account(c, res_json(c, r, 200), a, u, requests);
    return ERR_OK;
}

enum err
api_account_statuses(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(account_statuses_params, only_media, P_BOOL),
        FIELD(account_statuses_params, exclude_replies, P_BOOL),
        FIELD(account_statuses_params, exclude_reblogs, P_BOOL),
        FIELD(account_statuses_params, exclude_direct, P_BOOL),
        FIELD(account_statuses_params, pinned, P_BOOL),
        FIELD(account_statuses_params, tagged, P_STR, .max = 1024),
    };
    static const char *const keep[] = { "pinned", "tagged", "only_media", "exclude_replies", "exclude_reblogs",
        "exclude_direct", NULL };
    struct account_statuses_params q = { 0 };
    struct statuses v;
    struct page p;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(page_read(c, r, POSTS, POSTS_MAX, &p));
    TRY(service_account_statuses(c, req_param_id(r, "account_id"), &q, &p, &v));
    if (v.n > 0 && !q.pinned)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0]->id, v.v[v.n - 1]->id, keep);
    view_statuses(c, res_json(c, r, 200), NULL, &v);
    return ERR_OK;
}

typedef enum err (*network_fn)(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);

static enum err
network(struct ctx *c, struct req *r, network_fn fn)
{
    struct cursor_ids cursors;
    struct accounts v;
    struct page p;

    TRY(page_read(c, r, PEOPLE, PEOPLE_MAX, &p));
    TRY(fn(c, req_param_id(r, "account_id"), &p, &v, &cursors));
    api_page_cursors(c, r, &p, PAGE_SINCE_ID, &cursors, NULL);
    return answer_accounts(c, r, &v);
}

enum err
api_account_followers(struct ctx *c, struct req *r)
{
    return network(c, r, service_account_followers);
}

enum err
api_account_following(struct ctx *c, struct req *r)
{
    return network(c, r, service_account_following);
}

enum err
api_account_familiar_followers(struct ctx *c, struct req *r)
{
    struct {
        struct ids id;
    } q = { 0 };
    static const struct field fields[] = { { .name = "id", .type = P_IDS, .max = IDS_MAX } };
    struct familiar *v;
    struct json *j;
    size_t n;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_account_familiar(c, &q.id, &v, &n));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < n; i++) {
        json_obj(j, NULL);
        json_id(j, "id", v[i].id);
        view_accounts(c, j, "accounts", &v[i].accounts);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}
