/* The caller's invites. */
#include "service/invite.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

enum { MANY = 20, MANY_MAX = 100, COMMENT_BYTES_MAX = 4096, YEAR_S = 366 * 24 * 3600 };

enum err
api_invite_list(struct ctx *c, struct req *r)
{
    struct invites v;
    struct json *j;
    struct page p;

    TRY(page_read(c, r, MANY, MANY_MAX, &p));
    TRY(service_invite_list(c, &p, &v));
    if (v.n > 0)
        page_link(c, r, &p, PAGE_MIN_ID, false, v.n, v.v[0].id, v.v[v.n - 1].id, NULL);
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_invite(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_invite_make(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(invite_params, max_uses, P_INT, .min = 0, .max = INVITE_USES_MAX),
        FIELD_AS(invite_params, expires_in_s, "expires_in", P_INT, .min = 60, .max = YEAR_S),
        FIELD(invite_params, autofollow, P_BOOL),
        FIELD(invite_params, comment, P_STR, .max = COMMENT_BYTES_MAX),
    };
    struct invite_params p = { .comment = S("") };
    struct invite *i;

    TRY(params_read(c, r, fields, lengthof(fields), &p));
    TRY(service_invite_make(c, &p, &i));
    view_invite(c, res_json(c, r, 200), i);
    return ERR_OK;
}

enum err
api_invite_end(struct ctx *c, struct req *r)
{
    TRY(service_invite_end(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}
