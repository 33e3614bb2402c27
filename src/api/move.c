/* Moving: aliases of the caller, and where the account went. */
#include "service/move.h"
#include "api/handlers.h"

#include "http/limit.h"
#include "http/respond.h"
#include "view/view.h"

enum { ACCT_BYTES_MAX = 2048, URI_BYTES_MAX = 2048, PASSWORD_BYTES = 8192 };

struct move_request {
    struct str acct, password, uri;
    bool redirect_only;
};

static void
put_alias(struct ctx *c, struct json *j, const struct alias *a)
{
    json_obj(j, NULL);
    json_str(j, "uri", a->uri);
    if (a->account != NULL)
        view_account(c, j, "account", a->account);
    else
        json_null(j, "account");
    json_end(j);
}

enum err
api_alias_list(struct ctx *c, struct req *r)
{
    struct aliases v;
    struct json *j;

    TRY(service_alias_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        put_alias(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_alias_add(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(move_request, acct, P_STR, .max = ACCT_BYTES_MAX, .required = true) };
    struct move_request q = { 0 };
    struct alias a;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_alias_add(c, q.acct, &a));
    put_alias(c, res_json(c, r, 200), &a);
    return ERR_OK;
}

enum err
api_alias_remove(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(move_request, uri, P_STR, .max = URI_BYTES_MAX, .required = true) };
    struct move_request q = { 0 };

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(service_alias_remove(c, q.uri));
    res_empty_object(c, r);
    return ERR_OK;
}

static void
put_state(struct ctx *c, struct req *r, const struct move_state *s)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    if (s->me->moved != NULL)
        view_account(c, j, "moved", s->me->moved);
    else
        json_null(j, "moved");
    json_time_or_null(j, "next_move_at", s->next_ms);
    json_end(j);
}

enum err
api_move_show(struct ctx *c, struct req *r)
{
    struct move_state s;

    TRY(service_move_state(c, &s));
    put_state(c, r, &s);
    return ERR_OK;
}

enum err
api_move_start(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(move_request, acct, P_STR, .max = ACCT_BYTES_MAX, .required = true),
        FIELD(move_request, password, P_STR, .max = PASSWORD_BYTES, .required = true),
        FIELD(move_request, redirect_only, P_BOOL),
    };
    struct move_request q = { 0 };
    struct move_state s;

    TRY(params_read(c, r, fields, lengthof(fields), &q));
    TRY(limit_take_id(c, r, LIMIT_PASSWORD, c->who.user_id));
    TRY(service_move_start(c, q.acct, q.password, !q.redirect_only, &s));
    put_state(c, r, &s);
    return ERR_OK;
}

enum err
api_move_undo(struct ctx *c, struct req *r)
{
    struct move_state s;

    TRY(service_move_undo(c, &s));
    put_state(c, r, &s);
    return ERR_OK;
}
