/* A request without a server, for unit tests of what handlers call. */
#ifndef HTTP_FAKE_TEST_H
#define HTTP_FAKE_TEST_H

#include "base/conf.h"
#include "http/http.h"
#include "http/limit.h"
#include "unit.h"

struct fake {
    struct config conf;
    struct env env;
    struct ctx c;
    struct req r;
    struct http_header headers[HTTP_HEADERS_MAX];
};

/* A GET of /x?query by 192.0.2.1; query may be NULL. */
static inline struct fake *
fake_new(const char *query)
{
    struct fake *f = arena_new(unit_mem(), struct fake);

    limit_reset();
    f->conf.origin = S("https://social.example");
    f->conf.https = true;
    f->conf.rate_limits = true;
    f->env.conf = &f->conf;
    ctx_begin(&f->c, unit_mem(), &f->env);
    f->r.headers = f->headers;
    f->r.method_text = S("GET");
    f->r.path = S("/x");
    f->r.query = str_z(query);
    f->r.body_fd = -1;
    f->r.res.fd = -1;
    f->r.client_ip = S("192.0.2.1");
    return f;
}

static inline void
fake_header(struct fake *f, const char *name, const char *value)
{
    f->headers[f->r.n_headers++] = (struct http_header){ str_z(name), str_z(value) };
}

static inline void
fake_body(struct fake *f, const char *type, struct str body)
{
    f->r.method = HTTP_POST;
    f->r.method_text = S("POST");
    f->r.body = body;
    f->r.body_n = (int64_t)body.n;
    fake_header(f, "Content-Type", type);
}

/* The first header of that name in the answer, STR_NONE when absent. */
static inline struct str
fake_answer(const struct fake *f, const char *name)
{
    for (size_t i = 0; i < f->r.res.n_headers; i++)
        if (str_eqi(f->r.res.headers[i].name, str_z(name)))
            return f->r.res.headers[i].value;
    return STR_NONE;
}

#endif
