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

void
api_routes(struct router *r)
{
    size_t n = 0;

    for (size_t i = 0; i < lengthof(routes); i++)
        if (routes[i].method == HTTP_PUT) {
            patches[n] = routes[i];
            patches[n++].method = HTTP_PATCH;
        }
    router_add(r, &api_group, routes, lengthof(routes));
    router_add(r, &api_group, patches, n);
}
