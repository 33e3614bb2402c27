/*
 * What happens to every request on its worker thread, in this order: the router's result, OPTIONS and CORS preflight, rate limit, the
 * group's `before`, rate limit of the user, the handler, the error page, then headers, metrics and one line of log.
 */
#ifndef HTTP_DISPATCH_H
#define HTTP_DISPATCH_H

#include "http/route.h"

/* r is filled by the server core with the result of router_find().  Afterwards r->res is complete; c still has to be ended. */
void http_dispatch(struct ctx *c, struct req *r);

#endif
