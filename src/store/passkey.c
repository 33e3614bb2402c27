/* Passkeys, and the challenges that were answered. */
#include "store/passkey.h"

#include "base/arena.h"
#include "store/internal.h"

#define COLS "id, user_id, credential, public_key, alg, sign_count, name, created_ms, used_ms"

enum { Q_INSERT, Q_BY_CREDENTIAL, Q_LIST, Q_RENAME, Q_DELETE, Q_USE, Q_SPEND, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_INSERT] = SQL("INSERT INTO passkey (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)"),
    [Q_BY_CREDENTIAL] = SQL("SELECT " COLS " FROM passkey WHERE credential = $1"),
    [Q_LIST] = SQL("SELECT " COLS " FROM passkey WHERE user_id = $1 ORDER BY id LIMIT $2"),
    [Q_RENAME] = SQL("UPDATE passkey SET name = $3 WHERE user_id = $1 AND id = $2"),
    [Q_DELETE] = SQL("DELETE FROM passkey WHERE user_id = $1 AND id = $2"),
    [Q_USE] = SQL("UPDATE passkey SET sign_count = $2, used_ms = $3 WHERE id = $1 AND "
                  "(sign_count < $2 OR (sign_count = 0 AND $2 = 0))"),
    [Q_SPEND] = SQL("INSERT INTO passkey_spent (hash, expires_ms) VALUES ($1, $2)"),
    [Q_PRUNE] = SQL("DELETE FROM passkey_spent WHERE expires_ms < $1"),
};
DB_STATEMENTS(store_passkey, sql);

static struct passkey
read_row(const struct db_row *r)
{
    return (struct passkey){ .id = db_int(r, 0),
        .user_id = db_int(r, 1),
        .credential = db_str(r, 2),
        .public_key = db_str(r, 3),
        .alg = (int)db_int(r, 4),
        .sign_count = db_int(r, 5),
        .name = db_str(r, 6),
        .created_ms = db_int(r, 7),
        .used_ms = db_int(r, 8) };
}

enum err
store_passkey_insert(struct ctx *c, const struct passkey *p)
{
    return db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(p->id), D_INT(p->user_id), D_BYTES(p->credential), D_BYTES(p->public_key), D_INT(p->alg),
            D_INT(p->sign_count), D_STR(p->name), D_INT(p->created_ms)),
        NULL);
}

enum err
store_passkey_by_credential(struct ctx *c, struct str credential, struct passkey **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_CREDENTIAL], DB_ARGS(D_BYTES(credential)), &r));
    *out = arena_new(c->mem, struct passkey);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_passkey_list(struct ctx *c, int64_t user_id, struct passkeys *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(user_id), D_INT(PASSKEYS_MAX)), &r));
    ROWS_READ(c->mem, &r, struct passkey, read_row, out);
    return ERR_OK;
}

enum err
store_passkey_rename(struct ctx *c, int64_t user_id, int64_t id, struct str name, bool *found)
{
    return db_change(c, &sql[Q_RENAME], DB_ARGS(D_INT(user_id), D_INT(id), D_STR(name)), found);
}

enum err
store_passkey_delete(struct ctx *c, int64_t user_id, int64_t id, bool *found)
{
    return db_change(c, &sql[Q_DELETE], DB_ARGS(D_INT(user_id), D_INT(id)), found);
}

enum err
store_passkey_use(struct ctx *c, int64_t id, int64_t sign_count, int64_t now_ms, bool *ok)
{
    return db_change(c, &sql[Q_USE], DB_ARGS(D_INT(id), D_INT(sign_count), D_INT(now_ms)), ok);
}

enum err
store_passkey_spend(struct ctx *c, struct str hash, int64_t expires_ms)
{
    return db_exec(c, &sql[Q_SPEND], DB_ARGS(D_BYTES(hash), D_INT(expires_ms)), NULL);
}

enum err
store_passkey_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
