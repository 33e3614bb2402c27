/* /settings/moving: accounts elsewhere that are the same person, and leaving for one of them. */
#include "base/conf.h"
#include "http/limit.h"
#include "http/respond.h"
#include "oauth/internal.h"
#include "service/move.h"
#include "view/page.h"

static void
put_aliases(struct ctx *c, struct json *j, const struct aliases *v)
{
    json_arr(j, "aliases");
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        json_str(j, "uri", v->v[i].uri);
        json_str(j, "shown",
            v->v[i].account != NULL ? account_handle(c->mem, v->v[i].account, c->env->conf->domain) : v->v[i].uri);
        json_end(j);
    }
    json_end(j);
}

static enum err
show(struct ctx *c, struct req *r, int status, struct str error)
{
    struct move_state state;
    struct aliases aliases;
    struct page_out p;

    TRY(service_move_state(c, &state));
    TRY(service_alias_list(c, &aliases));
    oauth_page_begin(c, r, &p);
    put_aliases(c, &p.j, &aliases);
    json_bool(&p.j, "has_moved", state.me->moved_to_id != 0);
    if (state.me->moved != NULL)
        json_str(&p.j, "moved", account_handle(c->mem, state.me->moved, c->env->conf->domain));
    json_bool(&p.j, "must_wait", state.next_ms != 0);
    json_str(&p.j, "acct", oauth_arg(r, "acct"));
    if (error.n > 0)
        json_str(&p.j, "error", error);
    return oauth_page_send(c, r, &p, status, "auth_moving.html");
}

enum err
oauth_moving_get(struct ctx *c, struct req *r)
{
    return show(c, r, 200, STR_NONE);
}

/* Back to the page; what was wrong with the form stands in it. */
static enum err
answer(struct ctx *c, struct req *r, enum err e)
{
    if (e == ERR_INVALID || e == ERR_FORBIDDEN || e == ERR_NOT_FOUND) {
        struct str text = respond_error_text(c, e);

        ctx_ok(c);
        return show(c, r, err_status(e), text);
    }
    TRY(e);
    res_redirect(c, r, 303, S("/settings/moving"));
    return ERR_OK;
}

enum err
oauth_alias_post(struct ctx *c, struct req *r)
{
    struct alias added;

    return answer(c, r, service_alias_add(c, oauth_arg(r, "acct"), &added));
}

enum err
oauth_alias_end_post(struct ctx *c, struct req *r)
{
    return answer(c, r, service_alias_remove(c, oauth_arg(r, "uri")));
}

enum err
oauth_move_post(struct ctx *c, struct req *r)
{
    bool redirect_only = str_eqz(oauth_arg(r, "how"), "point");
    struct move_state state;

    TRY(limit_take_id(c, r, LIMIT_PASSWORD, c->who.user_id));
    return answer(
        c, r, service_move_start(c, oauth_arg(r, "acct"), oauth_arg(r, "current_password"), !redirect_only, &state));
}

enum err
oauth_move_undo_post(struct ctx *c, struct req *r)
{
    struct move_state state;

    return answer(c, r, service_move_undo(c, &state));
}
