/*
 * A request and its response, as handlers see them.  Filled by the server core (server.c, conn.c, parse.c), run on a worker
 * thread, answered by the functions of respond.h.  Everything lives in the request's arena.
 */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/json.h"

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_METHOD_COUNT };

enum { HTTP_PARAMS_MAX = 6, HTTP_HEADERS_MAX = 100 };

struct http_header {
    struct str name; /* as sent; compare with str_eqi */
    struct str value;
};

struct path_param {
    struct str name;  /* without ':' */
    struct str value; /* percent-decoded once, valid UTF-8, no NUL */
    int64_t id;       /* for :id and :*_id patterns */
};

enum res_kind { RES_BODY, RES_FILE, RES_STREAM };

struct res {
    int status; /* 0: nothing answered yet */
    enum res_kind kind;
    struct http_header headers[32];
    size_t n_headers;
    struct str content_type;
    struct buf body;
    struct json json; /* on body, after res_json() */
    int fd;           /* RES_FILE: closed by the core */
    int64_t file_off, file_n;
    struct stream_take *stream; /* RES_STREAM: see stream.h */
    bool etag;                  /* res_cache(): the dispatcher adds an ETag of the finished body */
};

/* The rate limit that is closest to its end, for the X-RateLimit-* headers. */
struct req_limit {
    int64_t limit, remaining; /* limit 0: none counted */
    int64_t reset_ms;
};

/* Where a handler stands that may have to wait for a stranger. */
enum req_wait {
    WAIT_NOT,
    WAIT_ASKED,
    WAIT_RUNS,   /* this is the second run, on a thread that may wait */
    WAIT_REFUSED /* this is the second run, and there is no place */
};
enum { REQ_SHARES = 2 };

struct req {
    enum http_method method;
    struct str method_text; /* "get" in lower case for signatures comes from method */
    struct str target;      /* exactly as on the request line */
    struct str path;        /* of target, undecoded */
    struct str query;       /* of target, undecoded, p NULL when there is no '?' */
    const struct http_header *headers;
    size_t n_headers;
    struct str host; /* Host field, lower case, validated */
    struct str body; /* in memory when body_fd < 0 */
    int body_fd;     /* or an unlinked temporary file with body_n bytes, at offset 0; the core closes it */
    int64_t body_n;
    struct str client_ip; /* after trusted proxies; "unix" for a Unix socket without X-Forwarded-For */
    bool https;           /* as the client sees it */
    int64_t begin_mono_ns;

    const struct route *route; /* NULL: see route_err */
    enum err route_err;        /* what router_find said: OK, NOT_FOUND, METHOD, BAD_REQUEST */
    struct str route_allow;    /* for METHOD: "GET, POST" */
    const struct route_group
        *route_group; /* of route; else of the nearest known path, which renders the error; may be NULL */
    struct path_param params[HTTP_PARAMS_MAX];
    size_t n_params;
    const struct val *args;     /* query, form, multipart and JSON in one tree, once params_tree() was called */
    const struct upload *files; /* parts of a multipart body with a file name: see params.h */
    size_t n_files;
    struct req_limit limit;
    void *group; /* for the route group's `before` hook, e.g. the web session */
    enum req_wait wait;
    int64_t wait_mono_ms; /* since when */
    uint64_t wait_shares[REQ_SHARES];

    struct res res;
};

/* A header's value; several are joined with ", "; STR_NONE when absent.  name in any case. */
struct str req_header(struct ctx *c, const struct req *r, struct str name);
/*
 * Before a handler waits for a server elsewhere: it returns ERR_OK, having answered and written nothing, and is run once more from its
 * beginning, on one of many threads that do little but wait, so that the others go on.  Then r->wait says WAIT_RUNS, or WAIT_REFUSED when
 * the line is too long.  host, address: who is waited for, and who asks; each has a share of the threads and of the line.
 */
void req_wait(struct req *r, struct str host, struct str address);
/* The whole body as bytes: what is in memory, or the spool file mapped until the end of the request. */
NODISCARD enum err req_body(struct ctx *c, const struct req *r, struct str *out);
/* Path parameter by name: its text, or its number for id patterns.  The route has it, or this is a bug. */
struct str req_param(const struct req *r, const char *name);
int64_t req_param_id(const struct req *r, const char *name);
/* Cookie by name, STR_NONE when absent. */
struct str req_cookie(struct ctx *c, const struct req *r, struct str name);

#endif
