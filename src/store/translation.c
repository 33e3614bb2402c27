/* Answers of the translation service. */
#include "store/translation.h"

#include "base/clock.h"
#include "db/db.h"

enum { Q_GET, Q_PUT, Q_PRUNE, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT body FROM translation WHERE digest = $1 AND created_ms > $2"),
    [Q_PUT] = SQL("INSERT INTO translation (digest, body, created_ms) VALUES ($1, $2, $3) "
                  "ON CONFLICT (digest) DO UPDATE SET body = $2, created_ms = $3"),
    [Q_PRUNE] = SQL("DELETE FROM translation WHERE created_ms < $1"),
};
DB_STATEMENTS(store_translation, sql);

enum err
store_translation_get(struct ctx *c, struct str digest, int64_t after_ms, struct str *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_GET], DB_ARGS(D_BYTES(digest), D_INT(after_ms)), &r));
    *out = r == NULL ? STR_NONE : db_str(r, 0);
    return ERR_OK;
}

enum err
store_translation_put(struct ctx *c, struct str digest, struct str body)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_BYTES(digest), D_STR(body), D_INT(clock_ms())), NULL);
}

enum err
store_translation_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}
