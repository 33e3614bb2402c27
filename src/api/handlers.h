/*
 * Handlers of the client API: one line each in routes.def, which gives the prototypes.  A handler reads, calls a service, shows.
 * Worker threads only; src/api/auth.c has checked token, scope and account before.
 */
#ifndef API_HANDLERS_H
#define API_HANDLERS_H

#include "http/http.h"
#include "http/params.h"
#include "http/route.h"
#include "model/scope.h"
#include "base/page.h"

#define ROUTE(method, path, fn, scope, who, rate, body, lane) enum err fn(struct ctx *c, struct req *r);
#include "api/routes.def"
#undef ROUTE

struct media_given;
struct status;

/* One status with 200. */
NODISCARD enum err api_answer_status(struct ctx *c, struct req *r, const struct status *s);
/* A part of a body as the media service takes it. */
void api_media_file(const struct upload *u, struct media_given *out);
/* Link header of a list whose cursors are rows of a relation. */
void api_page_cursors(struct ctx *c, struct req *r, const struct page *p, enum page_style style,
    const struct cursor_ids *v, const char *const *keep);

/* All of routes.def, for main. */
void api_routes(struct router *r);

#endif
