/* Policies for domains, as operators change them, and the accounts behind them. */
#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"
#include "store/federation.h"
#include "store/internal.h"

enum {
    Q_LIST,
    Q_NUMBER,
    Q_PUT,
    Q_DELETE,
    Q_ALLOW,
    Q_DISALLOW,
    Q_ALLOWS,
    Q_ACCOUNTS,
    Q_SUSPENDED,
    Q_SILENCE,
    Q_SUSPEND,
    Q_CLEAR,
    Q_MARKED,
    Q_RELATED,
    Q_EMOJI,
    Q_EMOJI_CODES,
    Q_FORGET_ROWS,
    Q_FORGET_HOST,
    Q_HOSTS,
    Q_COUNT
};

enum { LIST_PORTION = 10000 };

#define ACCOUNT                                                                                                        \
    "SELECT id, domain, uri, CASE WHEN policy_ms = 0 THEN 0 WHEN suspended_ms = policy_ms THEN 2 WHEN silenced_ms = "  \
    "policy_ms THEN 1 ELSE 0 END FROM account WHERE "

static const struct db_sql sql[Q_COUNT] = {
    [Q_LIST] = SQL("SELECT domain, severity, reject_media, reject_reports, obfuscate, created_ms, private_comment, "
                   "public_comment, id FROM domain_policy WHERE domain > $1 ORDER BY domain LIMIT $2"),
    [Q_NUMBER] = SQL("SELECT (SELECT count(*) FROM domain_policy), (SELECT count(*) FROM domain_allow)"),
    [Q_PUT] = SQL("INSERT INTO domain_policy (domain, severity, reject_media, reject_reports, obfuscate, created_ms,"
                  " private_comment, public_comment, id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT "
                  "(domain) DO UPDATE"
                  " SET severity = $2, reject_media = $3, reject_reports = $4, obfuscate = $5, private_comment = $7,"
                  " public_comment = $8"),
    [Q_DELETE] = SQL("DELETE FROM domain_policy WHERE domain = $1"),
    [Q_ALLOW] = SQL("INSERT INTO domain_allow (domain, created_ms, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
    [Q_DISALLOW] = SQL("DELETE FROM domain_allow WHERE domain = $1"),
    [Q_ALLOWS] = SQL("SELECT domain, created_ms FROM domain_allow WHERE domain > $1 ORDER BY domain LIMIT $2"),
    [Q_ACCOUNTS] = SQL(ACCOUNT "id > $1 AND domain <> '' ORDER BY id LIMIT $2"),
    [Q_SUSPENDED] = SQL(ACCOUNT "id > $1 AND policy_ms <> 0 AND suspended_ms = policy_ms ORDER BY id LIMIT $2"),
    [Q_SILENCE] =
        SQL("UPDATE account SET silenced_ms = $2, policy_ms = $2 WHERE id IN {ids:$1} AND silenced_ms IS NULL"),
    [Q_SUSPEND] =
        SQL("UPDATE account SET suspended_ms = $2, policy_ms = $2 WHERE id IN {ids:$1} AND suspended_ms IS NULL"),
    /* What a moderator said later has another time and stays. */
    [Q_CLEAR] = SQL("UPDATE account SET suspended_ms = CASE WHEN suspended_ms = policy_ms THEN NULL ELSE suspended_ms "
                    "END, silenced_ms = CASE WHEN silenced_ms = policy_ms THEN NULL ELSE silenced_ms END, "
                    "policy_ms = 0 WHERE id IN {ids:$1} AND policy_ms <> 0"),
    [Q_MARKED] = SQL("UPDATE account SET policy_ms = $2 WHERE id = $1"),
    [Q_RELATED] = SQL("SELECT account_id FROM follow WHERE target_id = $1 UNION "
                      "SELECT target_id FROM follow WHERE account_id = $1 UNION "
                      "SELECT account_id FROM follow_request WHERE target_id = $1 UNION "
                      "SELECT target_id FROM follow_request WHERE account_id = $1 LIMIT $2"),
    [Q_EMOJI] = SQL("SELECT DISTINCT domain FROM emoji WHERE domain > $1 ORDER BY domain LIMIT $2"),
    [Q_EMOJI_CODES] = SQL("SELECT shortcode FROM emoji WHERE domain = $1 ORDER BY shortcode LIMIT $2"),
    [Q_FORGET_ROWS] = SQL("DELETE FROM delivery WHERE host = $1 AND state = 0 AND lease_until_ms = 0"),
    [Q_FORGET_HOST] = SQL("DELETE FROM host WHERE name = $1"),
    [Q_HOSTS] = SQL("SELECT DISTINCT host FROM delivery WHERE host > $1 UNION SELECT name FROM host WHERE name > $1 "
                    "ORDER BY 1 LIMIT $2"),
};
DB_STATEMENTS(store_domain, sql);

/* How many there are at most; what is added meanwhile is left out. */
static enum err
numbers(struct ctx *c, size_t *policies, size_t *allowed)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_NUMBER], DB_NO_ARGS, &r));
    *policies = (size_t)db_int(r, 0);
    *allowed = (size_t)db_int(r, 1);
    return ERR_OK;
}

static struct domain_policy
read_policy(const struct db_row *r)
{
    return (struct domain_policy){ .domain = db_str(r, 0),
        .severity = (enum domain_severity)db_int(r, 1),
        .reject_media = db_bool(r, 2),
        .reject_reports = db_bool(r, 3),
        .obfuscate = db_bool(r, 4),
        .created_ms = db_int(r, 5),
        .private_comment = db_str(r, 6),
        .public_comment = db_str(r, 7),
        .id = db_int(r, 8) };
}

enum err
store_domain_policy_list(struct ctx *c, struct domain_policies *out)
{
    struct str after = S("");
    struct db_rows r;
    size_t max, ignored;

    TRY(numbers(c, &max, &ignored));
    *out = (struct domain_policies){ arena_vec(c->mem, struct domain_policy, max), 0 };
    do {
        TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_STR(after), D_INT(LIST_PORTION)), &r));
        for (size_t i = 0; i < r.n && out->n < max; i++)
            out->v[out->n++] = read_policy(&r.v[i]);
        if (r.n > 0)
            after = db_str(&r.v[r.n - 1], 0);
    } while (r.n == LIST_PORTION);
    return ERR_OK;
}

enum err
store_domain_policy_put(struct ctx *c, const struct domain_policy *p)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_STR(p->domain), D_INT(p->severity), D_BOOL(p->reject_media), D_BOOL(p->reject_reports),
            D_BOOL(p->obfuscate), D_INT(p->created_ms != 0 ? p->created_ms : clock_ms()), D_STR(p->private_comment),
            D_STR(p->public_comment), D_INT(id_new())),
        NULL);
}

enum err
store_domain_policy_delete(struct ctx *c, struct str domain)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_STR(domain)), NULL);
}

/* ---- the list of the allowed --------------------------------------------------------------------------------------- */

enum err
store_domain_allow_put(struct ctx *c, struct str domain)
{
    return db_exec(c, &sql[Q_ALLOW], DB_ARGS(D_STR(domain), D_INT(clock_ms()), D_INT(id_new())), NULL);
}

enum err
store_domain_allow_delete(struct ctx *c, struct str domain, bool *removed)
{
    return db_change(c, &sql[Q_DISALLOW], DB_ARGS(D_STR(domain)), removed);
}

enum err
store_domain_allow_list(struct ctx *c, struct domain_allows *out)
{
    struct str after = S("");
    struct db_rows r;
    size_t max, ignored;

    TRY(numbers(c, &ignored, &max));
    *out = (struct domain_allows){ arena_vec(c->mem, struct domain_allow, max), 0 };
    do {
        TRY(db_query(c, &sql[Q_ALLOWS], DB_ARGS(D_STR(after), D_INT(LIST_PORTION)), &r));
        for (size_t i = 0; i < r.n && out->n < max; i++)
            out->v[out->n++] = (struct domain_allow){ db_str(&r.v[i], 0), db_int(&r.v[i], 1) };
        if (r.n > 0)
            after = db_str(&r.v[r.n - 1], 0);
    } while (r.n == LIST_PORTION);
    return ERR_OK;
}

/* ---- accounts ------------------------------------------------------------------------------------------------------ */

static enum err
accounts(struct ctx *c, int q, int64_t after, int64_t limit, struct domain_accounts *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], DB_ARGS(D_INT(after), D_INT(limit)), &r));
    *out = (struct domain_accounts){ arena_vec(c->mem, struct domain_account, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct domain_account){ db_int(&r.v[i], 0), db_str(&r.v[i], 1), db_str(&r.v[i], 2),
            (enum domain_severity)db_int(&r.v[i], 3) };
    return ERR_OK;
}

enum err
store_domain_accounts(struct ctx *c, int64_t after, int64_t limit, struct domain_accounts *out)
{
    return accounts(c, Q_ACCOUNTS, after, limit, out);
}

enum err
store_domain_suspended(struct ctx *c, int64_t after, int64_t limit, struct domain_accounts *out)
{
    return accounts(c, Q_SUSPENDED, after, limit, out);
}

enum err
store_domain_mark(struct ctx *c, const struct ids *ids, enum domain_severity s, int64_t ms)
{
    static const int statements[] = { [DOMAIN_SILENCE] = Q_SILENCE, [DOMAIN_SUSPEND] = Q_SUSPEND };

    if (ids->n == 0)
        return ERR_OK;
    if (s == DOMAIN_NOOP)
        return db_exec(c, &sql[Q_CLEAR], DB_ARGS(D_IDS(ids->v, ids->n)), NULL);
    return db_exec(c, &sql[statements[s]], DB_ARGS(D_IDS(ids->v, ids->n), D_INT(ms)), NULL);
}

enum err
store_domain_marked(struct ctx *c, int64_t account_id, int64_t ms)
{
    return db_exec(c, &sql[Q_MARKED], DB_ARGS(D_INT(account_id), D_INT(ms)), NULL);
}

enum err
store_domain_related_to(struct ctx *c, int64_t account_id, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_RELATED], DB_ARGS(D_INT(account_id), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

/* ---- what else a purge takes --------------------------------------------------------------------------------------- */

static enum err
texts(struct ctx *c, int q, struct db_args args, struct strs *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], args, &r));
    rows_strs(c->mem, &r, out);
    return ERR_OK;
}

enum err
store_domain_emoji(struct ctx *c, struct str after, int64_t limit, struct strs *domains)
{
    return texts(c, Q_EMOJI, DB_ARGS(D_STR(after), D_INT(limit)), domains);
}

enum err
store_domain_emoji_codes(struct ctx *c, struct str domain, int64_t limit, struct strs *codes)
{
    return texts(c, Q_EMOJI_CODES, DB_ARGS(D_STR(domain), D_INT(limit)), codes);
}

enum err
store_domain_forget_host(struct ctx *c, struct str host)
{
    TRY(db_exec(c, &sql[Q_FORGET_ROWS], DB_ARGS(D_STR(host)), NULL));
    return db_exec(c, &sql[Q_FORGET_HOST], DB_ARGS(D_STR(host)), NULL);
}

enum err
store_domain_hosts(struct ctx *c, struct str after, int64_t limit, struct strs *out)
{
    return texts(c, Q_HOSTS, DB_ARGS(D_STR(after), D_INT(limit)), out);
}
