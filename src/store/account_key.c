/* Keys of accounts. */
#include "store/account_key.h"

#include "base/clock.h"
#include "store/internal.h"

enum { Q_KEY, Q_KEYS, Q_KEYS_DELETE, Q_KEY_INSERT, Q_KEY_OLD, Q_KEY_OLD_PUT, Q_KEY_OLD_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_KEY] = SQL("SELECT uri, account_id, kind, public, private, revoked_ms FROM account_key WHERE uri = $1"),
    [Q_KEYS] = SQL("SELECT uri, account_id, kind, public, private, revoked_ms FROM account_key WHERE account_id = $1 "
                   "ORDER BY kind, uri"),
    [Q_KEYS_DELETE] = SQL("DELETE FROM account_key WHERE account_id = $1"),
    [Q_KEY_INSERT] = SQL(
        "INSERT INTO account_key (uri, account_id, kind, public, private, created_ms) VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (uri) DO UPDATE SET account_id = $2, kind = $3, public = $4, private = $5, created_ms = $6, "
        "revoked_ms = NULL"),
    [Q_KEY_OLD] = SQL("SELECT uri, private FROM account_key_old WHERE account_id = $1"),
    [Q_KEY_OLD_PUT] = SQL("INSERT INTO account_key_old (account_id, uri, private, retired_ms) VALUES ($1, $2, $3, $4) "
                          "ON CONFLICT (account_id) DO UPDATE SET uri = $2, private = $3, retired_ms = $4"),
    [Q_KEY_OLD_PRUNE] = SQL("DELETE FROM account_key_old WHERE retired_ms < $1"),
};
DB_STATEMENTS(store_account_key, sql);

static struct account_key
read_key(const struct db_row *r)
{
    return (struct account_key){ .uri = db_str(r, 0),
        .account_id = db_int(r, 1),
        .kind = (int)db_int(r, 2),
        .public = db_str(r, 3),
        .private = db_str(r, 4),
        .revoked_ms = db_int(r, 5) };
}

enum err
store_account_key_get(struct ctx *c, struct str uri, struct account_key **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_KEY], DB_ARGS(D_STR(uri)), &r));
    *out = arena_new(c->mem, struct account_key);
    **out = read_key(r);
    return ERR_OK;
}

enum err
store_account_keys(struct ctx *c, int64_t account_id, struct account_keys *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_KEYS], DB_ARGS(D_INT(account_id)), &r));
    ROWS_READ(c->mem, &r, struct account_key, read_key, out);
    return ERR_OK;
}

enum err
store_account_keys_set(struct ctx *c, int64_t account_id, const struct account_key *v, size_t n)
{
    TRY(db_exec(c, &sql[Q_KEYS_DELETE], DB_ARGS(D_INT(account_id)), NULL));
    for (size_t i = 0; i < n; i++)
        TRY(db_exec(c, &sql[Q_KEY_INSERT],
            DB_ARGS(D_STR(v[i].uri), D_INT(account_id), D_INT(v[i].kind), D_BYTES(v[i].public), D_BYTES(v[i].private),
                D_INT(clock_ms())),
            NULL));
    return ERR_OK;
}

enum err
store_account_key_old(struct ctx *c, int64_t account_id, struct account_key **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_KEY_OLD], DB_ARGS(D_INT(account_id)), &r));
    *out = arena_new(c->mem, struct account_key);
    **out = (struct account_key){ .uri = db_str(r, 0), .account_id = account_id, .private = db_str(r, 1) };
    return ERR_OK;
}

enum err
store_account_key_old_put(struct ctx *c, const struct account_key *k, int64_t now_ms)
{
    return db_exec(
        c, &sql[Q_KEY_OLD_PUT], DB_ARGS(D_INT(k->account_id), D_STR(k->uri), D_BYTES(k->private), D_INT(now_ms)), NULL);
}

enum err
store_account_key_old_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_KEY_OLD_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
