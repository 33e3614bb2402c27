/* Redirects: the Location is a path of ours, an http(s) URL that parses, or a scheme that browsers do not run. */
#include "base/arena.h"
#include "base/conf.h"
#include "base/url.h"
#include "http/respond.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct config conf = { 0 };
    struct env env = { .conf = &conf };
    struct arena *a = arena_new_heap();
    struct req r = { .body_fd = -1 };
    struct ctx c;
    struct str to;
    struct url u;

    ctx_begin(&c, a, &env);
    res_redirect(&c, &r, 302, (struct str){ (const char *)data, n });
    to = r.res.headers[0].value;
    for (size_t i = 0; i < to.n; i++)
        CHECK(to.p[i] > ' ' && to.p[i] < 0x7f && to.p[i] != '\\');
    if (str_startsi(to, S("http:")) || str_startsi(to, S("https:")))
        CHECK(url_parse(a, to, &u));
    else
        CHECK(
            to.p[0] == '/' ? to.n == 1 || to.p[1] != '/' : !str_startsi(to, S("javascript:")) && str_chr(to, ':') > 0);
    arena_free(a);
    return 0;
}
