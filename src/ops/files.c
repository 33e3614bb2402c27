/*
 * Files: what people uploaded, under names that cannot be guessed, and what is embedded in the program.  Whatever a browser may think
 * of an uploaded file, it runs nothing: the type is ours, and the sandbox has no origin.
 */
#include "ops/files.h"

#include "base/arena.h"
#include "http/respond.h"
#include "http/static.h"
#include "media/media.h"
#include "text/embed.h"

#include <stdlib.h>
#include <string.h>

static enum err
get_media(struct ctx *c, struct req *r)
{
    struct str key = req_param(r, "key");
    struct media_file f;

    TRY(media_store_get(media_store_of(c->env->media), key, &f));
    res_header(c, r, "Cache-Control", S("public, max-age=31536000, immutable"));
    res_header(c, r, "Content-Security-Policy", S("default-src 'none'; sandbox; frame-ancestors 'none'"));
    res_file_take(c, r, f.fd, f.bytes, str_z(media_type_mime(f.type)));
    return ERR_OK;
}

/* ---- embedded files -------------------------------------------------------------------------------------------- */

static struct static_files *statics; /* of the process, made before the first request */

static enum err
get_static(struct ctx *c, struct req *r)
{
    return static_serve(c, r, statics, req_param(r, "name"));
}

static enum err
get_missing_avatar(struct ctx *c, struct req *r)
{
    return static_serve(c, r, statics, S("avatar.png"));
}

static enum err
get_missing_header(struct ctx *c, struct req *r)
{
    return static_serve(c, r, statics, S("header.png"));
}

/* "name.br" is the same file, compressed; sorted by name, but not always right behind it. */
static struct str
brotli_of(struct embed_files all, struct str name)
{
    char longer[128];
    const struct embed_file *f;

    CHECK(name.n + sizeof(".br") <= sizeof(longer));
    memcpy(longer, name.p, name.n);
    memcpy(longer + name.n, ".br", 3);
    f = text_embed_find(all, (struct str){ longer, name.n + 3 });
    return f == NULL ? (struct str){ 0 } : f->bytes;
}

/* Names below client/ have a hash of the content: web/build.mjs. */
static void
index_statics(void)
{
    struct embed_files all = text_embed_share();
    static struct static_file files[512];
    size_t n = 0;

    if (statics != NULL)
        return;
    for (size_t i = 0; i < all.n; i++) {
        struct str name = all.v[i].name;

        if (!str_starts(name, S("static/")) || str_ends(name, S(".br")))
            continue;
        CHECK(n < lengthof(files));
        files[n++] = (struct static_file){ .name = name.p + 7,
            .bytes = all.v[i].bytes,
            .brotli = brotli_of(all, name),
            .immutable = str_starts(name, S("static/client/")) };
    }
    statics = static_new(files, n);
}

static const struct route_group group = { .name = "files", .cors = true, .vary = "Origin" };

static struct route routes[] = {
    { HTTP_GET, "/media/:key", get_media },
    { HTTP_GET, "/static/*name", get_static },
    { HTTP_GET, "/avatars/original/missing.png", get_missing_avatar },
    { HTTP_GET, "/headers/original/missing.png", get_missing_header },
};

void
ops_file_routes(struct router *r)
{
    index_statics();
    router_add(r, &group, routes, lengthof(routes));
}
