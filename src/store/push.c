/* Subscriptions for Web Push. */
#include "store/push.h"

#include "db/db.h"

#define COLS                                                                                                           \
    "id, token_id, account_id, endpoint, p256dh, auth, secret, standard, policy, alerts, failing_ms, created_ms"

enum { Q_INSERT, Q_OF_TOKEN, Q_GET, Q_WANTING, Q_SET, Q_FAILING, Q_DELETE, Q_DELETE_TOKEN, Q_TRIM, Q_LOCALE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_INSERT] =
        SQL("INSERT INTO push_subscription (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, $11)"),
    [Q_OF_TOKEN] = SQL("SELECT " COLS " FROM push_subscription WHERE token_id = $1"),
    [Q_GET] = SQL("SELECT " COLS " FROM push_subscription WHERE id = $1"),
    [Q_WANTING] = SQL("SELECT " COLS " FROM push_subscription WHERE account_id = $1 AND (alerts & $2) <> 0 LIMIT 100"),
    [Q_SET] = SQL("UPDATE push_subscription SET policy = $2, alerts = $3 WHERE id = $1"),
    [Q_FAILING] = SQL("UPDATE push_subscription SET failing_ms = $2 WHERE id = $1"),
    [Q_DELETE] = SQL("DELETE FROM push_subscription WHERE id = $1"),
    [Q_DELETE_TOKEN] = SQL("DELETE FROM push_subscription WHERE token_id = $1"),
    [Q_TRIM] = SQL("DELETE FROM push_subscription WHERE account_id = $1 AND id <= (SELECT id FROM push_subscription "
                   "WHERE account_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)"),
    [Q_LOCALE] = SQL("SELECT u.locale FROM token t JOIN users u ON u.id = t.user_id WHERE t.id = $1"),
};
DB_STATEMENTS(store_push, sql);

static void
read_row(const struct db_row *r, struct push_subscription *p)
{
    *p = (struct push_subscription){ .id = db_int(r, 0),
        .token_id = db_int(r, 1),
        .account_id = db_int(r, 2),
        .endpoint = db_str(r, 3),
        .p256dh = db_str(r, 4),
        .auth = db_str(r, 5),
        .secret = db_str(r, 6),
        .standard = db_bool(r, 7),
        .policy = (enum push_policy)db_int(r, 8),
        .alerts = (uint64_t)db_int(r, 9),
        .failing_ms = db_int(r, 10),
        .created_ms = db_int(r, 11) };
}

enum err
store_push_put(struct ctx *c, const struct push_subscription *p, int64_t keep)
{
    TRY(db_exec(c, &sql[Q_DELETE_TOKEN], DB_ARGS(D_INT(p->token_id)), NULL));
    TRY(db_exec(c, &sql[Q_INSERT],
        DB_ARGS(D_INT(p->id), D_INT(p->token_id), D_INT(p->account_id), D_STR(p->endpoint), D_BYTES(p->p256dh),
            D_BYTES(p->auth), D_BYTES(p->secret), D_BOOL(p->standard), D_INT((int64_t)p->policy),
            D_INT((int64_t)p->alerts), D_INT(p->created_ms)),
        NULL));
    return db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(p->account_id), D_INT(keep)), NULL);
}

static enum err
get(struct ctx *c, int q, int64_t key, struct push_subscription **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[q], DB_ARGS(D_INT(key)), &r));
    *out = arena_new(c->mem, struct push_subscription);
    read_row(r, *out);
    return ERR_OK;
}

enum err
store_push_of_token(struct ctx *c, int64_t token_id, struct push_subscription **out)
{
    return get(c, Q_OF_TOKEN, token_id, out);
}

enum err
store_push_get(struct ctx *c, int64_t id, struct push_subscription **out)
{
    return get(c, Q_GET, id, out);
}

enum err
store_push_wanting(struct ctx *c, int64_t account_id, enum notification_kind kind, struct push_subscriptions *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_WANTING], DB_ARGS(D_INT(account_id), D_INT(INT64_C(1) << kind)), &r));
    *out = (struct push_subscriptions){ arena_vec(c->mem, struct push_subscription, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        read_row(&r.v[i], &out->v[i]);
    return ERR_OK;
}

enum err
store_push_set(struct ctx *c, int64_t id, enum push_policy policy, uint64_t alerts)
{
    return db_exec(c, &sql[Q_SET], DB_ARGS(D_INT(id), D_INT((int64_t)policy), D_INT((int64_t)alerts)), NULL);
}

enum err
store_push_failing(struct ctx *c, int64_t id, int64_t since_ms)
{
    return db_exec(c, &sql[Q_FAILING], DB_ARGS(D_INT(id), D_INTN(since_ms)), NULL);
}

enum err
store_push_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_push_locale(struct ctx *c, int64_t token_id, struct str *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_LOCALE], DB_ARGS(D_INT(token_id)), &r));
    *out = r == NULL ? S("en") : db_str(r, 0);
    return ERR_OK;
}
