/* What federation keeps. */
#include "store/federation.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

#define D_COLS                                                                                                         \
    "id, activity_id, inbox, host, priority, state, tries, next_ms, http_status, last_error, done_ms, created_ms"
#define H_COLS                                                                                                         \
    "name, dialect, dialect_ms, state, failures, failed_days, first_failure_ms, last_failure_ms, last_success_ms"

enum {
    Q_ACTIVITY_INSERT,
    Q_ACTIVITY_GET,
    Q_DELIVERY_INSERT,
    Q_CLAIM,
    Q_RESULT,
    Q_RELEASE,
    Q_NEXT,
    Q_CANCEL_STATUS,
    Q_OF_STATUS,
    Q_KNOWN_INBOXES,
    Q_ACTIVITY_PRUNE,
    Q_INBOUND_INSERT,
    Q_INBOUND_GET,
    Q_INBOUND_DONE,
    Q_INBOUND_PRUNE,
    Q_HOST_GET,
    Q_HOST_PUT,
    Q_HOST_UNAVAILABLE,
    Q_POLICY,
    Q_POLICY_PUT,
    Q_POLICY_DELETE,
    Q_COUNT
};

#define CLAIM(not_in)                                                                                                  \
    "UPDATE delivery SET lease_until_ms = $2 WHERE id IN (SELECT id FROM delivery WHERE state = 0 AND next_ms <= $1 "  \
    "AND lease_until_ms <= $1 AND host NOT IN (" not_in                                                                \
    ") ORDER BY next_ms, id LIMIT $4 {skip_locked}) RETURNING " D_COLS

static const struct db_sql sql[Q_COUNT] = {
    [Q_ACTIVITY_INSERT] =
        SQL("INSERT INTO activity (id, uri, account_id, status_id, body, created_ms) VALUES ($1, $2, $3, $4, $5, $6)"),
    [Q_ACTIVITY_GET] = SQL("SELECT id, uri, account_id, status_id, body, created_ms FROM activity WHERE id = $1"),
    [Q_DELIVERY_INSERT] = SQL("INSERT INTO delivery (id, activity_id, inbox, host, priority, next_ms, created_ms) "
                              "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
    [Q_CLAIM] = SQL2(CLAIM("SELECT value FROM json_each($3)"),
        CLAIM("SELECT value FROM json_array_elements_text(CAST($3 AS JSON))")),
    [Q_RESULT] = SQL("UPDATE delivery SET state = $2, tries = $3, next_ms = $4, lease_until_ms = 0, http_status = $5, "
                     "last_error = $6, "
                     "done_ms = $7 WHERE id = $1"),
    [Q_RELEASE] = SQL("UPDATE delivery SET lease_until_ms = 0 WHERE state = 0 AND lease_until_ms > 0"),
    [Q_NEXT] = SQL("SELECT next_ms FROM delivery WHERE state = 0 ORDER BY next_ms, id LIMIT 1"),
    [Q_CANCEL_STATUS] =
        SQL("DELETE FROM delivery WHERE state = 0 AND tries = 0 AND lease_until_ms = 0 AND activity_id IN "
            "(SELECT id FROM activity WHERE status_id = $1)"),
    [Q_OF_STATUS] =
        SQL("SELECT " D_COLS " FROM delivery WHERE activity_id IN (SELECT id FROM activity WHERE status_id = $1) "
            "ORDER BY id LIMIT 10000"),
    [Q_KNOWN_INBOXES] =
        SQL("SELECT DISTINCT CASE WHEN shared_inbox <> '' THEN shared_inbox ELSE inbox END FROM account "
            "WHERE domain <> '' AND suspended_ms IS NULL AND inbox <> '' LIMIT 20000"),
    [Q_ACTIVITY_PRUNE] = SQL("DELETE FROM activity WHERE created_ms < $1 AND NOT EXISTS "
                             "(SELECT 1 FROM delivery d WHERE d.activity_id = activity.id AND d.state = 0)"),
    [Q_INBOUND_INSERT] = SQL("INSERT INTO inbound (id, actor_uri, uri, inbox_account_id, body, digest, created_ms) "
                             "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
    [Q_INBOUND_GET] =
        SQL("SELECT id, actor_uri, uri, inbox_account_id, body, digest, done, created_ms FROM inbound WHERE id = $1"),
    [Q_INBOUND_DONE] = SQL("UPDATE inbound SET done = TRUE WHERE id = $1"),
    [Q_INBOUND_PRUNE] = SQL("DELETE FROM inbound WHERE created_ms < $1 AND done = TRUE"),
    [Q_HOST_GET] = SQL("SELECT " H_COLS " FROM host WHERE name = $1"),
    [Q_HOST_PUT] =
        SQL("INSERT INTO host (" H_COLS
            ", created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (name) DO UPDATE "
            "SET dialect = $2, dialect_ms = $3, state = $4, failures = $5, failed_days = $6, first_failure_ms = $7, "
            "last_failure_ms = $8, last_success_ms = $9"),
    [Q_HOST_UNAVAILABLE] = SQL("SELECT name FROM host WHERE state >= 2 ORDER BY name LIMIT 10000"),
    [Q_POLICY] = SQL2("SELECT domain, severity, reject_media, reject_reports FROM domain_policy "
                      "WHERE domain IN (SELECT value FROM json_each($1)) ORDER BY length(domain) DESC LIMIT 1",
        "SELECT domain, severity, reject_media, reject_reports FROM domain_policy WHERE domain IN "
        "(SELECT value FROM json_array_elements_text(CAST($1 AS JSON))) ORDER BY length(domain) DESC LIMIT 1"),
    [Q_POLICY_PUT] = SQL("INSERT INTO domain_policy (domain, severity, reject_media, reject_reports, created_ms) "
                         "VALUES ($1, $2, $3, $4, $5) "
                         "ON CONFLICT (domain) DO UPDATE SET severity = $2, reject_media = $3, reject_reports = $4"),
    [Q_POLICY_DELETE] = SQL("DELETE FROM domain_policy WHERE domain = $1"),
};
DB_STATEMENTS(store_federation, sql);

enum err
store_activity_insert(struct ctx *c, const struct activity *a)
{
    return db_exec(c, &sql[Q_ACTIVITY_INSERT],
        DB_ARGS(D_INT(a->id), D_STR(a->uri), D_INT(a->account_id), D_INT(a->status_id), D_STR(a->body),
            D_INT(a->created_ms)),
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
        .created_ms = db_int(r, 5) };
    return ERR_OK;
}

enum err
store_delivery_insert(
    struct ctx *c, int64_t activity_id, struct str inbox, struct str host, int priority, int64_t next_ms)
{
    return db_exec(c, &sql[Q_DELIVERY_INSERT],
        DB_ARGS(D_INT(id_new()), D_INT(activity_id), D_STR(inbox), D_STR(host), D_INT(priority), D_INT(next_ms),
            D_INT(clock_ms())),
        NULL);
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
            .created_ms = db_int(d, 11) };
    }
    return ERR_OK;
}

enum err
store_delivery_claim(struct ctx *c, int64_t now_ms, int64_t lease_until_ms, const struct strs *but_hosts, int64_t limit,
    struct deliveries *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_CLAIM],
        DB_ARGS(D_INT(now_ms), D_INT(lease_until_ms), D_STR(column_put_strs(c->mem, but_hosts)), D_INT(limit)), &r));
    return read_deliveries(c, &r, out);
}

enum err
store_delivery_result(struct ctx *c, const struct delivery *d)
{
    return db_exec(c, &sql[Q_RESULT],
        DB_ARGS(D_INT(d->id), D_INT(d->state), D_INT(d->tries), D_INT(d->next_ms), D_INT(d->http_status),
            D_STR(d->last_error), D_INTN(d->done_ms)),
        NULL);
}

enum err
store_delivery_release(struct ctx *c)
{
    return db_exec(c, &sql[Q_RELEASE], DB_NO_ARGS, NULL);
}

enum err
store_delivery_next(struct ctx *c, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_NEXT], DB_NO_ARGS, &r));
    *out = r == NULL ? INT64_MAX : db_int(r, 0);
    return ERR_OK;
}

enum err
store_delivery_cancel_status(struct ctx *c, int64_t status_id)
{
    return db_exec(c, &sql[Q_CANCEL_STATUS], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_delivery_of_status(struct ctx *c, int64_t status_id, struct deliveries *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_OF_STATUS], DB_ARGS(D_INT(status_id)), &r));
    return read_deliveries(c, &r, out);
}

static enum err
read_names(struct ctx *c, const struct db_rows *r, struct strs *out)
{
    out->v = arena_vec(c->mem, struct str, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = db_str(&r->v[i], 0);
    return ERR_OK;
}

enum err
store_delivery_known_inboxes(struct ctx *c, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_KNOWN_INBOXES], DB_NO_ARGS, &r));
    return read_names(c, &r, out);
}

enum err
store_activity_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_ACTIVITY_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_inbound_insert(struct ctx *c, const struct inbound *i, bool *added)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_INBOUND_INSERT],
        DB_ARGS(D_INT(i->id), D_STR(i->actor_uri), D_STR(i->uri), D_INT(i->inbox_account_id), D_BYTES(i->body),
            D_BYTES(i->digest), D_INT(i->created_ms)),
        &n));
    *added = n > 0;
    return ERR_OK;
}

enum err
store_inbound_get(struct ctx *c, int64_t id, struct inbound **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_INBOUND_GET], DB_ARGS(D_INT(id)), &r));
    *out = arena_new(c->mem, struct inbound);
    **out = (struct inbound){ .id = db_int(r, 0),
        .actor_uri = db_str(r, 1),
        .uri = db_str(r, 2),
        .inbox_account_id = db_int(r, 3),
        .body = db_str(r, 4),
        .digest = db_str(r, 5),
        .done = db_bool(r, 6),
        .created_ms = db_int(r, 7) };
    return ERR_OK;
}

enum err
store_inbound_done(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_INBOUND_DONE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_inbound_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_INBOUND_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_host_get(struct ctx *c, struct str name, struct host_row **out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_HOST_GET], DB_ARGS(D_STR(name)), &r));
    *out = NULL;
    if (r == NULL)
        return ERR_OK;
    *out = arena_new(c->mem, struct host_row);
    **out = (struct host_row){ .name = db_str(r, 0),
        .dialect = (int)db_int(r, 1),
        .dialect_ms = db_int(r, 2),
        .state = (enum host_state)db_int(r, 3),
        .failures = (int)db_int(r, 4),
        .failed_days = (int)db_int(r, 5),
        .first_failure_ms = db_int(r, 6),
        .last_failure_ms = db_int(r, 7),
        .last_success_ms = db_int(r, 8) };
    return ERR_OK;
}

enum err
store_host_put(struct ctx *c, const struct host_row *h)
{
    return db_exec(c, &sql[Q_HOST_PUT],
        DB_ARGS(D_STR(h->name), D_INT(h->dialect), D_INT(h->dialect_ms), D_INT(h->state), D_INT(h->failures),
            D_INT(h->failed_days), D_INT(h->first_failure_ms), D_INT(h->last_failure_ms), D_INT(h->last_success_ms),
            D_INT(clock_ms())),
        NULL);
}

enum err
store_host_unavailable(struct ctx *c, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_HOST_UNAVAILABLE], DB_NO_ARGS, &r));
    return read_names(c, &r, out);
}

enum err
store_domain_policy(struct ctx *c, struct str domain, struct domain_policy **out)
{
    struct strs names = { arena_vec(c->mem, struct str, domain.n + 1), 0 };
    struct str rest = domain;
    const struct db_row *r;
    ptrdiff_t dot;

    do { /* a.b.example, b.example, example */
        names.v[names.n++] = rest;
        dot = str_chr(rest, '.');
        rest = str_sub(rest, (size_t)(dot + 1), rest.n);
    } while (dot >= 0);
    TRY(db_maybe(c, &sql[Q_POLICY], DB_ARGS(D_STR(column_put_strs(c->mem, &names))), &r));
    *out = NULL;
    if (r == NULL)
        return ERR_OK;
    *out = arena_new(c->mem, struct domain_policy);
    **out = (struct domain_policy){ db_str(r, 0), (enum domain_severity)db_int(r, 1), db_bool(r, 2), db_bool(r, 3) };
    return ERR_OK;
}

enum err
store_domain_policy_put(struct ctx *c, const struct domain_policy *p)
{
    return db_exec(c, &sql[Q_POLICY_PUT],
        DB_ARGS(D_STR(p->domain), D_INT(p->severity), D_BOOL(p->reject_media), D_BOOL(p->reject_reports),
            D_INT(clock_ms())),
        NULL);
}

enum err
store_domain_policy_delete(struct ctx *c, struct str domain)
{
    return db_exec(c, &sql[Q_POLICY_DELETE], DB_ARGS(D_STR(domain)), NULL);
}
