/* Leased numbers of processes. */
#include "store/node.h"

#include "base/id.h"
#include "db/db.h"

enum { Q_CLAIM, Q_ADD, Q_RENEW, Q_COUNT };

#define LITE_NOW "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
#define PG_NOW "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
#define CLAIM(now)                                                                                                     \
    "UPDATE node SET owner = $1, until_ms = " now                                                                      \
    " + $2 WHERE number = (SELECT number FROM node WHERE until_ms < " now                                              \
    " ORDER BY until_ms, number LIMIT 1 {skip_locked}) RETURNING number"
#define ADD(now)                                                                                                       \
    "INSERT INTO node (number, owner, until_ms) SELECT coalesce(max(number), 0) + 1, $1, " now " + $2 FROM node"       \
    " HAVING coalesce(max(number), 0) + 1 < $3 ON CONFLICT (number) DO NOTHING RETURNING number"
#define RENEW(now) "UPDATE node SET until_ms = " now " + $3 WHERE number = $1 AND owner = $2 AND until_ms > " now

static const struct db_sql sql[Q_COUNT] = {
    [Q_CLAIM] = SQL2(CLAIM(LITE_NOW), CLAIM(PG_NOW)),
    [Q_ADD] = SQL2(ADD(LITE_NOW), ADD(PG_NOW)), /* of two at once one gets nothing, and asks again */
    [Q_RENEW] = SQL2(RENEW(LITE_NOW), RENEW(PG_NOW)),
};
DB_STATEMENTS(store_node, sql);

enum err
store_node_claim(struct ctx *c, int64_t owner, int64_t ms, int64_t *number)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_CLAIM], DB_ARGS(D_INT(owner), D_INT(ms)), &r));
    if (r == NULL)
        TRY(db_maybe(c, &sql[Q_ADD], DB_ARGS(D_INT(owner), D_INT(ms), D_INT(ID_NODES)), &r));
    *number = r == NULL ? 0 : db_int(r, 0);
    return ERR_OK;
}

enum err
store_node_renew(struct ctx *c, int64_t number, int64_t owner, int64_t ms, bool *ok)
{
    return db_change(c, &sql[Q_RENEW], DB_ARGS(D_INT(number), D_INT(owner), D_INT(ms)), ok);
}
