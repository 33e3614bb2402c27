/* Look-ups of the inbox. */
#include "store/receive.h"

#include "base/arena.h"
#include "db/db.h"

enum { Q_BOOSTERS, Q_GROUPS, Q_READER_ADD, Q_DOMAIN_KNOWN };

static const struct db_sql sql[] = {
    [Q_BOOSTERS] = SQL("SELECT account_id FROM status WHERE reblog_of_id = $1 AND local ORDER BY id LIMIT $2"),
    /* A group is early: only the first boosts are looked at, as there may be thousands. */
    [Q_GROUPS] =
        SQL("SELECT a.id, a.uri FROM (SELECT id, account_id FROM status WHERE reblog_of_id = $1 ORDER BY id "
            "LIMIT 200) s JOIN account a ON a.id = s.account_id "
            "WHERE a.actor_type = 'Group' AND a.domain <> '' AND a.suspended_ms IS NULL ORDER BY s.id LIMIT 5"),
    [Q_READER_ADD] =
        SQL("INSERT INTO mention (status_id, account_id, silent) VALUES ($1, $2, TRUE) ON CONFLICT DO NOTHING"),
    [Q_DOMAIN_KNOWN] = SQL("SELECT 1 FROM account WHERE domain = $1 LIMIT 1"),
};
DB_STATEMENTS(store_receive, sql);

enum err
store_status_boosters_here(struct ctx *c, int64_t status_id, int64_t limit, struct ids *out)
{
    struct db_rows rows;

    TRY(db_query(c, &sql[Q_BOOSTERS], DB_ARGS(D_INT(status_id), D_INT(limit)), &rows));
    *out = (struct ids){ arena_vec(c->mem, int64_t, rows.n), rows.n };
    for (size_t i = 0; i < rows.n; i++)
        out->v[i] = db_int(&rows.v[i], 0);
    return ERR_OK;
}

enum err
store_status_groups(struct ctx *c, int64_t status_id, struct ids *ids, struct strs *uris)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_GROUPS], DB_ARGS(D_INT(status_id)), &r));
    *ids = (struct ids){ arena_vec(c->mem, int64_t, r.n), r.n };
    *uris = (struct strs){ arena_vec(c->mem, struct str, r.n), r.n };
    for (size_t i = 0; i < r.n; i++) {
        ids->v[i] = db_int(&r.v[i], 0);
        uris->v[i] = db_str(&r.v[i], 1);
    }
    return ERR_OK;
}

enum err
store_status_reader_add(struct ctx *c, int64_t status_id, int64_t account_id, bool *added)
{
    return db_change(c, &sql[Q_READER_ADD], DB_ARGS(D_INT(status_id), D_INT(account_id)), added);
}

enum err
store_domain_known(struct ctx *c, struct str domain, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_DOMAIN_KNOWN], DB_ARGS(D_STR(domain)), &r));
    *out = r != NULL;
    return ERR_OK;
}
