/* Subscriptions by mail. */
#include "store/subscription.h"

#include "store/internal.h"

#define COLS "id, account_id, email, email_key, locale, created_ms, confirmed_ms, sent_id, next_ms"
#define WAITS "account_id = $1 AND confirmed_ms IS NOT NULL AND sent_id < $2"

enum {
    Q_PUT,
    Q_BY_KEY,
    Q_BY_ID,
    Q_FREE_MS,
    Q_COUNT_ALL,
    Q_CONFIRM,
    Q_DELETE,
    Q_DELETE_ALL,
    Q_PRUNE,
    Q_DUE,
    Q_NEXT,
    Q_TAKE,
    Q_HOLD,
    Q_POSTS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO email_subscription (" COLS ") VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8) "
                  "ON CONFLICT (account_id, email_key) DO NOTHING"),
    [Q_BY_KEY] = SQL("SELECT " COLS " FROM email_subscription WHERE account_id = $1 AND email_key = $2"),
    [Q_BY_ID] = SQL("SELECT " COLS " FROM email_subscription WHERE id = $1"),
    [Q_FREE_MS] = SQL("SELECT coalesce(max(next_ms), 0) FROM email_subscription WHERE email_key = $1"),
    [Q_COUNT_ALL] = SQL("SELECT count(confirmed_ms), count(*) FROM email_subscription WHERE account_id = $1"),
    [Q_CONFIRM] =
        SQL("UPDATE email_subscription SET confirmed_ms = $2, sent_id = $3 WHERE id = $1 AND confirmed_ms IS NULL"),
    [Q_DELETE] = SQL("DELETE FROM email_subscription WHERE id = $1"),
    [Q_DELETE_ALL] = SQL("DELETE FROM email_subscription WHERE account_id = $1"),
    [Q_PRUNE] = SQL("DELETE FROM email_subscription WHERE confirmed_ms IS NULL AND created_ms < $1"),
    [Q_DUE] = SQL("SELECT " COLS " FROM email_subscription WHERE " WAITS " AND next_ms <= $3 LIMIT $4"),
    [Q_NEXT] = SQL("SELECT coalesce(min(next_ms), 0) FROM email_subscription WHERE " WAITS),
    [Q_TAKE] = SQL("UPDATE email_subscription SET sent_id = $2 WHERE id = $1 AND sent_id = $3 AND next_ms <= $4"),
    [Q_HOLD] = SQL("UPDATE email_subscription SET next_ms = $2 WHERE email_key = $1"),
    [Q_POSTS] = SQL("SELECT id FROM status WHERE account_id = $1 AND id > $2 AND id <= $3 AND visibility = 0 "
                    "AND local_only = FALSE AND reblog_of_id IS NULL AND in_reply_to_id IS NULL "
                    "AND in_reply_to_account_id IS NULL AND in_reply_to_uri IS NULL AND expires_ms IS NULL "
                    "ORDER BY id DESC LIMIT $4"),
};
DB_STATEMENTS(store_subscription, sql);

static struct email_subscription
read_row(const struct db_row *r)
{
    return (struct email_subscription){ .id = db_int(r, 0),
        .account_id = db_int(r, 1),
        .email = db_str(r, 2),
        .email_key = db_str(r, 3),
        .locale = db_str(r, 4),
        .created_ms = db_int(r, 5),
        .confirmed_ms = db_int(r, 6),
        .sent_id = db_int(r, 7),
        .next_ms = db_int(r, 8) };
}

enum err
store_subscription_put(struct ctx *c, struct email_subscription *s)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FREE_MS], DB_ARGS(D_STR(s->email_key)), &r));
    TRY(db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(s->id), D_INT(s->account_id), D_STR(s->email), D_STR(s->email_key), D_STR(s->locale),
            D_INT(s->created_ms), D_INT(s->sent_id), D_INT(db_int(r, 0))),
        NULL));
    TRY(db_one(c, &sql[Q_BY_KEY], DB_ARGS(D_INT(s->account_id), D_STR(s->email_key)), &r));
    *s = read_row(r);
    return ERR_OK;
}

enum err
store_subscription_get(struct ctx *c, int64_t id, struct email_subscription *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_BY_ID], DB_ARGS(D_INT(id)), &r));
    *out = read_row(r);
    return ERR_OK;
}

enum err
store_subscription_count(struct ctx *c, int64_t account_id, int64_t *confirmed, int64_t *waiting)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_COUNT_ALL], DB_ARGS(D_INT(account_id)), &r));
    *confirmed = db_int(r, 0);
    *waiting = db_int(r, 1) - db_int(r, 0);
    return ERR_OK;
}

enum err
store_subscription_confirm(struct ctx *c, int64_t id, int64_t now_ms, int64_t sent_id)
{
    return db_exec(c, &sql[Q_CONFIRM], DB_ARGS(D_INT(id), D_INT(now_ms), D_INT(sent_id)), NULL);
}

enum err
store_subscription_delete(struct ctx *c, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(id)), NULL);
}

enum err
store_subscription_delete_all(struct ctx *c, int64_t account_id)
{
    return db_exec(c, &sql[Q_DELETE_ALL], DB_ARGS(D_INT(account_id)), NULL);
}

enum err
store_subscription_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms)), NULL);
}

enum err
store_subscription_due(
    struct ctx *c, int64_t account_id, int64_t newest, int64_t now_ms, int64_t limit, struct email_subscriptions *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DUE], DB_ARGS(D_INT(account_id), D_INT(newest), D_INT(now_ms), D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct email_subscription, read_row, out);
    return ERR_OK;
}

enum err
store_subscription_next(struct ctx *c, int64_t account_id, int64_t newest, int64_t *ms)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_NEXT], DB_ARGS(D_INT(account_id), D_INT(newest)), &r));
    *ms = db_int(r, 0);
    return ERR_OK;
}

enum err
store_subscription_take(
    struct ctx *c, const struct email_subscription *s, int64_t newest, int64_t now_ms, int64_t next_ms, bool *taken)
{
    TRY(db_change(c, &sql[Q_TAKE], DB_ARGS(D_INT(s->id), D_INT(newest), D_INT(s->sent_id), D_INT(now_ms)), taken));
    return *taken ? db_exec(c, &sql[Q_HOLD], DB_ARGS(D_STR(s->email_key), D_INT(next_ms)), NULL) : ERR_OK;
}

enum err
store_subscription_posts(struct ctx *c, int64_t account_id, int64_t after, int64_t upto, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_POSTS], DB_ARGS(D_INT(account_id), D_INT(after), D_INT(upto), D_INT(limit)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}
