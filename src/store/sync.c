/* Followers by their ids, and when they were compared with what another server says (declared in relation.h). */
#include "store/relation.h"

#include "store/internal.h"

enum { Q_FOLLOWER_URIS, Q_FOLLOWER_URIS_LOCAL, Q_SYNC_MS, Q_SYNC_PUT, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_FOLLOWER_URIS] = SQL("SELECT a.uri, a.id FROM follow f JOIN account a ON a.id = f.account_id "
                            "WHERE f.target_id = $1 AND a.domain <> '' LIMIT $2"),
    [Q_FOLLOWER_URIS_LOCAL] = SQL("SELECT a.uri, a.id FROM follow f JOIN account a ON a.id = f.account_id "
                                  "WHERE f.target_id = $1 AND a.domain = '' LIMIT $2"),
    [Q_SYNC_MS] = SQL("SELECT checked_ms FROM follower_sync WHERE account_id = $1"),
    [Q_SYNC_PUT] = SQL("INSERT INTO follower_sync (account_id, checked_ms) VALUES ($1, $2) "
                       "ON CONFLICT (account_id) DO UPDATE SET checked_ms = $2"),
};
DB_STATEMENTS(store_sync, sql);

enum err
store_follower_uris(
    struct ctx *c, int64_t target_id, bool local, int64_t limit, struct strs *out, struct ids *account_ids)
{
    struct db_rows r;

    TRY(db_query(
        c, &sql[local ? Q_FOLLOWER_URIS_LOCAL : Q_FOLLOWER_URIS], DB_ARGS(D_INT(target_id), D_INT(limit)), &r));
    *out = (struct strs){ arena_vec(c->mem, struct str, r.n), r.n };
    if (account_ids != NULL)
        *account_ids = (struct ids){ arena_vec(c->mem, int64_t, r.n), r.n };
    for (size_t i = 0; i < r.n; i++) {
        out->v[i] = db_str(&r.v[i], 0);
        if (account_ids != NULL)
            account_ids->v[i] = db_int(&r.v[i], 1);
    }
    return ERR_OK;
}

enum err
store_sync_ms(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_SYNC_MS], DB_ARGS(D_INT(account_id)), &r));
    *out = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_sync_put(struct ctx *c, int64_t account_id, int64_t now_ms)
{
    return db_exec(c, &sql[Q_SYNC_PUT], DB_ARGS(D_INT(account_id), D_INT(now_ms)), NULL);
}
