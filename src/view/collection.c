/* Collection and CollectionItem. */
#include "view/view.h"

#include "base/conf.h"
#include "base/ctx.h"
#include "text/html.h"

void
view_collection_item(struct json *j, const char *key, const struct collection_item *i)
{
    json_obj(j, key);
    json_id(j, "id", i->id);
    json_id(j, "account_id", i->account_id);
    json_str(j, "state", str_z(collection_item_state_names[i->state])); /* those that left are not shown */
    json_time(j, "created_at", i->created_ms);
    json_end(j);
}

static void
put_tag(struct ctx *c, struct json *j, struct str name)
{
    if (name.n == 0) {
        json_null(j, "tag");
        return;
    }
    json_obj(j, "tag");
    json_str(j, "name", name);
    json_str(j, "url", view_url_tag(c, name));
    json_end(j);
}

static struct str
uri_of(struct ctx *c, const struct collection *v)
{
    return v->uri.n > 0 ? v->uri
                        : str_fmt(c->mem, "%.*s/ap/users/%lld/featured_collections/%lld", STR_ARG(c->env->conf->origin),
                              (long long)v->account_id, (long long)v->id);
}

struct str
view_url_collection(struct ctx *c, const struct collection *v)
{
    return v->uri.n > 0 ? v->url
                        : str_fmt(c->mem, "%.*s/collections/%lld", STR_ARG(c->env->conf->origin), (long long)v->id);
}

/* Descriptions of others are clean HTML. */
void
view_collection(struct ctx *c, struct json *j, const char *key, const struct collection *v)
{
    json_obj(j, key);
    json_id(j, "id", v->id);
    json_id(j, "account_id", v->account_id);
    json_str(j, "uri", uri_of(c, v));
    json_str_or_null(j, "url", view_url_collection(c, v));
    json_str(j, "name", v->name);
    json_str(j, "description", v->uri.n > 0 ? v->description : text_html_escape(c->mem, v->description));
    if (v->language.n > 0)
        json_str(j, "language", v->language);
    else
        json_null(j, "language");
    json_bool(j, "local", v->uri.n == 0);
    json_bool(j, "sensitive", v->sensitive);
    json_bool(j, "discoverable", v->discoverable);
    put_tag(c, j, v->tag);
    json_time(j, "created_at", v->created_ms);
    json_time(j, "updated_at", v->updated_ms);
    json_int(j, "item_count", (int64_t)(v->n + v->n_left_out));
    json_arr(j, "items");
    for (size_t i = 0; i < v->n; i++)
        view_collection_item(j, NULL, &v->items[i]);
    json_end(j);
    json_end(j);
}
