/* The table of the client API. */
#include "api/auth.h"
#include "api/handlers.h"

static struct route routes[] = {
#define ROUTE(method, path, fn, scope, who, rate, body, lane)                                                          \
    { HTTP_##method, path, fn, scope, who, rate, body, lane, NULL },
#include "api/routes.def"
#undef ROUTE
};

void
api_routes(struct router *r)
{
    router_add(r, &api_group, routes, lengthof(routes));
}
