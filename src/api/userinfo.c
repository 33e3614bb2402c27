/* /oauth/userinfo: who the token's person is, in the words of OpenID Connect.  It is behind a token, so it stands with the API. */
#include "api/handlers.h"
#include "base/conf.h"
#include "http/respond.h"
#include "service/account.h"
#include "view/view.h"

enum err
api_userinfo(struct ctx *c, struct req *r)
{
    struct account *a;
    struct json *j;

    TRY(service_account_get(c, c->who.account_id, &a));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "iss", str_cat(c->mem, c->env->conf->origin, S("/"), STR_NONE));
    json_str(j, "sub", a->uri);
    json_str(j, "name", a->display_name);
    json_str(j, "preferred_username", a->username);
    json_str(j, "profile", view_url_account(c, a));
    json_str(j, "picture", view_url_file(c, a->avatar, S("/avatars/original/missing.png")));
    json_end(j);
    return ERR_OK;
}
