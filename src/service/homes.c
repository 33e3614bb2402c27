/* Changes of rings, here and in the other processes. */
#include "service/homes.h"

#include "base/arena.h"
#include "base/blob.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/json.h"
#include "db/db.h"
#include "hub/bridge.h"
#include "hub/hub.h"
#include "service/ring.h"

enum {
    AGE_MS = 5 * SECOND_MS, /* when nobody says what others write: how stale a ring may be */
    IDS_AT_ONCE = 1000,
    BYTES_MAX = KB(64), /* so many ids and the rest */
};

_Static_assert((int)HOMES_READERS_MAX <= (int)IDS_AT_ONCE, "one message for a push");

/* ---- telling ------------------------------------------------------------------------------------------------------- */

static void
tell(struct ctx *c, struct str event, struct home_item item, const int64_t *ids, size_t n)
{
    struct hub *hub = c->env->hub;
    struct blob *blob;
    struct buf b;
    struct json j;

    if (hub == NULL || !hub_is_wanted(hub, HOMES_TOPIC))
        return; /* nobody else is there */
    buf_init(&b, c->mem, BYTES_MAX);
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_int(&j, "id", item.id);
    json_int(&j, "original", item.original);
    json_arr(&j, "ids");
    for (size_t i = 0; i < n; i++)
        json_int(&j, NULL, ids[i]);
    json_end(&j);
    json_end(&j);
    CHECK(json_done(&j));
    blob = blob_new(buf_str(&b));
    (void)hub_publish(hub, HOMES_TOPIC, event, blob);
    blob_unref(blob);
}

void
service_homes_push(struct ctx *c, const struct ids *readers, struct home_item item)
{
    CHECK(readers->n <= HOMES_READERS_MAX);
    if (c->env->ring == NULL || readers->n == 0)
        return;
    ring_push(c->env->ring, readers->v, readers->n, item);
    tell(c, S("push"), item, readers->v, readers->n);
}

void
service_homes_drop(struct ctx *c, int64_t account_id)
{
    if (c->env->ring == NULL)
        return;
    ring_drop(c->env->ring, account_id);
    tell(c, S("drop"), (struct home_item){ 0 }, &account_id, 1);
}

void
service_homes_remove(struct ctx *c, const struct ids *statuses)
{
    if (c->env->ring == NULL)
        return;
    for (size_t i = 0; i < statuses->n; i++)
        ring_remove(c->env->ring, statuses->v[i]);
    for (size_t at = 0; at < statuses->n; at += IDS_AT_ONCE)
        tell(c, S("remove"), (struct home_item){ 0 }, statuses->v + at, MIN(statuses->n - at, (size_t)IDS_AT_ONCE));
}

int64_t
service_homes_age_ms(const struct env *env)
{
    /* On SQLite there is one server. */
    return db_is_sqlite(env->db) || (env->bridge != NULL && bridge_is_whole(env->bridge)) ? 0 : AGE_MS;
}

/* ---- hearing ------------------------------------------------------------------------------------------------------- */

void
service_homes_heard(const struct env *env, struct arena *mem, struct str event, struct str payload)
{
    const struct val *v, *list;
    struct ids ids = { 0 };
    struct home_item item;
    size_t n;

    if (json_parse(mem, payload, NULL, &v) != ERR_OK)
        return;
    list = val_get(v, S("ids"));
    n = list->kind == VAL_ARR ? list->n : 0;
    item = (struct home_item){ val_int(val_get(v, S("id")), 0), val_int(val_get(v, S("original")), 0) };
    ids.v = arena_vec(mem, int64_t, n);
    for (size_t i = 0; i < n; i++)
        ids.v[ids.n++] = val_int(val_at(list, i), 0);
    if (str_eqz(event, "push") && item.id > 0)
        ring_push(env->ring, ids.v, ids.n, item);
    for (size_t i = 0; i < ids.n; i++) {
        if (str_eqz(event, "drop"))
            ring_drop(env->ring, ids.v[i]);
        if (str_eqz(event, "remove"))
            ring_remove(env->ring, ids.v[i]);
    }
}

void
service_homes_lost(const struct env *env)
{
    ring_clear(env->ring);
}
