/* What federation keeps. */
#include "store/federation.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

#define H_COLS                                                                                                         \
    "name, dialect, dialect_ms, state, failures, failed_days, first_failure_ms, last_failure_ms, last_success_ms, "    \
    "no_ed25519_ms"

enum {
    Q_INBOUND_INSERT,
    Q_INBOUND_GET,
    Q_INBOUND_DONE,
    Q_INBOUND_PRUNE,
    Q_HOST_GET,
    Q_HOST_PUT,
    Q_HOST_ED25519,
    Q_HOST_DEAD,
    Q_HOST_LIST,
    Q_HOST_PRUNE,
    Q_POLICY,
    Q_COUNT
};

enum { POLICY_NAMES = 4 };

enum { SAID_POLICY, SAID_ALLOWED, SAID_LIMITED };

#define POLICY(domain)                                                                                                 \
    "SELECT 0, domain, severity, reject_media, reject_reports, created_ms FROM domain_policy WHERE domain = " domain
#define ALLOW(domain) "SELECT 1, domain, 0, FALSE, FALSE, created_ms FROM domain_allow WHERE domain = " domain
#define BOTH(domain) POLICY(domain) " UNION ALL " ALLOW(domain) " UNION ALL "

static const struct db_sql sql[Q_COUNT] = {
    [Q_INBOUND_INSERT] = SQL("INSERT INTO inbound (id, actor_uri, uri, inbox_account_id, body, digest, created_ms) "
                             "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING"),
    [Q_INBOUND_GET] =
        SQL("SELECT id, actor_uri, uri, inbox_account_id, body, digest, done, created_ms FROM inbound WHERE id = $1"),
    [Q_INBOUND_DONE] = SQL("UPDATE inbound SET done = TRUE WHERE id = $1"),
    [Q_INBOUND_PRUNE] = SQL("DELETE FROM inbound WHERE created_ms < $1 AND done = TRUE"),
    [Q_HOST_GET] = SQL("SELECT " H_COLS " FROM host WHERE name = $1"),
    [Q_HOST_PUT] =
        SQL("INSERT INTO host (" H_COLS
            ", created_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (name) DO UPDATE "
            "SET dialect = $2, dialect_ms = $3, state = $4, failures = $5, failed_days = $6, first_failure_ms = $7, "
            "last_failure_ms = $8, last_success_ms = $9, no_ed25519_ms = $10"),
    /* A hundred people tell what their server does. */
    [Q_HOST_ED25519] = SQL("SELECT count(*) FROM (SELECT id FROM account WHERE domain = $1 LIMIT 100) a "
                           "JOIN account_key k ON k.account_id = a.id WHERE k.kind = 2"),
    [Q_HOST_DEAD] = SQL("SELECT name FROM host WHERE state = 3 AND first_failure_ms <= $1 LIMIT 10000"),
    [Q_HOST_LIST] =
        SQL("SELECT " H_COLS " FROM host WHERE state > 0 OR dialect > 0 "
            "ORDER BY CASE WHEN last_success_ms > last_failure_ms THEN last_success_ms ELSE last_failure_ms END DESC "
            "LIMIT $1"),
    [Q_HOST_PRUNE] = SQL("DELETE FROM host WHERE (state = 0 AND dialect_ms < $1 AND last_success_ms < $1 AND "
                         "last_failure_ms < $1) OR (state > 0 AND last_failure_ms < $1)"),
    /* Look-ups in indexes; IN would make a table of the names first, and this runs for each activity. */
    [Q_POLICY] = SQL(BOTH("$1") BOTH("$2") BOTH("$3") BOTH(
        "$4") "SELECT 2, name, 0, FALSE, FALSE, 0 FROM setting WHERE name = 'limited_federation' AND value = '1'"),
};
DB_STATEMENTS(store_federation, sql);

enum err
store_inbound_insert(struct ctx *c, const struct inbound *i, bool *added)
{
    return db_change(c, &sql[Q_INBOUND_INSERT],
        DB_ARGS(D_INT(i->id), D_STR(i->actor_uri), D_STR(i->uri), D_INT(i->inbox_account_id), D_BYTES(i->body),
            D_BYTES(i->digest), D_INT(i->created_ms)),
        added);
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

static struct host_row
read_host(const struct db_row *r)
{
    return (struct host_row){ .name = db_str(r, 0),
        .dialect = (int)db_int(r, 1),
        .dialect_ms = db_int(r, 2),
        .state = (enum host_state)db_int(r, 3),
        .failures = (int)db_int(r, 4),
        .failed_days = (int)db_int(r, 5),
        .first_failure_ms = db_int(r, 6),
        .last_failure_ms = db_int(r, 7),
        .last_success_ms = db_int(r, 8),
        .no_ed25519_ms = db_int(r, 9) };
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
    **out = read_host(r);
    return ERR_OK;
}

enum err
store_host_put(struct ctx *c, const struct host_row *h)
{
    return db_exec(c, &sql[Q_HOST_PUT],
        DB_ARGS(D_STR(h->name), D_INT(h->dialect), D_INT(h->dialect_ms), D_INT(h->state), D_INT(h->failures),
            D_INT(h->failed_days), D_INT(h->first_failure_ms), D_INT(h->last_failure_ms), D_INT(h->last_success_ms),
            D_INT(h->no_ed25519_ms), D_INT(clock_ms())),
        NULL);
}

enum err
store_host_has_ed25519(struct ctx *c, struct str name, bool *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_HOST_ED25519], DB_ARGS(D_STR(name)), &r));
    *out = db_int(r, 0) > 0;
    return ERR_OK;
}

enum err
store_host_dead(struct ctx *c, int64_t before_ms, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_HOST_DEAD], DB_ARGS(D_INT(before_ms)), &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_host_list(struct ctx *c, int64_t limit, struct host_rows *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_HOST_LIST], DB_ARGS(D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct host_row, read_host, out);
    return ERR_OK;
}

enum err
store_host_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_HOST_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

/* Of these names, all parts of one: the longest of each sort. */
static enum err
said_of(struct ctx *c, const struct str *names, struct domain_said *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_POLICY], DB_ARGS(D_STR(names[0]), D_STR(names[1]), D_STR(names[2]), D_STR(names[3])), &r));
    for (size_t i = 0; i < r.n; i++) {
        struct domain_policy p = { db_str(&r.v[i], 1), (enum domain_severity)db_int(&r.v[i], 2), db_bool(&r.v[i], 3),
            db_bool(&r.v[i], 4), .created_ms = db_int(&r.v[i], 5) };

        switch (db_int(&r.v[i], 0)) {
        case SAID_POLICY:
            if (out->policy != NULL && out->policy->domain.n >= p.domain.n)
                break;
            out->policy = arena_new(c->mem, struct domain_policy);
            *out->policy = p;
            break;
        case SAID_ALLOWED:
            if (p.domain.n > out->allowed.n)
                out->allowed = p.domain;
            break;
        default:
            out->limited = true;
        }
    }
    return ERR_OK;
}

enum err
store_domain_said(struct ctx *c, struct str host, struct domain_said *out)
{
    struct str rest = host;

    *out = (struct domain_said){ 0 };
    do { /* a.b.example, b.example, example: almost always one round */
        struct str names[POLICY_NAMES] = { { 0 } };

        for (size_t i = 0; i < POLICY_NAMES && rest.n > 0; i++) {
            ptrdiff_t dot = str_chr(rest, '.');

            names[i] = rest;
            rest = dot < 0 ? STR_NONE : str_sub(rest, (size_t)dot + 1, rest.n);
        }
        TRY(said_of(c, names, out));
    } while (rest.n > 0);
    return ERR_OK;
}

enum err
store_domain_policy(struct ctx *c, struct str domain, struct domain_policy **out)
{
    struct domain_said said;

    TRY(store_domain_said(c, domain, &said));
    *out = said.policy;
    return ERR_OK;
}
