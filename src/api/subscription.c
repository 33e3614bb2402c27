/* Getting somebody's posts by mail, without an account.  Mastodon 4.6 has it; its documentation does not. */
#include "api/handlers.h"
#include "api/sign_up.h"
#include "http/limit.h"
#include "http/respond.h"
#include "service/subscription.h"

struct subscription_form {
    struct str email;
};

enum err
api_email_subscribe(struct ctx *c, struct req *r)
{
    static const struct field fields[] = { FIELD(subscription_form, email, P_STR, .max = 1000) };
    struct subscription_form f = { 0 };
    struct sign_up_problems why = { 0 };
    struct str key;
    enum err e;

    TRY(params_read(c, r, fields, lengthof(fields), &f));
    key = str_cat(c->mem, S("subscribe "), str_lower(c->mem, str_sub(str_trim(f.email), 0, 300)), STR_NONE);
    TRY(limit_take(c, r, LIMIT_MAIL, key));
    e = service_subscription_ask(c, req_param_id(r, "account_id"), f.email, &why);
    if (e == ERR_INVALID && why.n > 0) {
        api_sign_up_problems(c, r, &why);
        return ERR_OK;
    }
    TRY(e);
    res_empty_object(c, r);
    return ERR_OK;
}
