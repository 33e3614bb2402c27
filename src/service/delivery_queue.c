/* Deliveries and hosts as an operator sees and moves them. */
#include "service/delivery_queue.h"

#include "base/clock.h"
#include "base/json.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/delivery.h"

enum { PORTION = 1000 };

const char *
service_host_state_name(const struct host_row *h)
{
    static const char *const names[] = { "up", "suspect", "down", "dead" };
    bool lost = h->state == HOST_DEAD && h->first_failure_ms <= clock_ms() - HOST_LOST_MS;

    return lost ? "lost" : names[h->state];
}

enum err
service_delivery_list(struct ctx *c, struct str host, bool failed, struct deliveries *out)
{
    return store_delivery_list(c, host, failed, DELIVERIES_SHOWN, out);
}

/* The loop has the state of hosts in memory, and a command is another process: a job tells it. */
static enum err
open_later(struct ctx *c, struct str host)
{
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(4));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_str(&j, "host", host);
    json_end(&j);
    CHECK(json_done(&j));
    TRY(store_host_reset(c, host));
    TRY(store_delivery_unpark(c, host, clock_ms()));
    return queue_put(c, J_OPEN_HOST, buf_str(&b), NULL);
}

/* Of hosts that are up nothing needs to be opened. */
static enum err
open_hosts(struct ctx *c, struct str host)
{
    struct host_views v;

    TRY(store_host_views(c, false, host, HOSTS_SHOWN, &v));
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < v.n; i++)
        TRY(open_later(c, v.v[i].host.name));
    return db_commit(c);
}

enum err
service_delivery_retry(struct ctx *c, struct str host, int64_t *n)
{
    int64_t now = clock_ms(), some = 1, left;

    *n = 0;
    TRY(open_hosts(c, host));
    TRY(store_delivery_count(c, host, &left)); /* each once: what fails again meanwhile has had its try */
    for (; some > 0 && left > 0; left -= PORTION) {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_delivery_hurry(c, host, now, MIN(left, (int64_t)PORTION), &some));
        TRY(db_commit(c));
        *n += some;
    }
    return ERR_OK;
}

enum err
service_delivery_drop(struct ctx *c, struct str host, int64_t *n)
{
    int64_t some;

    *n = 0;
    do {
        TRY(db_begin(c, DB_WRITE));
        TRY(store_delivery_drop(c, host, PORTION, &some));
        TRY(db_commit(c));
        *n += some;
    } while (some > 0);
    return ERR_OK;
}

enum err
service_delivery_host_views(struct ctx *c, bool all, struct host_views *out)
{
    return store_host_views(c, all, S(""), HOSTS_SHOWN, out);
}

enum err
service_delivery_host_reset(struct ctx *c, struct str host)
{
    struct host_views v;

    TRY(store_host_views(c, true, host, 1, &v));
    if (v.n == 0)
        return ctx_fail_public(c, ERR_NOT_FOUND, "nothing is known of %.*s", STR_ARG(host));
    TRY(db_begin(c, DB_WRITE));
    TRY(open_later(c, host));
    return db_commit(c);
}

enum err
service_delivery_host_open(struct ctx *c, struct str host)
{
    service_delivery_host_ok(host, false);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_delivery_unpark(c, host, clock_ms()));
    return db_commit(c);
}
