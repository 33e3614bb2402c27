/* Paths of strangers: what is found has parameters that are text, and no tail leaves its root. */
#include "base/arena.h"
#include "base/utf8.h"
#include "http/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static enum err
handler(struct ctx *c, struct req *r)
{
    return ERR_OK;
}

#define R(p)                                                                                                           \
    {                                                                                                                  \
        .method = HTTP_GET, .pattern = (p), .fn = handler                                                              \
    }
static struct route routes[] = { R("/"), R("/a/:id"), R("/a/b"), R("/a/:name/c"), R("/@:acct"), R("/@:acct.rss"),
    R("/f/*rest"), R("/:name") };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct route_group group = { .name = "fuzz" };
    static struct router *router;
    struct arena *a = arena_new_heap();
    struct req r = { 0 };
    struct str allow;

    if (router == NULL) {
        router = router_new();
        router_add(router, &group, routes, lengthof(routes));
    }
    if (router_find(router, a, HTTP_GET, (struct str){ (const char *)data, n }, &r, &allow) == ERR_OK) {
        for (size_t i = 0; i < r.n_params; i++) {
            struct str v = r.params[i].value, rest = v, part;

            CHECK(v.n > 0 && utf8_valid(v) && str_chr(v, '\0') < 0);
            if (str_eqz(r.params[i].name, "rest"))
                while (str_cut(&rest, '/', &part))
                    CHECK(!str_eqz(part, "..") && !str_eqz(part, "."));
        }
    }
    arena_free(a);
    return 0;
}
