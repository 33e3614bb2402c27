/* Announcement, Reaction. */
#include "view/view.h"

#include "base/conf.h"
#include "base/ctx.h"

void
view_reaction_members(struct ctx *c, struct json *j, const struct reaction *r, bool has_viewer)
{
    json_str(j, "name", r->name);
    json_int(j, "count", r->count);
    if (has_viewer)
        json_bool(j, "me", r->me);
    if (r->emoji == NULL)
        return;
    json_str(j, "url", view_url_file(c, r->emoji->file, r->emoji->remote_url));
    json_str(j, "static_url",
        view_url_file(c, r->emoji->file_static.n > 0 ? r->emoji->file_static : r->emoji->file, r->emoji->remote_url));
}

void
view_reactions(struct ctx *c, struct json *j, const char *key, const struct reactions *v, bool has_viewer)
{
    json_arr(j, key);
    for (size_t i = 0; i < v->n; i++) {
        json_obj(j, NULL);
        view_reaction_members(c, j, &v->v[i], has_viewer);
        json_end(j);
    }
    json_end(j);
}

static void
put_mentions(struct ctx *c, struct json *j, const struct announcement *a)
{
    json_arr(j, "mentions");
    for (size_t i = 0; i < a->mentions.n; i++) {
        const struct account *m = a->mentions.v[i];

        json_obj(j, NULL);
        json_id(j, "id", m->id);
        json_str(j, "username", m->username);
        json_str(j, "url", view_url_account(c, m));
        json_str(j, "acct", account_acct(c->mem, m));
        json_end(j);
    }
    json_end(j);
}

void
view_announcement(struct ctx *c, struct json *j, const struct announcement *a)
{
    json_obj(j, NULL);
    json_id(j, "id", a->id);
    json_str(j, "content", a->content);
    json_time_or_null(j, "starts_at", a->starts_ms);
    json_time_or_null(j, "ends_at", a->ends_ms);
    json_bool(j, "all_day", a->all_day);
    json_time(j, "published_at", a->published_ms);
    json_time(j, "updated_at", a->updated_ms);
    if (a->has_viewer)
        json_bool(j, "read", a->read);
    put_mentions(c, j, a);
    view_statuses(c, j, "statuses", &a->statuses);
    json_arr(j, "tags");
    for (size_t i = 0; i < a->tags.n; i++) {
        json_obj(j, NULL);
        json_str(j, "name", a->tags.v[i]);
        json_str(j, "url", str_cat(c->mem, c->env->conf->origin, S("/tags/"), a->tags.v[i], STR_NONE));
        json_end(j);
    }
    json_end(j);
    view_emojis(c, j, "emojis", &a->emojis);
    view_reactions(c, j, "reactions", &a->reactions, a->has_viewer);
    json_end(j);
}
