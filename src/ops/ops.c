/* Health, metrics and the clock of tests. */
#include "ops/ops.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/metric.h"
#include "db/db.h"
#include "http/params.h"
#include "http/respond.h"
#include "ops/files.h"

/* ---- /health --------------------------------------------------------------------------------------------------- */

static enum err
check(struct ctx *c)
{
    int version;

    return db_schema_version(c, &version) == ERR_OK ? ERR_OK : ERR_BUSY;
}

static enum err
get_health(struct ctx *c, struct req *r)
{
    TRY(check(c));
    res_text(c, r, 200, S("text/plain; charset=utf-8"), S("OK"));
    return ERR_OK;
}

static enum err
get_health_json(struct ctx *c, struct req *r)
{
    struct json *j;

    TRY(check(c));
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_str(j, "status", S("OK"));
    json_end(j);
    return ERR_OK;
}

/* ---- /metrics -------------------------------------------------------------------------------------------------- */

/* Only for this machine: a reverse proxy says for whom it asks, so what came through one is from elsewhere. */
static bool
is_neighbour(struct ctx *c, const struct req *r)
{
    struct cidr loopback;
    struct ip ip;

    if (req_header(c, r, S("X-Forwarded-For")).p != NULL || req_header(c, r, S("Forwarded")).p != NULL)
        return false;
    if (str_eqz(r->client_ip, "unix") || str_eqz(r->client_ip, "::1"))
        return true;
    return cidr_parse(S("127.0.0.0/8"), &loopback) && ip_parse(r->client_ip, &ip) && cidr_has(&loopback, &ip);
}

static enum err
get_metrics(struct ctx *c, struct req *r)
{
    struct buf b;

    if (!is_neighbour(c, r))
        return ctx_fail(c, ERR_NOT_FOUND, "metrics are for this machine only");
    buf_init(&b, c->mem, MB(1));
    metric_render(&b);
    if (!buf_ok(&b))
        return ctx_fail(c, ERR_INTERNAL, "metrics pass 1 MB");
    res_text(c, r, 200, S("text/plain; version=0.0.4; charset=utf-8"), buf_str(&b));
    return ERR_OK;
}

/* ---- POST /test/clock ------------------------------------------------------------------------------------------ */

struct clock_params {
    int64_t shift_ms;
};

static enum err
post_clock(struct ctx *c, struct req *r)
{
    static const struct field fields[] = {
        FIELD(clock_params, shift_ms, P_INT, .min = -INT64_C(36500) * DAY_MS, .max = INT64_C(36500) * DAY_MS,
            .required = true),
    };
    struct clock_params p = { 0 };
    struct json *j;

    TRY(params_read(c, r, fields, lengthof(fields), &p));
    clock_shift(p.shift_ms);
    j = res_json(c, r, 200);
    json_obj(j, NULL);
    json_time(j, "now", clock_ms());
    json_end(j);
    return ERR_OK;
}

static const struct route_group group = { .name = "ops" };

static struct route routes[] = {
    { HTTP_GET, "/health", get_health },
    { HTTP_GET, "/health.json", get_health_json },
    { HTTP_GET, "/metrics", get_metrics },
};

static struct route test_routes[] = {
    { HTTP_POST, "/test/clock", post_clock, .body_max = 4096 },
};

void
ops_routes(struct router *r)
{
    router_add(r, &group, routes, lengthof(routes));
    ops_file_routes(r);
}

void
ops_test_routes(struct router *r)
{
    router_add(r, &group, test_routes, lengthof(test_routes));
}
