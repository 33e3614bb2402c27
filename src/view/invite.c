/* Invites and ways in: what has no counterpart in Mastodon's API. */
#include "view/view.h"

#include "base/conf.h"
#include "base/ctx.h"

void
view_invite(struct ctx *c, struct json *j, const struct invite *i)
{
    json_obj(j, NULL);
    json_id(j, "id", i->id);
    json_str(j, "code", i->code);
    json_str(j, "url", str_cat(c->mem, c->env->conf->origin, S("/invite/"), i->code, STR_NONE));
    json_str(j, "comment", i->comment);
    json_int(j, "uses", i->uses);
    if (i->max_uses > 0)
        json_int(j, "max_uses", i->max_uses);
    else
        json_null(j, "max_uses");
    json_bool(j, "autofollow", i->autofollow);
    json_time(j, "created_at", i->created_ms);
    json_time_or_null(j, "expires_at", i->expires_ms);
    json_end(j);
}

void
view_session(struct json *j, const struct session *s)
{
    json_obj(j, NULL);
    json_id(j, "id", s->id);
    json_str(j, "kind", S("browser"));
    json_str(j, "name", s->user_agent);
    json_str_or_null(j, "ip", s->ip);
    json_null(j, "scopes");
    json_time(j, "created_at", s->created_ms);
    json_time_or_null(j, "used_at", s->used_ms);
    json_bool(j, "current", false);
    json_end(j);
}

void
view_login(struct json *j, const struct login *l)
{
    json_obj(j, NULL);
    json_id(j, "id", l->id);
    json_bool(j, "success", l->success);
    json_str(j, "method", str_z(login_method_names[l->method]));
    json_str_or_null(j, "ip", l->ip);
    json_str(j, "user_agent", l->user_agent);
    json_time(j, "created_at", l->created_ms);
    json_end(j);
}

void
view_session_app(struct json *j, const struct token *t, bool current)
{
    json_obj(j, NULL);
    json_id(j, "id", t->id);
    json_str(j, "kind", S("app"));
    json_str(j, "name", t->app_name);
    json_null(j, "ip");
    json_str(j, "scopes", t->scope_text);
    json_time(j, "created_at", t->created_ms);
    json_time_or_null(j, "used_at", t->used_ms);
    json_bool(j, "current", current);
    json_end(j);
}
