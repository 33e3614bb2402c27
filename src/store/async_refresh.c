/* Work that clients wait for. */
#include "store/async_refresh.h"

#include "base/clock.h"
#include "base/id.h"
#include "db/db.h"

enum { Q_BEGIN, Q_PROGRESS, Q_FINISH, Q_GET, Q_FIND, Q_RUNNING, Q_PRUNE, Q_COUNT };

#define COLS "id, done, result_count"

static const struct db_sql sql[Q_COUNT] = {
    [Q_BEGIN] = SQL("INSERT INTO async_refresh (id, account_id, topic, updated_ms) VALUES ($1, $2, $3, $4) "
                    "ON CONFLICT (account_id, topic) DO UPDATE SET done = FALSE, "
                    "result_count = CASE WHEN async_refresh.done THEN NULL ELSE async_refresh.result_count END, "
                    "updated_ms = $4 RETURNING id"),
    [Q_PROGRESS] = SQL("UPDATE async_refresh SET result_count = $2 WHERE topic = $1 AND done = FALSE"),
    [Q_FINISH] = SQL(
        "UPDATE async_refresh SET done = TRUE, result_count = $2, updated_ms = $3 WHERE topic = $1 AND done = FALSE"),
    [Q_GET] = SQL("SELECT " COLS " FROM async_refresh WHERE account_id = $1 AND id = $2"),
    [Q_FIND] = SQL("SELECT " COLS " FROM async_refresh WHERE account_id = $1 AND topic = $2"),
    [Q_RUNNING] = SQL("SELECT count(*) FROM async_refresh WHERE account_id = $1 AND done = FALSE"),
    [Q_PRUNE] = SQL("DELETE FROM async_refresh WHERE updated_ms < CASE WHEN done THEN CAST($1 AS BIGINT) ELSE $2 END"),
};
DB_STATEMENTS(store_async_refresh, sql);

static struct async_refresh
read_row(const struct db_row *r)
{
    return (struct async_refresh){
        .id = db_int(r, 0), .done = db_bool(r, 1), .has_count = !db_is_null(r, 2), .result_count = db_int(r, 2)
    };
}

enum err
store_async_begin(struct ctx *c, int64_t account_id, struct str topic, int64_t *id)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BEGIN], DB_ARGS(D_INT(id_new()), D_INT(account_id), D_STR(topic), D_INT(clock_ms())), &r));
    *id = db_int(r, 0);
    return ERR_OK;
}

enum err
store_async_progress(struct ctx *c, struct str topic, int64_t result_count)
{
    return db_exec(c, &sql[Q_PROGRESS], DB_ARGS(D_STR(topic), D_INT(result_count)), NULL);
}

enum err
store_async_finish(struct ctx *c, struct str topic, int64_t result_count)
{
    return db_exec(c, &sql[Q_FINISH], DB_ARGS(D_STR(topic), D_INT(result_count), D_INT(clock_ms())), NULL);
}

enum err
store_async_get(struct ctx *c, int64_t account_id, int64_t id, struct async_refresh *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(id)), &r));
    *out = read_row(r);
    return ERR_OK;
}

enum err
store_async_find(struct ctx *c, int64_t account_id, struct str topic, struct async_refresh *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_FIND], DB_ARGS(D_INT(account_id), D_STR(topic)), &r));
    *out = r == NULL ? (struct async_refresh){ 0 } : read_row(r);
    return ERR_OK;
}

enum err
store_async_running(struct ctx *c, int64_t account_id, int64_t *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_RUNNING], DB_ARGS(D_INT(account_id)), &r));
    *out = db_int(r, 0);
    return ERR_OK;
}

enum err
store_async_prune(struct ctx *c, int64_t now_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(now_ms - HOUR_MS), D_INT(now_ms - (int64_t)DAY_MS)), NULL);
}
