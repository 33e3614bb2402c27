/* Policies for domains, as operators change them, and the accounts behind them. */
#include "base/clock.h"
#include "db/db.h"
#include "store/federation.h"

enum { Q_LIST, Q_PUT, Q_DELETE, Q_ACCOUNTS, Q_SILENCE, Q_UNSILENCE, Q_SUSPEND, Q_UNSUSPEND, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_LIST] = SQL(
        "SELECT domain, severity, reject_media, reject_reports, obfuscate, created_ms, private_comment, public_comment"
        " FROM domain_policy ORDER BY domain LIMIT 20000"),
    [Q_PUT] =
        SQL("INSERT INTO domain_policy (domain, severity, reject_media, reject_reports, obfuscate, created_ms,"
            " private_comment, public_comment) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (domain) DO UPDATE"
            " SET severity = $2, reject_media = $3, reject_reports = $4, obfuscate = $5, private_comment = $7,"
            " public_comment = $8"),
    [Q_DELETE] = SQL("DELETE FROM domain_policy WHERE domain = $1"),
    [Q_ACCOUNTS] =
        SQL("SELECT id FROM account WHERE id > $2 AND domain <> '' AND (domain = $1 OR (length(domain) > length($1)"
            " AND substr(domain, length(domain) - length($1)) = '.' || $1)) ORDER BY id LIMIT $3"),
    [Q_SILENCE] = SQL("UPDATE account SET silenced_ms = $2 WHERE id IN {ids:$1} AND silenced_ms IS NULL"),
    [Q_UNSILENCE] = SQL("UPDATE account SET silenced_ms = NULL WHERE id IN {ids:$1} AND silenced_ms = $2"),
    [Q_SUSPEND] = SQL("UPDATE account SET suspended_ms = $2 WHERE id IN {ids:$1} AND suspended_ms IS NULL"),
    [Q_UNSUSPEND] = SQL("UPDATE account SET suspended_ms = NULL WHERE id IN {ids:$1} AND suspended_ms = $2"),
};
DB_STATEMENTS(store_domain, sql);

enum err
store_domain_policy_list(struct ctx *c, struct domain_policies *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_NO_ARGS, &r));
    *out = (struct domain_policies){ arena_vec(c->mem, struct domain_policy, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct domain_policy){ .domain = db_str(&r.v[i], 0),
            .severity = (enum domain_severity)db_int(&r.v[i], 1),
            .reject_media = db_bool(&r.v[i], 2),
            .reject_reports = db_bool(&r.v[i], 3),
            .obfuscate = db_bool(&r.v[i], 4),
            .created_ms = db_int(&r.v[i], 5),
            .private_comment = db_str(&r.v[i], 6),
            .public_comment = db_str(&r.v[i], 7) };
    return ERR_OK;
}

enum err
store_domain_policy_put(struct ctx *c, const struct domain_policy *p)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_STR(p->domain), D_INT(p->severity), D_BOOL(p->reject_media), D_BOOL(p->reject_reports),
            D_BOOL(p->obfuscate), D_INT(p->created_ms != 0 ? p->created_ms : clock_ms()), D_STR(p->private_comment),
            D_STR(p->public_comment)),
        NULL);
}

enum err
store_domain_policy_delete(struct ctx *c, struct str domain)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_STR(domain)), NULL);
}

enum err
store_domain_mark(
    struct ctx *c, struct str domain, enum domain_severity s, bool mark, int64_t ms, int64_t limit, int64_t *after)
{
    static const int statements[][2] = { [DOMAIN_NOOP] = { Q_COUNT, Q_COUNT },
        [DOMAIN_SILENCE] = { Q_UNSILENCE, Q_SILENCE },
        [DOMAIN_SUSPEND] = { Q_UNSUSPEND, Q_SUSPEND } };
    int which = statements[s][mark];
    struct db_rows r;
    int64_t *ids;

    TRY(db_query(c, &sql[Q_ACCOUNTS], DB_ARGS(D_STR(domain), D_INT(*after), D_INT(limit)), &r));
    *after = 0;
    if (r.n == 0 || which == Q_COUNT)
        return ERR_OK;
    ids = arena_vec(c->mem, int64_t, r.n);
    for (size_t i = 0; i < r.n; i++)
        ids[i] = db_int(&r.v[i], 0);
    *after = (int64_t)r.n == limit ? ids[r.n - 1] : 0;
    return db_exec(c, &sql[which], DB_ARGS(D_IDS(ids, r.n), D_INT(ms)), NULL);
}
