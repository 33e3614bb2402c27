/* Reactions to posts: ours, not Mastodon's; the entities are those of announcements. */
#include "service/reaction.h"
#include "api/handlers.h"

#include "http/respond.h"
#include "view/view.h"

static enum err
react(struct ctx *c, struct req *r, bool on)
{
    struct status *s;

    TRY(service_reaction_set(c, req_param_id(r, "status_id"), req_param(r, "name"), on, &s));
    return api_answer_status(c, r, s);
}

enum err
api_status_react(struct ctx *c, struct req *r)
{
    return react(c, r, true);
}

enum err
api_status_unreact(struct ctx *c, struct req *r)
{
    return react(c, r, false);
}

/* Each reaction with the newest people behind it. */
enum err
api_status_reactions(struct ctx *c, struct req *r)
{
    struct reactors who;
    struct status *s;
    struct json *j;

    TRY(service_reaction_list(c, req_param_id(r, "status_id"), &s, &who));
    j = res_json(c, r, 200);
    json_arr(j, NULL);
    for (size_t i = 0; i < s->reactions.n; i++) {
        const struct reaction *one = &s->reactions.v[i];

        json_obj(j, NULL);
        view_reaction_members(c, j, one, s->has_viewer);
        json_arr(j, "accounts");
        for (size_t k = 0; k < who.n; k++)
            if (str_eq(who.v[k].name, one->name))
                view_account(c, j, NULL, who.v[k].account);
        json_end(j);
        json_end(j);
    }
    json_end(j);
    return ERR_OK;
}
