/*
 * Routes: tables of these entries are handed to the router at start; each entrance (api, oauth, web, inbox) has its own table and
 * its own group.  A pattern is literal segments, ":id" or ":x_id" (decimal id), ":name" (one segment, not empty), "*rest" (the tail,
 * not empty); text may stand before and after a name: "/@:acct", "/tags/:name.rss".  A literal wins over a parameter, more text around a
 * name over less, an id over a name, all over a tail.  One slash at the end of a path is ignored.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "http/http.h"

typedef enum err (*handler_fn)(struct ctx *c, struct req *r);

/* LANE_WAIT: no route's; requests that were in another one and wait for a stranger now (req_wait). */
enum lane { LANE_FAST, LANE_SLOW, LANE_WAIT, LANE_COUNT };

/* Who may call; the group's before hook enforces it. */
enum route_who {
    WHO_ANYONE,   /* a token is used when there */
    WHO_APP,      /* any valid token */
    WHO_USER,     /* a user's token, user functional (confirmed, approved, not disabled) */
    WHO_ANY_USER, /* a user's token, even when not yet confirmed or approved */
};

enum rate_class {
    RATE_NONE,   /* static files, health, well-known */
    RATE_API,    /* 300 in 5 min for a token or anonymous address, 1500 in 5 min for a user */
    RATE_MEDIA,  /* 30 in 30 min */
    RATE_DELETE, /* 30 in 30 min */
    RATE_SIGNUP, /* 5 in 30 min */
    RATE_APPS,   /* 5 in 10 min */
    RATE_LOGIN,  /* 25 in 5 min */
    RATE_PROXY,  /* 30 in 10 min */
    RATE_COUNT
};

struct route_group {
    const char *name; /* "api", "oauth", "web", "ap" */
    /* Runs before each handler of the group: token or session, scope, account state.  May fail the request. */
    enum err (*before)(struct ctx *c, struct req *r);
    /* Renders a failure; NULL: JSON {"error": …}. */
    void (*on_error)(struct ctx *c, struct req *r, enum err e);
    bool cors;        /* answer OPTIONS and send Access-Control-* */
    const char *vary; /* Vary of answers that set none; NULL: "Accept, Accept-Language, Authorization, Cookie" */
};

struct route {
    enum http_method method; /* GET answers HEAD too */
    const char *pattern;
    handler_fn fn;
    uint64_t scope; /* bits of model/scope.h: any one of them suffices; 0: none needed */
    enum route_who who;
    enum rate_class rate;
    size_t body_max; /* bytes; 0: no body */
    enum lane lane;
    const struct route_group *group; /* set by router_add */
    const char
        *shared; /* Cache-Control of answers to nobody in particular, without token and cookie; NULL: none is kept */
    int64_t deprecated_s; /* when it was given up, in UNIX time; 0: it was not */
};

struct router;

NODISCARD struct router *router_new(void);
void router_free(struct router *r);
/* Add a table; routes and g must outlive the router.  Aborts on two equal patterns. */
void router_add(struct router *r, const struct route_group *g, struct route *routes, size_t n);
/* Who renders errors for paths that no table knows. */
void router_set_fallback(struct router *r, const struct route_group *g);
/*
 * Find by method and path (undecoded, begins with a slash); fills route, route_group and params of out.  Errors: NOT_FOUND, METHOD (path
 * known; *allow gets "GET, HEAD, POST"), BAD_REQUEST (bad escape, NUL or other control, not UTF-8, a dot segment after decoding, in a
 * tail also a decoded slash or backslash).  The path is decoded once.  Loop thread: allocates from mem only; the router is not changed.
 */
NODISCARD enum err router_find(
    const struct router *r, struct arena *mem, enum http_method m, struct str path, struct req *out, struct str *allow);
/* In the order added. */
void router_each(const struct router *r, void (*fn)(void *arg, const struct route *route), void *arg);

#endif
