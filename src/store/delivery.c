/* Outbound activities and their deliveries. */
#include "store/federation.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/json.h"
#include "store/internal.h"

enum { INSERT_MAX = 1000, INSERT_BYTES_MAX = 8 * 1024 * 1024 };

#define COLS                                                                                                           \
    "id, activity_id, inbox, host, priority, state, tries, next_ms, http_status, last_error, done_ms, created_ms, "    \
    "(SELECT a.account_id FROM activity a WHERE a.id = delivery.activity_id)"

enum {
    Q_ACTIVITY_INSERT,
    Q_ACTIVITY_GET,
    Q_ACTIVITY_PRUNE,
    Q_ACTIVITY_WAITS,
    Q_INSERT,
    Q_CLAIM,
    Q_NEXT,
    Q_OVERTAKEN,
    Q_RESULT,
    Q_PARK,
    Q_UNPARK,
    Q_RELEASE,
    Q_CANCEL_STATUS,
    Q_HOSTS,
    Q_HOSTS_UP,
    Q_AGAIN,
    Q_KNOWN_INBOXES,
    Q_REACHED,
    Q_FAILED,
    Q_ACCOUNTS_OF_INBOX,
    Q_FORGET_SHARED,
    Q_COUNT
};

#define INSERT(columns)                                                                                                \
    "INSERT INTO delivery (id, activity_id, inbox, host, priority, next_ms, created_ms) SELECT " columns               \
    " ON CONFLICT DO NOTHING"

/* The oldest due ones first; of those, so many of each host. */
#define HOSTS                                                                                                          \
    "SELECT min(d.id), d.host, sum(CASE WHEN d.state = 1 THEN 1 ELSE 0 END), sum(CASE WHEN d.state = 0 THEN 1 ELSE 0 " \
    "END), sum(CASE WHEN d.state = 2 THEN 1 ELSE 0 END), max(d.tries), min(CASE WHEN d.state = 0 THEN d.next_ms "      \
    "END), "                                                                                                           \
    "max(d.done_ms), max(CASE WHEN d.state <> 1 THEN d.http_status END), "                                             \
    "max(CASE WHEN d.state <> 1 THEN d.last_error END) FROM activity a JOIN delivery d ON d.activity_id = a.id "       \
    "WHERE a.status_id = $4 AND a.status_id <> 0 GROUP BY d.host HAVING min(d.id) < $1 AND min(d.id) > $2 "

static const struct db_sql sql[Q_COUNT] = {
    [Q_ACTIVITY_INSERT] =
        SQL("INSERT INTO activity (id, uri, account_id, status_id, body, created_ms, flags, topic) VALUES ($1, $2, $3, "
            "$4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING"),
    [Q_ACTIVITY_GET] =
        SQL("SELECT id, uri, account_id, status_id, body, created_ms, flags FROM activity WHERE id = $1"),
    [Q_ACTIVITY_PRUNE] = SQL("DELETE FROM activity WHERE created_ms < $1 AND NOT EXISTS "
                             "(SELECT 1 FROM delivery d WHERE d.activity_id = activity.id AND d.state = 0)"),
    [Q_ACTIVITY_WAITS] = SQL("SELECT a.id FROM activity a WHERE a.account_id = $1 AND EXISTS "
                             "(SELECT 1 FROM delivery d WHERE d.activity_id = a.id AND d.state = 0) LIMIT 1"),
    [Q_INSERT] = SQL2(INSERT("CAST(json_extract(value, '$[0]') AS INTEGER), $1, json_extract(value, '$[1]'), "
                             "json_extract(value, '$[2]'), json_extract(value, '$[3]'), "
                             "CAST(json_extract(value, '$[4]') AS INTEGER), $3 FROM json_each($2) WHERE TRUE"),
        INSERT("CAST(value->>0 AS BIGINT), $1, value->>1, value->>2, CAST(value->>3 AS BIGINT), CAST(value->>4 AS "
               "BIGINT), "
               "$3 FROM json_array_elements(CAST($2 AS JSON)) AS value")),
    [Q_CLAIM] = SQL("UPDATE delivery SET lease_until_ms = $2 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
                    "(PARTITION BY "
                    "host ORDER BY next_ms, id) AS place FROM (SELECT id, host, next_ms FROM delivery WHERE state = 0 "
                    "AND next_ms <= $1 "
                    "AND lease_until_ms <= $1 AND host NOT IN {strs:$3} ORDER BY next_ms, id LIMIT $4 {skip_locked}) "
                    "AS due) AS placed "
                    "WHERE place <= $5) RETURNING " COLS),
    [Q_NEXT] = SQL("SELECT next_ms FROM delivery WHERE state = 0 AND lease_until_ms <= $1 AND host NOT IN {strs:$2} "
                   "ORDER BY next_ms, id LIMIT 1"),
    [Q_OVERTAKEN] =
        SQL("SELECT d.id FROM {each:$1} delivery d JOIN activity a ON a.id = d.activity_id WHERE d.id = each.value "
            "AND a.topic IS NOT NULL AND EXISTS (SELECT 1 FROM activity n JOIN delivery e ON "
            "e.activity_id = n.id AND e.inbox = d.inbox WHERE n.topic = a.topic AND n.id > a.id)"),
    [Q_RESULT] = SQL("UPDATE delivery SET state = $2, tries = $3, next_ms = $4, lease_until_ms = 0, http_status = $5, "
                     "last_error = $6, done_ms = $7 WHERE id = $1 AND lease_until_ms = $8"),
    [Q_PARK] = SQL("UPDATE delivery SET next_ms = $2 WHERE host = $1 AND state = 0 AND next_ms < $2"),
    [Q_UNPARK] = SQL("UPDATE delivery SET next_ms = $2 WHERE host = $1 AND state = 0 AND next_ms > $2"),
    [Q_RELEASE] = SQL("UPDATE delivery SET lease_until_ms = 0 WHERE state = 0 AND lease_until_ms > 0"),
    [Q_CANCEL_STATUS] = SQL("DELETE FROM delivery WHERE state = 0 AND lease_until_ms = 0 AND activity_id IN "
                            "(SELECT id FROM activity WHERE status_id = $1 AND status_id <> 0)"),
    [Q_HOSTS] = SQL(HOSTS "ORDER BY min(d.id) DESC LIMIT $3"),
    [Q_HOSTS_UP] = SQL(HOSTS "ORDER BY min(d.id) ASC LIMIT $3"),
    [Q_AGAIN] = SQL("UPDATE delivery SET state = 0, tries = 0, next_ms = $2, created_ms = $2 WHERE state = 2 AND "
                    "activity_id IN (SELECT id FROM activity WHERE status_id = $1 AND status_id <> 0)"),
    [Q_KNOWN_INBOXES] =
        SQL("SELECT DISTINCT CASE WHEN shared_inbox <> '' THEN shared_inbox ELSE inbox END AS known FROM account "
            "WHERE domain <> '' AND suspended_ms IS NULL AND inbox <> '' AND "
            "CASE WHEN shared_inbox <> '' THEN shared_inbox ELSE inbox END > $1 ORDER BY known LIMIT $2"),
    [Q_REACHED] = SQL("SELECT DISTINCT inbox FROM delivery WHERE (state = 1 OR tries > 0 OR lease_until_ms > 0) AND "
                      "activity_id IN (SELECT id FROM activity WHERE status_id = $1 AND status_id <> 0)"),
    [Q_FAILED] = SQL("SELECT count(*) FROM delivery WHERE host = $1 AND state = 2 AND inbox = $2 AND http_status = $3"),
    [Q_ACCOUNTS_OF_INBOX] = SQL("SELECT id FROM account WHERE domain <> '' AND suspended_ms IS NULL AND inbox = $1 "
                                "UNION SELECT id FROM account WHERE domain <> '' AND suspended_ms IS NULL AND "
                                "shared_inbox = $1 ORDER BY 1 LIMIT $2"),
    [Q_FORGET_SHARED] = SQL("UPDATE account SET shared_inbox = '' WHERE shared_inbox = $1"),
};
DB_STATEMENTS(store_delivery, sql);

enum err
store_activity_insert(struct ctx *c, const struct activity *a)
{
    return db_exec(c, &sql[Q_ACTIVITY_INSERT],
        DB_ARGS(D_INT(a->id), D_STR(a->uri), D_INT(a->account_id), D_INT(a->status_id), D_STR(a->body),
            D_INT(a->created_ms), D_INT(a->flags), D_STRN(a->topic)),
        NULL);
}

enum err
store_activity_get(struct ctx *c, int64_t id, struct activity **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_ACTIVITY_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct activity);
    **out = (struct activity){ .id = db_int(r, 0),
        .uri = db_str(r, 1),
        .account_id = db_int(r, 2),
        .status_id = db_int(r, 3),
        .body = db_str(r, 4),
        .created_ms = db_int(r, 5),
        .flags = (unsigned)db_int(r, 6) };
    return ERR_OK;
}

enum err
store_activity_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_ACTIVITY_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_activity_waits(struct ctx *c, int64_t account_id, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_ACTIVITY_WAITS], DB_ARGS(D_INT(account_id)), &r));
    *out = r != NULL;
    return ERR_OK;
}

/* ---- deliveries ------------------------------------------------------------------------------------------------ */

/* Many rows by one statement: [id, inbox, host, priority, next_ms] each. */
enum err
store_delivery_insert(struct ctx *c, int64_t activity_id, const struct delivery *v, size_t n)
{
    struct buf b;
    struct json j;

    CHECK(n <= INSERT_MAX);
    buf_init(&b, c->mem, INSERT_BYTES_MAX);
    json_init(&j, &b);
    json_arr(&j, NULL);
    for (size_t i = 0; i < n; i++) {
        json_arr(&j, NULL);
        json_id(&j, NULL, id_new());
        json_str(&j, NULL, v[i].inbox);
        json_str(&j, NULL, v[i].host);
        json_int(&j, NULL, v[i].priority);
        json_int(&j, NULL, v[i].next_ms);
        json_end(&j);
    }
    json_end(&j);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "%zu inboxes", n);
    return db_exec(c, &sql[Q_INSERT], DB_ARGS(D_INT(activity_id), D_STR(buf_str(&b)), D_INT(clock_ms())), NULL);
}

static enum err
read_deliveries(struct ctx *c, const struct db_rows *r, struct deliveries *out)
{
    out->v = arena_vec(c->mem, struct delivery, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const struct db_row *d = &r->v[i];

        out->v[i] = (struct delivery){ .id = db_int(d, 0),
            .activity_id = db_int(d, 1),
            .inbox = db_str(d, 2),
            .host = db_str(d, 3),
            .priority = (int)db_int(d, 4),
            .state = (enum delivery_state)db_int(d, 5),
            .tries = (int)db_int(d, 6),
            .next_ms = db_int(d, 7),
            .http_status = (int)db_int(d, 8),
            .last_error = db_str(d, 9),
            .done_ms = db_int(d, 10),
            .created_ms = db_int(d, 11),
            .account_id = db_int(d, 12) };
    }
    return ERR_OK;
}

enum err
store_delivery_claim(struct ctx *c, const struct delivery_claim *q, struct deliveries *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_CLAIM],
        DB_ARGS(D_INT(q->now_ms), D_INT(q->lease_until_ms), D_STR(column_put_strs(c->mem, &q->skip)), D_INT(q->max),
            D_INT(q->max_per_host)),
        &r));
    TRY(read_deliveries(c, &r, out));
    for (size_t i = 0; i < out->n; i++)
        out->v[i].lease_until_ms = q->lease_until_ms;
    return ERR_OK;
}

enum err
store_delivery_next(struct ctx *c, int64_t now_ms, const struct strs *skip, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_NEXT], DB_ARGS(D_INT(now_ms), D_STR(column_put_strs(c->mem, skip))), &r));
    *out = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_delivery_overtaken(struct ctx *c, const struct deliveries *v, bool *old)
{
    struct ids all = ids_new(c->mem, v->n), found;
    struct db_rows r;

    for (size_t i = 0; i < v->n; i++)
        ids_add(&all, v->v[i].id);
    TRY(db_query(c, &sql[Q_OVERTAKEN], DB_ARGS(D_IDS(all.v, all.n)), &r));
    found = rows_ids(c->mem, &r);
    ids_sort(&found);
    for (size_t i = 0; i < v->n; i++)
        old[i] = ids_has(&found, v->v[i].id);
    return ERR_OK;
}

enum err
store_delivery_result(struct ctx *c, const struct delivery *d, bool *ours)
{
    return db_change(c, &sql[Q_RESULT],
        DB_ARGS(D_INT(d->id), D_INT(d->state), D_INT(d->tries), D_INT(d->next_ms), D_INT(d->http_status),
            D_STR(d->last_error), D_INTN(d->done_ms), D_INT(d->lease_until_ms)),
        ours);
}

enum err
store_delivery_park(struct ctx *c, struct str host, int64_t until_ms)
{
    return db_exec(c, &sql[Q_PARK], DB_ARGS(D_STR(host), D_INT(until_ms)), NULL);
}

enum err
store_delivery_unpark(struct ctx *c, struct str host, int64_t now_ms)
{
    return db_exec(c, &sql[Q_UNPARK], DB_ARGS(D_STR(host), D_INT(now_ms)), NULL);
}

enum err
store_delivery_release(struct ctx *c)
{
    return db_exec(c, &sql[Q_RELEASE], DB_NO_ARGS, NULL);
}

enum err
store_delivery_cancel_status(struct ctx *c, int64_t status_id)
{
    return db_exec(c, &sql[Q_CANCEL_STATUS], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_delivery_hosts_of_status(struct ctx *c, int64_t status_id, const struct page *p, struct host_reports *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_HOSTS_UP : Q_HOSTS],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(status_id)), &r));
    *out = (struct host_reports){ arena_vec(c->mem, struct host_report, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct host_report){ .id = db_int(&r.v[i], 0),
            .host = db_str(&r.v[i], 1),
            .done = db_int(&r.v[i], 2),
            .waiting = db_int(&r.v[i], 3),
            .failed = db_int(&r.v[i], 4),
            .tries = db_int(&r.v[i], 5),
            .next_ms = db_int(&r.v[i], 6),
            .done_ms = db_int(&r.v[i], 7),
            .http_status = db_int(&r.v[i], 8),
            .last_error = db_str(&r.v[i], 9) };
    PAGE_REVERSE(p, out->v, out->n, struct host_report);
    return ERR_OK;
}

enum err
store_delivery_again(struct ctx *c, int64_t status_id, int64_t now_ms, int64_t *n)
{
    return db_exec(c, &sql[Q_AGAIN], DB_ARGS(D_INT(status_id), D_INT(now_ms)), n);
}

static void
read_inboxes(struct ctx *c, const struct db_rows *r, struct strs *out)
{
    out->v = arena_vec(c->mem, struct str, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = db_str(&r->v[i], 0);
}

enum err
store_delivery_known_inboxes(struct ctx *c, struct str after, int64_t limit, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_KNOWN_INBOXES], DB_ARGS(D_STR(after), D_INT(limit)), &r));
    read_inboxes(c, &r, out);
    return ERR_OK;
}

enum err
store_delivery_reached(struct ctx *c, int64_t status_id, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_REACHED], DB_ARGS(D_INT(status_id)), &r));
    read_inboxes(c, &r, out);
    return ERR_OK;
}

enum err
store_delivery_failed(struct ctx *c, struct str host, struct str inbox, int http_status, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FAILED], DB_ARGS(D_STR(host), D_STR(inbox), D_INT(http_status)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_accounts_of_inbox(struct ctx *c, struct str inbox, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_ACCOUNTS_OF_INBOX], DB_ARGS(D_STR(inbox), D_INT(limit)), &r));
    out->v = arena_vec(c->mem, int64_t, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = db_int(&r.v[i], 0);
    return ERR_OK;
}

enum err
store_shared_inbox_forget(struct ctx *c, struct str inbox)
{
    return db_exec(c, &sql[Q_FORGET_SHARED], DB_ARGS(D_STR(inbox)), NULL);
}
