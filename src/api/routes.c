/* The table of the client API. */
#include "api/auth.h"
#include "api/handlers.h"

static struct route routes[] = {
#define ROUTE(method, path, fn, scope, who, rate, body, lane)                                                          \
    { HTTP_##method, path, fn, scope, who, rate, body, lane, NULL },
#include "api/routes.def"
#undef ROUTE
};

/* The published API takes PATCH wherever it takes PUT. */
static struct route patches[lengthof(routes)];

static const struct deprecation {
    enum http_method method;
    const char *pattern;
    int64_t since_s;
} deprecations[] = {
#define DEPRECATED(method, path, since) { HTTP_##method, path, since },
#include "api/deprecated.def"
#undef DEPRECATED
};

static const char briefly[] = "public, max-age=15, stale-while-revalidate=30, stale-if-error=86400";
static const char a_while[] = "public, max-age=300, stale-while-revalidate=30, stale-if-error=86400";

static const struct cached {
    const char *pattern, *how;
} cached[] = {
#define BRIEFLY briefly
#define A_WHILE a_while
#define CACHED(path, how) { path, how },
#include "api/cached.def"
#undef CACHED
#undef A_WHILE
#undef BRIEFLY
};

/* Patterns that differ at most in the names of their parameters. */
static bool
same_shape(struct str a, struct str b)
{
    struct str x, y;

    for (;;) {
        bool more = str_cut(&a, '/', &x);

        if (str_cut(&b, '/', &y) != more)
            return false;
        if (!more)
            return true;
        if (!str_eq(x, y) && !(str_starts(x, S(":")) && str_starts(y, S(":"))))
            return false;
    }
}

static int64_t
deprecated_since(const struct route *r)
{
    for (size_t i = 0; i < lengthof(deprecations); i++)
        if (deprecations[i].method == r->method && same_shape(str_z(deprecations[i].pattern), str_z(r->pattern)))
            return deprecations[i].since_s;
    return 0;
}

static const char *
how_shared(const struct route *r)
{
    for (size_t i = 0; r->method == HTTP_GET && i < lengthof(cached); i++)
        if (same_shape(str_z(cached[i].pattern), str_z(r->pattern)))
            return cached[i].how;
    return NULL;
}

void
api_routes(struct router *r)
{
    size_t n = 0;

    for (size_t i = 0; i < lengthof(routes); i++) {
        routes[i].deprecated_s = deprecated_since(&routes[i]);
        routes[i].shared = how_shared(&routes[i]);
    }

    for (size_t i = 0; i < lengthof(routes); i++)
        if (routes[i].method == HTTP_PUT) {
            patches[n] = routes[i];
            patches[n++].method = HTTP_PATCH;
        }
    router_add(r, &api_group, routes, lengthof(routes));
    router_add(r, &api_group, patches, n);
}
