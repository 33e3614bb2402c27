/* What an operator asks of the deliveries. */
#include "store/federation.h"

#include "base/clock.h"
#include "store/internal.h"

enum { Q_WAITING, Q_FAILED, Q_WAITING_OF, Q_FAILED_OF, Q_NUMBER, Q_DUE, Q_AGAIN, Q_DROP, Q_HOSTS, Q_RESET, Q_COUNT };

#define ROWS(where)                                                                                                    \
    SQL("SELECT d.id, d.activity_id, d.inbox, d.host, d.priority, d.state, d.tries, d.next_ms, d.http_status, "        \
        "d.last_error, d.done_ms, d.created_ms FROM delivery d WHERE " where)

static const struct db_sql sql[Q_COUNT] = {
    [Q_WAITING] = ROWS("d.state = 0 ORDER BY d.next_ms, d.id LIMIT $1"),
    [Q_FAILED] = ROWS("d.state = 2 ORDER BY d.id DESC LIMIT $1"),
    [Q_WAITING_OF] = ROWS("d.host = $2 AND d.state = 0 ORDER BY d.next_ms, d.id LIMIT $1"),
    [Q_FAILED_OF] = ROWS("d.host = $2 AND d.state = 2 ORDER BY d.id DESC LIMIT $1"),
    [Q_NUMBER] = SQL("SELECT count(*) FROM delivery WHERE state <> 1 AND ($1 = '' OR host = $1)"),
    [Q_DUE] = SQL("UPDATE delivery SET next_ms = $2 WHERE id IN (SELECT id FROM delivery WHERE state = 0 AND "
                  "lease_until_ms = 0 AND next_ms > $2 AND ($1 = '' OR host = $1) LIMIT $3)"),
    [Q_AGAIN] = SQL("UPDATE delivery SET state = 0, tries = 0, next_ms = $2, created_ms = $2 WHERE id IN "
                    "(SELECT id FROM delivery WHERE state = 2 AND ($1 = '' OR host = $1) LIMIT $3)"),
    [Q_DROP] = SQL("DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE state <> 1 AND "
                   "lease_until_ms = 0 AND ($1 = '' OR host = $1) LIMIT $2)"),
    [Q_HOSTS] =
        SQL("SELECT h.name, h.state, h.dialect, h.failures, h.failed_days, h.first_failure_ms, h.last_failure_ms, "
            "h.last_success_ms, (SELECT count(*) FROM delivery d WHERE d.host = h.name AND d.state = 0), "
            "coalesce((SELECT d.last_error FROM delivery d WHERE d.host = h.name AND d.state = 0 AND d.last_error "
            "<> '' LIMIT 1), '') FROM host h WHERE (h.state > 0 OR $1 <> 0) AND ($3 = '' OR h.name = $3) "
            "ORDER BY h.state DESC, h.name LIMIT $2"),
    [Q_RESET] = SQL("UPDATE host SET state = 0, failures = 0, failed_days = 0, first_failure_ms = 0 WHERE name = $1"),
};
DB_STATEMENTS(store_delivery_queue, sql);

enum err
store_delivery_list(struct ctx *c, struct str host, bool failed, int64_t limit, struct deliveries *out)
{
    struct db_rows r;

    if (host.n == 0)
        TRY(db_query(c, &sql[failed ? Q_FAILED : Q_WAITING], DB_ARGS(D_INT(limit)), &r));
    else
        TRY(db_query(c, &sql[failed ? Q_FAILED_OF : Q_WAITING_OF], DB_ARGS(D_INT(limit), D_STR(host)), &r));
    *out = (struct deliveries){ arena_vec(c->mem, struct delivery, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct delivery){ .id = db_int(&r.v[i], 0),
            .activity_id = db_int(&r.v[i], 1),
            .inbox = db_str(&r.v[i], 2),
            .host = db_str(&r.v[i], 3),
            .priority = (int)db_int(&r.v[i], 4),
            .state = (enum delivery_state)db_int(&r.v[i], 5),
            .tries = (int)db_int(&r.v[i], 6),
            .next_ms = db_int(&r.v[i], 7),
            .http_status = (int)db_int(&r.v[i], 8),
            .last_error = db_str(&r.v[i], 9),
            .done_ms = db_int(&r.v[i], 10),
            .created_ms = db_int(&r.v[i], 11) };
    return ERR_OK;
}

enum err
store_delivery_count(struct ctx *c, struct str host, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_NUMBER], DB_ARGS(D_STR(host)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_delivery_hurry(struct ctx *c, struct str host, int64_t now_ms, int64_t limit, int64_t *n)
{
    int64_t again;

    TRY(db_exec(c, &sql[Q_AGAIN], DB_ARGS(D_STR(host), D_INT(now_ms), D_INT(limit)), &again));
    TRY(db_exec(c, &sql[Q_DUE], DB_ARGS(D_STR(host), D_INT(now_ms), D_INT(limit)), n));
    *n += again;
    return ERR_OK;
}

enum err
store_delivery_drop(struct ctx *c, struct str host, int64_t limit, int64_t *n)
{
    return db_exec(c, &sql[Q_DROP], DB_ARGS(D_STR(host), D_INT(limit)), n);
}

enum err
store_host_views(struct ctx *c, bool all, struct str name, int64_t limit, struct host_views *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_HOSTS], DB_ARGS(D_INT(all), D_INT(limit), D_STR(name)), &r));
    *out = (struct host_views){ arena_vec(c->mem, struct host_view, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct host_view){ .host = { .name = db_str(&r.v[i], 0),
                                            .state = (enum host_state)db_int(&r.v[i], 1),
                                            .dialect = (int)db_int(&r.v[i], 2),
                                            .failures = (int)db_int(&r.v[i], 3),
                                            .failed_days = (int)db_int(&r.v[i], 4),
                                            .first_failure_ms = db_int(&r.v[i], 5),
                                            .last_failure_ms = db_int(&r.v[i], 6),
                                            .last_success_ms = db_int(&r.v[i], 7) },
            .waiting = db_int(&r.v[i], 8),
            .last_error = db_str(&r.v[i], 9) };
    return ERR_OK;
}

enum err
store_host_reset(struct ctx *c, struct str name)
{
    return db_exec(c, &sql[Q_RESET], DB_ARGS(D_STR(name)), NULL);
}
