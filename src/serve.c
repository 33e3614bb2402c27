/*
 * `dassie serve` and `dassie routes`: the table of entrances, and the order in which the parts of the server start and stop.
 * What comes in last stops first: no new requests, then no deliveries, then no jobs, then the database.
 */
#include "api/handlers.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "cli/cli.h"
#include "cli/env.h"
#include "cli/nodes.h"
#include "deliver/source.h"
#include "http/dispatch.h"
#include "http/client.h"
#include "http/limit.h"
#include "http/server.h"
#include "inbox/document.h"
#include "inbox/inbox.h"
#include "media/media.h"
#include "model/media.h"
#include "model/scope.h"
#include "oauth/oauth.h"
#include "ops/ops.h"
#include "os/signals.h"
#include "os/socket.h"
#include "queue/queue.h"
#include "stream/stream.h"
#include "service/limit.h"
#include "service/push.h"
#include "service/token.h"
#include "service/seed.h"
#include "web/web.h"
#include "view/page.h"

#include <signal.h>

extern const queue_fn job_handlers[J_COUNT]; /* jobs.c */

/* Every entrance gives its tables; the order does not matter. */
static void (*const entrances[])(struct router *r) = {
    api_routes,
    inbox_document_routes,
    oauth_routes,
    inbox_routes,
    ops_routes,
    stream_routes,
    web_routes,
};

static struct router *
make_router(const struct config *conf)
{
    struct router *r = router_new();

    if (r == NULL)
        BUG("out of memory");
    for (size_t i = 0; i < lengthof(entrances); i++)
        entrances[i](r);
    if (conf->test_clock)
        ops_test_routes(r);
    return r;
}

/* ---- routes ---------------------------------------------------------------------------------------------------- */

static const char *const method_names[HTTP_METHOD_COUNT] = { "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
    "OPTIONS" };
static const char *const who_names[] = { "anyone", "app", "user", "any_user" };
static const char *const rate_names[RATE_COUNT] = { "none", "api", "media", "delete", "signup", "apps", "login",
    "proxy" };

struct route_list {
    struct arena *mem;
    struct json *j; /* NULL: text */
};

static struct str
scope_words(struct arena *mem, uint64_t scopes)
{
    struct buf b;

    buf_init(&b, mem, KB(4));
    scope_put(&b, scopes, ' ');
    return buf_str(&b);
}

static void
print_route(void *arg, const struct route *r)
{
    struct route_list *l = arg;
    struct str scopes = scope_words(l->mem, r->scope);

    if (l->j == NULL) {
        cli_print("%-7s %-60s %-9s %-8s %-7s %.*s", method_names[r->method], r->pattern, r->group->name,
            who_names[r->who], rate_names[r->rate], STR_ARG(scopes));
        return;
    }
    json_obj(l->j, NULL);
    json_str(l->j, "method", str_z(method_names[r->method]));
    json_str(l->j, "path", str_z(r->pattern));
    json_str(l->j, "group", str_z(r->group->name));
    json_str(l->j, "scope", scopes); /* any one of them */
    json_str(l->j, "who", str_z(who_names[r->who]));
    json_str(l->j, "rate", str_z(rate_names[r->rate]));
    json_int(l->j, "body_max", (int64_t)r->body_max);
    json_bool(l->j, "deprecated", r->deprecated_s != 0);
    json_str_or_null(l->j, "shared", str_z(r->shared));
    json_end(l->j);
}

enum err
cli_routes(struct cli *cli)
{
    struct router *router = make_router(cli->conf);
    struct route_list l = { cli->c->mem, NULL };
    struct buf b;
    struct json j;
    enum err e = ERR_OK;

    if (cli_option(cli, "json", NULL)) {
        cli_json(cli, &b, &j);
        json_arr(&j, NULL);
        l.j = &j;
    }
    router_each(router, print_route, &l);
    if (l.j != NULL) {
        json_end(&j);
        e = cli_json_print(cli, &b, &j);
    }
    router_free(router);
    return e;
}

/* ---- serve ----------------------------------------------------------------------------------------------------- */

static void
reload(struct server *server, struct arena *a)
{
    struct str why;
    enum err e;

    (void)socket_notify(str_fmt(a, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)(clock_mono_ns() / 1000)));
    e = server_reload(server, a, &why);
    if (e == ERR_OK)
        log_info(NULL, "server.reload");
    else
        log_error(NULL, "server.reload", LOG_STR("detail", why));
    (void)socket_notify(S("READY=1"));
}

enum {
    LOOK_MS = SECOND_MS,
    LIMITS_EVERY_MS = 5 * SECOND_MS,
    LIMITS_PORTION = 1000,
    LIMITS_PORTIONS_MAX = 70, /* all there are */
};

/* What the last process left, before the first request: keys of hashes, and counts of rate limits.  And the web client's row. */
static enum err
load_kept(const struct env *env, struct str *why)
{
    struct arena *mem = arena_new_heap();
    struct limit_count *v;
    uint64_t seed[2], proxy_seed[2];
    struct ctx c;
    size_t n;
    enum err e;

    ctx_begin(&c, mem, env);
    e = service_seed(&c, "proxy_seed", proxy_seed);
    if (e == ERR_OK)
        e = service_seed(&c, "limit_seed", seed);
    if (e == ERR_OK)
        e = service_app_own(&c);
    if (e == ERR_OK)
        e = service_limit_load(&c, &v, &n);
    if (e == ERR_OK) {
        media_proxy_seed(proxy_seed);
        limit_seed(seed);
        limit_restore(v, n);
    } else
        *why = S("what the last process kept cannot be read");
    ctx_end(&c);
    arena_free(mem);
    return e;
}

/* Write behind: what a power cut loses is what was counted since the last time. */
static void
keep_limits(const struct env *env, int portions)
{
    struct arena *mem = arena_new_heap();
    struct limit_count v[LIMITS_PORTION];
    size_t n = LIMITS_PORTION;
    struct ctx c;

    for (; portions > 0 && n == LIMITS_PORTION && (n = limit_changed(v, LIMITS_PORTION)) > 0; portions--) {
        enum err e;

        ctx_begin(&c, mem, env);
        e = service_limit_keep(&c, v, n);
        if (e == ERR_OK) {
            limit_kept(v, n);
            log_debug(&c, "limits.keep", LOG_INT("n", (int64_t)n));
        } else {
            log_warn(&c, "limits.keep", LOG_STR("err", str_z(err_name(e))), LOG_STR("detail", c.fail.detail));
            n = 0; /* the next time */
        }
        ctx_end(&c);
    }
    arena_free(mem);
}

enum { LEARN_EVERY_MS = HOUR_MS };

/* When the main thread does what; monotonic. */
struct chores {
    int64_t learn_ms, keep_ms;
};

/* What the main thread does while no signal comes. */
static void
now_and_then(const struct env *env, struct chores *next)
{
    int64_t now = clock_mono_ms();

    nodes_tell_limits(env);
    nodes_keep_number(env);
    if (next->learn_ms <= now) {
        http_client_learn_own(env->client);
        next->learn_ms = now + LEARN_EVERY_MS;
    }
    if (next->keep_ms <= now) {
        keep_limits(env, 1);
        next->keep_ms = now + LIMITS_EVERY_MS;
    }
}

static void
run_until_stopped(struct server *server, const struct env *env, int signals)
{
    struct arena *a = arena_new_heap();
    struct chores next = { .keep_ms = clock_mono_ms() + LIMITS_EVERY_MS };
    int got = 0;

    while (got != SIGTERM && got != SIGINT) {
        got = signals_wait(signals, LOOK_MS);
        if (got == 0)
            now_and_then(env, &next);
        if (got == SIGHUP)
            reload(server, a);
        arena_reset(a);
    }
    log_info(NULL, "server.stop", LOG_INT("signal", got));
    (void)socket_notify(S("STOPPING=1"));
    arena_free(a);
}

static void
announce(const struct server *server, struct arena *a, int64_t begin_ns)
{
    struct strs addresses = server_addresses(server, a);

    for (size_t i = 0; i < addresses.n; i++)
        log_info(NULL, "server.listen", LOG_STR("addr", addresses.v[i]));
    log_info(NULL, "server.ready", LOG_STR("version", S(DASSIE_VERSION)),
        LOG_INT("us", (clock_mono_ns() - begin_ns) / 1000));
    (void)socket_notify(S("READY=1"));
}

enum { DELIVER_GRACE_MS = 5 * SECOND_MS };

/* Jobs and deliveries run while the server does. */
static enum err
run_with_jobs(struct arena *a, struct env *env, struct server *server, int signals, int64_t begin_ns, struct str *why)
{
    struct deliver *deliver = deliver_start(env);
    enum err e = deliver == NULL ? ERR_INTERNAL : queue_start(env->queue, job_handlers);

    *why = S("no threads for jobs and deliveries");
    if (e == ERR_OK) {
        announce(server, a, begin_ns);
        run_until_stopped(server, env, signals);
    }
    streams_stop(env->streams);
    server_stop(server);
    streams_free(env->streams);
    keep_limits(env, LIMITS_PORTIONS_MAX);
    deliver_stop(deliver, DELIVER_GRACE_MS);
    return e;
}

static enum err
load_push_key(struct arena *a, struct env *env, struct str *why)
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env);
    e = service_push_key(&c, a, &env->push_key);
    if (e != ERR_OK)
        *why = S("no key for push services");
    ctx_end(&c);
    arena_free(mem);
    return e;
}

static enum err
start_and_run(struct arena *a, struct env *env, const struct router *router, int signals, struct str *why)
{
    struct server_options o = { .conf = env->conf,
        .env = env,
        .router = router,
        .dispatch = http_dispatch,
        .gzip = env->conf->gzip,
        .spool_dir = str_cz(a, env->conf->data_dir) };
    int64_t begin_ns = clock_mono_ns();
    struct server *server;
    enum err e;

    TRY(env_open(a, env->conf, ENV_SERVER, env, why));
    TRY(view_pages_load(a, why));
    nodes_keep_number(env);
    TRY(load_kept(env, why));
    TRY(load_push_key(a, env, why));
    *why = S("no thread for the bus");
    TRY(nodes_join(env));
    env->streams = streams_start(env);
    *why = S("no thread for streams");
    if (env->streams == NULL)
        return ERR_INTERNAL;
    e = server_start(&o, a, &server, why);
    if (e != ERR_OK) {
        streams_stop(env->streams);
        streams_free(env->streams);
        return e;
    }
    return run_with_jobs(a, env, server, signals, begin_ns, why);
}

enum err
cli_serve(struct cli *cli)
{
    struct arena *a = arena_new_heap(); /* the process's */
    struct env env = { .conf = cli->conf };
    struct router *router;
    struct str why = STR_NONE;
    int signals;
    enum err e;

    TRY(signals_block(&signals)); /* before the first thread */
    router = make_router(cli->conf);
    e = start_and_run(a, &env, router, signals, &why);
    if (env.media != NULL)
        media_stop(env.media); /* requests are done; jobs try again after the next start */
    if (env.queue != NULL)
        queue_stop(env.queue);
    nodes_leave(&env);
    env_close(&env);
    router_free(router);
    if (e != ERR_OK)
        (void)ctx_fail_public(cli->c, e, "%.*s", STR_ARG(why));
    arena_free(a);
    return e;
}
