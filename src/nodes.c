/* One process among several on one database: what they tell each other.  Streams listen to the hub by themselves. */
#include "cli/nodes.h"

#include "base/arena.h"
#include "base/blob.h"
#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "db/db.h"
#include "http/limit.h"
#include "hub/bridge.h"
#include "hub/hub.h"
#include "service/homes.h"
#include "service/node.h"

#define LIMITS_TOPIC S("limits")

enum { LIMITS_PORTION = 500, LIMITS_BYTES_MAX = KB(64) };

/* ---- rate limits ---------------------------------------------------------------------------------------------------- */

static void
write_count(struct json *j, const struct limit_count *k)
{
    json_arr(j, NULL);
    json_int(j, NULL, (int64_t)k->key);
    json_int(j, NULL, k->used);
    json_int(j, NULL, k->end_ms);
    json_end(j);
}

static void
tell_limits(struct hub *hub, struct arena *mem, const struct limit_count *v, size_t n)
{
    struct blob *blob;
    struct buf b;
    struct json j;

    buf_init(&b, mem, LIMITS_BYTES_MAX);
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < n; i++)
        write_count(&j, &v[i]);
    json_end(&j);
    CHECK(json_done(&j));
    blob = blob_new(buf_str(&b));
    (void)hub_publish(hub, LIMITS_TOPIC, STR_NONE, blob);
    blob_unref(blob);
}

void
nodes_tell_limits(const struct env *env)
{
    struct limit_count v[LIMITS_PORTION];
    struct arena *mem;
    size_t n = LIMITS_PORTION;

    if (env->bridge == NULL || !hub_is_wanted(env->hub, LIMITS_TOPIC))
        return;
    mem = arena_new_heap();
    while (n == LIMITS_PORTION && (n = limit_untold(v, LIMITS_PORTION)) > 0) {
        tell_limits(env->hub, mem, v, n);
        arena_reset(mem);
    }
    arena_free(mem);
}

static void
heard_limits(struct arena *mem, struct str payload)
{
    struct limit_count k;
    const struct val *v;
    int64_t requests = 0;

    if (json_parse(mem, payload, NULL, &v) != ERR_OK || v->kind != VAL_ARR)
        return;
    for (size_t i = 0; i < v->n; i++) {
        const struct val *one = val_at(v, i);

        k = (struct limit_count){ (uint64_t)val_int(val_at(one, 0), 0), val_int(val_at(one, 1), 0),
            val_int(val_at(one, 2), 0) };
        limit_add(&k, 1);
        requests += k.used;
    }
    log_debug(NULL, "limits.heard", LOG_INT("n", (int64_t)v->n), LOG_INT("requests", requests));
}

/* ---- the bridge ------------------------------------------------------------------------------------------------------- */

static void
on_heard(void *arg, const struct hub_message *m)
{
    const struct env *env = arg;
    struct arena *mem;

    if (!str_eq(m->topic, HOMES_TOPIC) && !str_eq(m->topic, LIMITS_TOPIC))
        return; /* for the streams */
    mem = arena_new_heap();
    if (str_eq(m->topic, HOMES_TOPIC))
        service_homes_heard(env, mem, m->event, blob_str(m->blob));
    else
        heard_limits(mem, blob_str(m->blob));
    arena_free(mem);
}

static void
on_lost(void *arg)
{
    service_homes_lost(arg);
    log_debug(NULL, "bus.lost");
}

/* ---- the number of this process ----------------------------------------------------------------------------------------- */

static struct node self; /* the main thread's */

static enum err
with_ctx(const struct env *env, enum err (*fn)(struct ctx *c, struct node *n))
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env);
    e = fn(&c, &self);
    if (e != ERR_OK)
        log_warn(&c, "node.number", LOG_STR("err", str_z(err_name(e))), LOG_STR("detail", c.fail.detail));
    ctx_end(&c);
    arena_free(mem);
    return e;
}

void
nodes_keep_number(const struct env *env)
{
    (void)with_ctx(env, service_node_keep);
}

/* ---- both ------------------------------------------------------------------------------------------------------------- */

enum err
nodes_join(struct env *env)
{
    const struct config *conf = env->conf;

    if (db_is_sqlite(env->db) || str_eqz(conf->bus, "none"))
        return ERR_OK;
    env->bridge = bridge_start(&(struct bridge_options){ .hub = env->hub,
        .bus = conf->bus,
        .name = conf->host,
        .db = env->db,
        .heard = on_heard,
        .lost = on_lost,
        .arg = env });
    return env->bridge != NULL ? ERR_OK : ERR_INTERNAL;
}

void
nodes_leave(struct env *env)
{
    bridge_stop(env->bridge);
    env->bridge = NULL;
    if (env->db != NULL)
        (void)with_ctx(env, service_node_leave);
}
