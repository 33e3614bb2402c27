/*
 * The paths that only the web client knows: one page for all of them, without anybody's data.  It loads the client, which asks for
 * the rest with the token it keeps.  doc/design/web.md
 */
#include "web/internal.h"

#include "base/conf.h"
#include "http/respond.h"
#include "text/embed.h"
#include "text/i18n.h"

enum err
web_client(struct ctx *c, struct req *r)
{
    struct web_head h = { .title = c->env->conf->domain, .noindex = true };
    struct web_page w;

    if (web_client_boot().p == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "built without the web client");
    web_begin(c, r, &h, &w);
    return web_end(&w, 200, S("client.html"));
}

static void
put_icon(struct json *j, const char *src, const char *sizes, const char *type, const char *purpose)
{
    json_obj(j, NULL);
    json_str(j, "src", str_z(src));
    json_str(j, "sizes", str_z(sizes));
    json_str(j, "type", str_z(type));
    json_str(j, "purpose", str_z(purpose));
    json_end(j);
}

static void
put_shortcut(struct json *j, struct str name, const char *url)
{
    json_obj(j, NULL);
    json_str(j, "name", name);
    json_str(j, "url", str_z(url));
    json_end(j);
}

/* What other apps of the device share goes to the composer.  https://www.w3.org/TR/appmanifest/, https://w3c.github.io/web-share-target/ */
static void
put_share_target(struct json *j)
{
    static const char *const params[] = { "title", "text", "url" };

    json_obj(j, "share_target");
    json_str(j, "action", S("/share"));
    json_str(j, "method", S("GET"));
    json_obj(j, "params");
    for (size_t i = 0; i < lengthof(params); i++)
        json_str(j, params[i], str_z(params[i]));
    json_end(j);
    json_end(j);
}

enum err
web_manifest(struct ctx *c, struct req *r)
{
    struct json *j;

    if (web_client_boot().p == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "built without the web client");
    j = res_json_type(c, r, 200, S("application/manifest+json"));
    json_obj(j, NULL);
    json_str(j, "id", S("/home"));
    json_str(j, "name", c->env->conf->domain);
    json_str(j, "short_name", c->env->conf->domain);
    json_str(j, "start_url", S("/home"));
    json_str(j, "scope", S("/"));
    json_str(j, "display", S("standalone"));
    json_str(j, "background_color", S("#fbf7f0"));
    json_str(j, "theme_color", S("#8f4710"));
    json_arr(j, "icons");
    put_icon(j, "/static/icon.svg", "any", "image/svg+xml", "any");
    put_icon(j, "/static/icon-192.png", "192x192", "image/png", "any");
    put_icon(j, "/static/icon-512.png", "512x512", "image/png", "any");
    put_icon(j, "/static/icon-maskable.png", "512x512", "image/png", "maskable");
    json_end(j);
    json_arr(j, "shortcuts");
    put_shortcut(j, text_tr(c->locale, S(N_("New post"))), "/publish");
    put_shortcut(j, text_tr(c->locale, S(N_("Notifications"))), "/notifications");
    json_end(j);
    put_share_target(j);
    json_end(j);
    res_cache(c, r, "public, max-age=3600");
    return ERR_OK;
}

enum err
web_worker(struct ctx *c, struct req *r)
{
    struct str name = text_embed_hashed(text_embed_share(), S("static/client/sw-"), S(".js"));
    const struct embed_file *f = text_embed_find(text_embed_share(), name);

    if (f == NULL)
        return ctx_fail(c, ERR_NOT_FOUND, "built without the web client");
    res_text(c, r, 200, S("text/javascript; charset=utf-8"), f->bytes);
    res_header(c, r, "Content-Security-Policy", S("default-src 'none'; connect-src 'self'; img-src 'self'"));
    res_cache(c, r, "no-cache"); /* a browser looks for a new one with each visit */
    return ERR_OK;
}
