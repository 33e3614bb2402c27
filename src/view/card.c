/* PreviewCard and Trends::Link. */
#include "view/view.h"

#include "base/ctx.h"

static void
put_authors(struct ctx *c, struct json *j, const struct card *k)
{
    json_arr(j, "authors");
    if (k->creator != NULL || k->author_name.n > 0 || k->author_url.n > 0) {
        json_obj(j, NULL);
        json_str(j, "name", k->author_name);
        json_str(j, "url", k->author_url);
        if (k->creator != NULL)
            view_account(c, j, "account", k->creator);
        else
            json_null(j, "account");
        json_end(j);
    }
    json_end(j);
}

static void
put_members(struct ctx *c, struct json *j, const struct card *k)
{
    json_str(j, "url", k->link);
    json_str(j, "title", k->title);
    json_str(j, "description", k->description);
    json_str_or_null(j, "language", k->language);
    json_str(j, "type", str_z(card_kind_names[k->kind]));
    json_str(j, "author_name", k->author_name);
    json_str(j, "author_url", k->author_url);
    json_str(j, "provider_name", k->provider_name);
    json_str(j, "provider_url", k->provider_url);
    json_str(j, "html", k->html);
    json_int(j, "width", k->width);
    json_int(j, "height", k->height);
    json_str_or_null(j, "image", k->image.n > 0 ? view_url_file(c, k->image, S("")) : S(""));
    json_str(j, "image_description", k->image_text);
    json_str(j, "embed_url", k->embed_url);
    json_str_or_null(j, "blurhash", k->blurhash);
    json_time_or_null(j, "published_at", k->published_ms);
    put_authors(c, j, k);
    json_bool(j, "missing_attribution", !k->creator_ok && k->creator_id != 0 && k->creator_id == c->who.account_id);
}

void
view_card(struct ctx *c, struct json *j, const char *key, const struct card *k)
{
    json_obj(j, key);
    put_members(c, j, k);
    json_end(j);
}

void
view_trend_link(struct ctx *c, struct json *j, const struct card *k)
{
    json_obj(j, NULL);
    put_members(c, j, k);
    view_history(j, k->history);
    json_end(j);
}
