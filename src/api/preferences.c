/* Preferences: Mastodon shows them; here they can be changed too.  https://docs.joinmastodon.org/methods/preferences/ */
#include "service/preferences.h"
#include "api/handlers.h"

#include "base/conf.h"
#include "http/respond.h"

enum err
api_preferences(struct ctx *c, struct req *r)
{
    struct preferences p;
    struct json *j;

    TRY(service_preferences(c, &p));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    preferences_show(j, &p, false, false);
    json_end(j);
    return ERR_OK;
}

static void
answer(struct ctx *c, struct req *r, const struct preferences *p, struct str locale)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    preferences_show(j, p, true, c->env->conf->smtp.n > 0);
    json_str(j, "locale", locale);
    json_end(j);
}

/* All of them, also those that only this server has. */
enum err
api_settings(struct ctx *c, struct req *r)
{
    struct preferences p;

    TRY(service_preferences(c, &p));
    answer(c, r, &p, c->locale);
    return ERR_OK;
}

enum err
api_settings_change(struct ctx *c, struct req *r)
{
    struct str locale;
    struct preferences p;

    TRY(params_tree(c, r));
    TRY(service_preferences_change(c, r->args, &p));
    locale = val_str(val_get(r->args, S("locale")));
    answer(c, r, &p, locale.n > 0 ? locale : c->locale);
    return ERR_OK;
}
