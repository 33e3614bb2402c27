/* Announcements and reactions to them.  https://docs.joinmastodon.org/methods/announcements/ */
#include "service/announcement.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

enum err
api_announcement_list(struct ctx *c, struct req *r)
{
    struct announcements v;
    struct json *j;

    TRY(service_announcement_list(c, &v));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < v.n; i++)
        view_announcement(c, j, &v.v[i]);
    json_end(j);
    return ERR_OK;
}

enum err
api_announcement_dismiss(struct ctx *c, struct req *r)
{
    TRY(service_announcement_dismiss(c, req_param_id(r, "id")));
    res_empty_object(c, r);
    return ERR_OK;
}

static enum err
react(struct ctx *c, struct req *r, bool on)
{
    TRY(service_announcement_react(c, req_param_id(r, "announcement_id"), req_param(r, "name"), on));
    res_empty_object(c, r);
    return ERR_OK;
}

enum err
api_announcement_react(struct ctx *c, struct req *r)
{
    return react(c, r, true);
}

enum err
api_announcement_unreact(struct ctx *c, struct req *r)
{
    return react(c, r, false);
}
