/* Followers by their ids, and when they were compared with what another server says (declared in relation.h). */
#include "store/relation.h"

#include "store/internal.h"

enum { PORTION = 5000 };
enum { Q_FOLLOWER_URIS, Q_FOLLOWER_URIS_LOCAL, Q_SYNC_MS, Q_SYNC_PUT, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_FOLLOWER_URIS] = SQL("SELECT a.uri, a.id, f.id FROM follow f JOIN account a ON a.id = f.account_id "
                            "WHERE f.target_id = $1 AND f.id > $2 AND a.domain <> '' ORDER BY f.id LIMIT $3"),
    [Q_FOLLOWER_URIS_LOCAL] = SQL("SELECT a.uri, a.id, f.id FROM follow f JOIN account a ON a.id = f.account_id "
                                  "WHERE f.target_id = $1 AND f.id > $2 AND a.domain = '' ORDER BY f.id LIMIT $3"),
    [Q_SYNC_MS] = SQL("SELECT checked_ms FROM follower_sync WHERE account_id = $1"),
    [Q_SYNC_PUT] = SQL("INSERT INTO follower_sync (account_id, checked_ms) VALUES ($1, $2) "
                       "ON CONFLICT (account_id) DO UPDATE SET checked_ms = $2"),
};
DB_STATEMENTS(store_sync, sql);

enum err
store_follower_uris(
    struct ctx *c, int64_t target_id, bool local, int64_t limit, struct strs *out, struct ids *account_ids)
{
    struct ids ids = { 0 };
    struct db_rows r = { .n = PORTION };
    int64_t after = 0;

    *out = (struct strs){ 0 };
    while (r.n == PORTION && (int64_t)out->n < limit) {
        TRY(db_query(c, &sql[local ? Q_FOLLOWER_URIS_LOCAL : Q_FOLLOWER_URIS],
            DB_ARGS(D_INT(target_id), D_INT(after), D_INT(MIN(limit - (int64_t)out->n, PORTION))), &r));
        out->v = arena_grow(
            c->mem, out->v, out->n * sizeof(*out->v), (out->n + r.n) * sizeof(*out->v), _Alignof(struct str));
        ids.v = arena_grow(c->mem, ids.v, ids.n * sizeof(*ids.v), (ids.n + r.n) * sizeof(*ids.v), _Alignof(int64_t));
        for (size_t i = 0; i < r.n; i++) {
            out->v[out->n++] = db_str(&r.v[i], 0);
            ids.v[ids.n++] = db_int(&r.v[i], 1);
            after = db_int(&r.v[i], 2);
        }
    }
    if (account_ids != NULL)
        *account_ids = ids;
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
