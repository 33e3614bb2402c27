/* /collections/123: whom somebody recommends. */
#include "web/internal.h"

#include "ap/uri.h"
#include "base/arena.h"
#include "base/conf.h"
#include "service/collection.h"
#include "text/html.h"
#include "view/view.h"

static struct account *
find(const struct accounts *people, int64_t id)
{
    for (size_t i = 0; i < people->n; i++)
        if (people->v[i]->id == id)
            return people->v[i];
    return NULL;
}

static struct web_head
make_head(struct ctx *c, const struct collection *k, const struct account *owner)
{
    return (struct web_head){
        .title = k->name,
        .description = k->sensitive ? S("") : k->description,
        .path = str_fmt(c->mem, "/collections/%lld", (long long)k->id),
        .author = account_handle(c->mem, owner, c->env->conf->domain),
        .ap_id = ap_uri(c->mem, c->env->conf->origin, AP_URI_FEATURED_COLLECTION, k->account_id, k->id),
        .noindex = !k->discoverable || k->sensitive || owner->silenced_ms != 0,
    };
}

static void
put_topic(struct web_page *w, const struct collection *k)
{
    if (k->tag.n == 0)
        return;
    json_obj(&w->j, "topic");
    json_str(&w->j, "name", str_cat(w->c->mem, S("#"), k->tag, STR_NONE));
    json_str(&w->j, "url", view_url_tag(w->c, k->tag));
    json_end(&w->j);
}

static void
put_members(struct web_page *w, const struct collection *k, const struct accounts *people)
{
    json_arr(&w->j, "members");
    for (size_t i = 0; i < k->n; i++) {
        const struct account *a = find(people, k->items[i].account_id);

        if (a == NULL)
            continue;
        json_obj(&w->j, NULL);
        web_put_author(w, a);
        json_str(&w->j, "note", web_excerpt(w->c, text_html_to_plain(w->c->mem, a->note), 150));
        json_end(&w->j);
    }
    json_end(&w->j);
}

/* The caller is a stranger: what others than its readers may not see is as absent as what does not exist. */
enum err
web_collection(struct ctx *c, struct req *r)
{
    const struct account *owner;
    struct accounts people;
    struct collection *k;
    struct web_head h;
    struct web_page w;

    TRY(service_collection_get(c, req_param_id(r, "id"), &k, &people));
    owner = find(&people, k->account_id);
    CHECK(owner != NULL);
    if (k->uri.n > 0)
        return web_answer_elsewhere(
            c, r, k->url.n > 0 ? k->url : k->uri, account_handle(c->mem, owner, c->env->conf->domain));
    h = make_head(c, k, owner);
    if (web_redirect_ap(c, r, h.ap_id))
        return ERR_OK;
    web_begin(c, r, &h, &w);
    json_str(&w.j, "title", k->name);
    json_str(&w.j, "text", k->description);
    json_str_or_null(&w.j, "content_lang", k->language);
    json_bool(&w.j, "sensitive", k->sensitive);
    web_put_author(&w, owner);
    put_topic(&w, k);
    put_members(&w, k, &people);
    return web_end(&w, 200, S("collection.html"));
}
