/* The number of this process in its ids. */
#include "service/node.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/rng.h"
#include "db/db.h"
#include "store/node.h"

enum {
    LEASE_MS = 60 * SECOND_MS,
    RENEW_MS = 15 * SECOND_MS,
    ONLY_NUMBER = 1, /* SQLite is for one server; commands have none */
};

static enum err
renew_or_claim(struct ctx *c, struct node *n, int64_t *number)
{
    bool ok = false;

    *number = n->number;
    TRY(db_begin(c, DB_WRITE));
    if (n->number != 0)
        TRY(store_node_renew(c, n->number, n->owner, LEASE_MS, &ok));
    if (!ok)
        TRY(store_node_claim(c, n->owner, LEASE_MS, number));
    return db_commit(c);
}

enum err
service_node_keep(struct ctx *c, struct node *n)
{
    int64_t begin = clock_mono_ms(), number; /* the database counts from later on */

    if (db_is_sqlite(c->env->db)) {
        id_node(ONLY_NUMBER, INT64_MAX);
        return ERR_OK;
    }
    if (n->renew_mono_ms > begin)
        return ERR_OK;
    if (n->owner == 0)
        n->owner = (int64_t)rng_below(INT64_MAX) + 1;
    TRY(renew_or_claim(c, n, &number));
    if (number != n->number)
        log_info(c, "node.number", LOG_INT("number", number));
    n->number = number;
    n->renew_mono_ms = number != 0 ? begin + RENEW_MS : 0;
    id_node((int)number, number != 0 ? begin + LEASE_MS : 0);
    return ERR_OK;
}

enum err
service_node_leave(struct ctx *c, struct node *n)
{
    bool ok;

    id_node(0, 0);
    if (n->number == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_node_renew(c, n->number, n->owner, 0, &ok));
    n->number = 0;
    return db_commit(c);
}
