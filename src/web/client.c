/*
 * The paths that only the web client knows: one page for all of them, without anybody's data.  It loads the client, which asks for
 * the rest with the token it keeps.  doc/design/web.md
 */
#include "web/internal.h"

#include "base/conf.h"
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
