/*
 * The dispatcher: the fixed order of what happens to a request.  It knows no accounts and no pages: groups bring their own `before` and
 * `on_error`.  Every answer, also an error, leaves through finish().
 */
#include "http/dispatch.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/date.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/rng.h"
#include "http/limit.h"
#include "http/respond.h"

enum { REQUEST_ID_BYTES = 12, HEADERS_RESERVED = 15 };

static const char exposed_headers[] = "Link, Mastodon-Async-Refresh, X-RateLimit-Limit, X-RateLimit-Remaining, "
                                      "X-RateLimit-Reset, X-Request-Id";

static bool
has_header(const struct req *r, struct str name)
{
    for (size_t i = 0; i < r->res.n_headers; i++)
        if (str_eqi(r->res.headers[i].name, name))
            return true;
    return false;
}

static void
add_default(struct ctx *c, struct req *r, const char *name, struct str value)
{
    if (!has_header(r, str_z(name)))
        res_header(c, r, name, value);
}

static bool
is_cors(const struct req *r)
{
    return r->route_group != NULL && r->route_group->cors;
}

/* ---- the steps ------------------------------------------------------------------------------------------------- */

/* OPTIONS of a known path: what may be done with it; with CORS the preflight's answer.  https://fetch.spec.whatwg.org/ */
static void
answer_options(struct ctx *c, struct req *r)
{
    res_status(c, r, 204);
    res_header(c, r, "Allow", r->route_allow);
    if (!is_cors(r) || req_header(c, r, S("Access-Control-Request-Method")).p == NULL)
        return;
    res_header(c, r, "Access-Control-Allow-Methods", r->route_allow);
    res_header(c, r, "Access-Control-Allow-Headers", req_header(c, r, S("Access-Control-Request-Headers")));
    res_header(c, r, "Access-Control-Max-Age", S("7200"));
}

static enum err
handle(struct ctx *c, struct req *r)
{
    enum err e = ERR_OK, limited;

    if (r->route_err == ERR_METHOD && r->method == HTTP_OPTIONS) {
        answer_options(c, r);
        return ERR_OK;
    }
    if (r->route_err != ERR_OK)
        return r->route_err;
    TRY(limit_before(c, r));
    if (r->route->group->before != NULL)
        e = r->route->group->before(c, r);
    limited = limit_after(c, r, e);
    if (limited != ERR_OK)
        return limited;
    if (e != ERR_OK)
        return e;
    return r->route->fn(c, r);
}

/* ---- the body -------------------------------------------------------------------------------------------------- */

/* Close what the handler wrote.  An answer that is too large or missing is our mistake. */
static enum err
check_answer(struct ctx *c, struct req *r)
{
    if (r->res.status == 0)
        return ctx_fail(c, ERR_INTERNAL, "%s gave no answer", r->route == NULL ? "?" : r->route->pattern);
    if (r->res.json.b != NULL && !json_done(&r->res.json))
        return ctx_fail(c, ERR_INTERNAL, "the answer passes %d bytes", RES_BODY_BYTES_MAX);
    return ERR_OK;
}

static void
render_error(struct ctx *c, struct req *r, enum err e)
{
    void (*on_error)(struct ctx *, struct req *, enum err) = r->route_group == NULL ? NULL : r->route_group->on_error;

    r->res.n_headers = 0;
    if (on_error != NULL)
        on_error(c, r, e);
    if (on_error == NULL || check_answer(c, r) != ERR_OK)
        respond_error(c, r, e);
}

/* Came it without anything that says who asks?  A token that is none counts too: caches do not know that. */
static bool
is_from_nobody(struct ctx *c, const struct req *r)
{
    return c->who.token_id == 0 && c->who.user_id == 0 && req_header(c, r, S("Authorization")).p == NULL &&
           req_header(c, r, S("Cookie")).p == NULL && str_find(r->query, S("access_token")) < 0;
}

static void
share(struct ctx *c, struct req *r)
{
    if (r->route != NULL && r->route->shared != NULL && r->res.status == 200 && r->res.kind == RES_BODY &&
        is_from_nobody(c, r))
        res_cache(c, r, r->route->shared);
}

static void
add_etag(struct ctx *c, struct req *r)
{
    static const uint64_t keys[2][2] = { { 1, 2 }, { 3, 4 } };
    struct str body = buf_str(&r->res.body);

    if (!r->res.etag || r->res.status != 200 || r->res.kind != RES_BODY ||
        (r->method != HTTP_GET && r->method != HTTP_HEAD))
        return;
    (void)res_not_modified(c, r,
        str_fmt(c->mem, "%016llx%016llx", (unsigned long long)str_hash_keyed(body, keys[0]),
            (unsigned long long)str_hash_keyed(body, keys[1])));
}

/* ---- headers, metrics, log ------------------------------------------------------------------------------------- */

static void
add_headers(struct ctx *c, struct req *r)
{
    const char *vary = r->route_group == NULL ? NULL : r->route_group->vary;

    res_header(c, r, "X-Request-Id", c->request_id);
    add_default(c, r, "X-Content-Type-Options", S("nosniff"));
    add_default(c, r, "Referrer-Policy", S("same-origin"));
    add_default(c, r, "Vary", vary == NULL ? S("Accept, Accept-Language, Authorization, Cookie") : str_z(vary));
    add_default(c, r, "Cache-Control", S("private, no-store"));
    /* Whoever serves pages says what they may load; everything else is data and loads nothing. */
    add_default(c, r, "Content-Security-Policy", S("default-src 'none'; frame-ancestors 'none'"));
    if (r->route != NULL && r->route->deprecated_s != 0) /* https://www.rfc-editor.org/rfc/rfc9745 */
        res_header(c, r, "Deprecation", str_fmt(c->mem, "@%lld", (long long)r->route->deprecated_s));
    if (c->env->conf->https)
        add_default(c, r, "Strict-Transport-Security", S("max-age=31536000"));
    if (is_cors(r)) {
        res_header(c, r, "Access-Control-Allow-Origin", S("*"));
        res_header(c, r, "Access-Control-Expose-Headers", str_z(exposed_headers));
    }
    if (r->limit.limit > 0) {
        struct str reset = date_iso_s(c->mem, r->limit.reset_ms);

        reset = str_cat(c->mem, str_sub(reset, 0, reset.n - 1), S(".000000Z"), STR_NONE);
        res_header(c, r, "X-RateLimit-Limit", str_fmt(c->mem, "%lld", (long long)r->limit.limit));
        res_header(c, r, "X-RateLimit-Remaining", str_fmt(c->mem, "%lld", (long long)r->limit.remaining));
        res_header(c, r, "X-RateLimit-Reset", reset);
    }
}

static void
count_answer(const struct req *r, int64_t took_ns)
{
    static const enum metric classes[] = { METRIC_HTTP_2XX, METRIC_HTTP_3XX, METRIC_HTTP_4XX, METRIC_HTTP_5XX };
    int class = r->res.status / 100;

    if (class >= 2 && class <= 5)
        metric_add(classes[class - 2], 1);
    metric_observe(METRIC_HTTP_SECONDS, took_ns);
}

/* No query (it may hold a token), no address, no user agent: what an operator needs, nothing about people. */
static void
log_request(const struct ctx *c, const struct req *r, enum err e, int64_t took_ns)
{
    struct log_field f[12] = { LOG_STR("method", r->method_text), LOG_STR("path", r->path),
        LOG_INT("status", r->res.status), LOG_INT("us", took_ns / 1000) };
    size_t n = 4;
    bool ours = err_status(e) >= 500;

    if (r->res.kind == RES_BODY)
        f[n++] = LOG_INT("bytes", (int64_t)r->res.body.n);
    if (c->who.user_id != 0)
        f[n++] = LOG_INT("user", c->who.user_id);
    if (e != ERR_OK) {
        f[n++] = LOG_STR("err", str_z(err_name(e)));
        if (c->fail.err == e && c->fail.field.n > 0)
            f[n++] = LOG_STR("field", c->fail.field);
        if (c->fail.err == e && c->fail.detail.n > 0)
            f[n++] = LOG_STR("detail", c->fail.detail);
    }
    log_write(ours ? LOG_LEVEL_WARN : LOG_LEVEL_INFO, c, "http", f);
}

void
http_dispatch(struct ctx *c, struct req *r)
{
    enum err e;
    int64_t took_ns;

    if (c->request_id.n == 0)
        c->request_id = rng_hex(c->mem, REQUEST_ID_BYTES);
    r->res.fd = -1;
    e = handle(c, r);
    ctx_release(c); /* a transaction left open by a failure ends here, not when the client has read the answer */
    if (e == ERR_OK && r->wait == WAIT_ASKED)
        return; /* it comes again */
    if (e == ERR_OK)
        e = check_answer(c, r);
    if (e != ERR_OK)
        render_error(c, r, e);
    share(c, r);
    add_etag(c, r);
    CHECK(r->res.n_headers + HEADERS_RESERVED <= lengthof(r->res.headers));
    add_headers(c, r);
    took_ns = clock_mono_ns() - r->begin_mono_ns;
    count_answer(r, took_ns);
    log_request(c, r, e, took_ns);
}
