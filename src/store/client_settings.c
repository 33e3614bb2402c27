/* What the web client keeps for a user. */
#include "store/client_settings.h"

#include "store/internal.h"

enum { Q_GET, Q_HOLD, Q_PUT, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT data FROM client_settings WHERE user_id = $1"),
    /* The update that changes nothing holds the row until the end of the transaction. */
    [Q_HOLD] = SQL("INSERT INTO client_settings (user_id, data) VALUES ($1, '{}') "
                   "ON CONFLICT (user_id) DO UPDATE SET data = client_settings.data RETURNING data"),
    [Q_PUT] = SQL("UPDATE client_settings SET data = $2 WHERE user_id = $1"),
};
DB_STATEMENTS(store_client_settings, sql);

enum err
store_client_settings_get(struct ctx *c, int64_t user_id, struct str *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_GET], DB_ARGS(D_INT(user_id)), &r));
    *out = r.n > 0 ? db_str(&r.v[0], 0) : STR_NONE;
    return ERR_OK;
}

enum err
store_client_settings_hold(struct ctx *c, int64_t user_id, struct str *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_HOLD], DB_ARGS(D_INT(user_id)), &r));
    CHECK(r.n == 1);
    *out = db_str(&r.v[0], 0);
    return ERR_OK;
}

enum err
store_client_settings_put(struct ctx *c, int64_t user_id, struct str data)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_INT(user_id), D_STR(data)), NULL);
}
