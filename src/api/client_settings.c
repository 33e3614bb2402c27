/* What the web client keeps for its person on every device. */
#include "service/client_settings.h"
#include "api/handlers.h"

#include "http/respond.h"

static enum err
answer(struct ctx *c, struct req *r, struct str settings)
{
    struct json *j = res_json(c, r, 200);

    json_obj(j, NULL);
    json_raw(j, "settings", settings);
    json_end(j);
    return ERR_OK;
}

enum err
api_client_settings(struct ctx *c, struct req *r)
{
    struct str settings;

    TRY(service_client_settings(c, &settings));
    return answer(c, r, settings);
}

enum err
api_client_settings_change(struct ctx *c, struct req *r)
{
    struct str settings;

    TRY(params_tree(c, r));
    TRY(service_client_settings_change(c, val_get(r->args, S("settings")), &settings));
    return answer(c, r, settings);
}
