/* What a reader wants of strangers. */
#include "store/notification_request.h"

#include "base/clock.h"
#include "base/id.h"
#include "store/internal.h"

/* The messages of r that wait: mentions and quotes. */
#define WAITING                                                                                                        \
    " FROM notification n WHERE n.account_id = r.account_id AND n.from_account_id = r.from_account_id AND "            \
    "n.filtered = TRUE AND n.kind IN (0, 10) "
#define COLS                                                                                                           \
    "r.id, r.account_id, r.from_account_id, r.created_ms, r.updated_ms, "                                              \
    "(SELECT count(*) FROM (SELECT 1" WAITING "LIMIT 100) x), "                                                        \
    "(SELECT max(n.status_id)" WAITING ")"
#define PAGE_OF                                                                                                        \
    "SELECT " COLS " FROM notification_request r WHERE r.account_id = $4 AND r.id < $1 AND r.id > $2 AND EXISTS "      \
    "(SELECT 1" WAITING ") AND NOT EXISTS (SELECT 1 FROM account a WHERE a.id = r.from_account_id AND "                \
    "a.suspended_ms IS NOT NULL) ORDER BY r.id "

enum {
    Q_POLICY,
    Q_POLICY_PUT,
    Q_PENDING,
    Q_PUT,
    Q_PAGE,
    Q_PAGE_UP,
    Q_LIST,
    Q_DELETE,
    Q_SURPLUS,
    Q_TRIM,
    Q_PRUNE,
    Q_PRUNE_EMPTY,
    Q_SHOW,
    Q_PERMITTED,
    Q_PERMIT,
    Q_MERGING,
    Q_ANSWERS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_POLICY] = SQL("SELECT not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots FROM "
                     "notification_policy WHERE account_id = $1"),
    [Q_POLICY_PUT] =
        SQL("INSERT INTO notification_policy (account_id, not_following, not_followers, new_accounts, "
            "private_mentions, limited_accounts, bots) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (account_id) DO "
            "UPDATE SET not_following = $2, not_followers = $3, new_accounts = $4, private_mentions = $5, "
            "limited_accounts = $6, bots = $7"),
    [Q_PENDING] = SQL(
        "SELECT count(*), CAST(coalesce(sum(y.k), 0) AS BIGINT) FROM (SELECT (SELECT count(*) FROM (SELECT 1" WAITING
        "LIMIT 100) x) AS k FROM notification_request r WHERE r.account_id = $1 AND EXISTS (SELECT "
        "1" WAITING ") LIMIT 100) y"),
    [Q_PUT] = SQL("INSERT INTO notification_request (id, account_id, from_account_id, created_ms, updated_ms) VALUES "
                  "($1, $2, $3, $4, $4) ON CONFLICT (account_id, from_account_id) DO UPDATE SET updated_ms = $4"),
    [Q_PAGE] = SQL(PAGE_OF "DESC LIMIT $3"),
    [Q_PAGE_UP] = SQL(PAGE_OF "ASC LIMIT $3"),
    [Q_LIST] = SQL("SELECT " COLS " FROM notification_request r WHERE r.account_id = $1 AND r.id IN {ids:$2}"),
    [Q_DELETE] = SQL("DELETE FROM notification_request WHERE account_id = $1 AND id = $2"),
    [Q_SURPLUS] = SQL("SELECT r.id, r.account_id, r.from_account_id, r.created_ms, r.updated_ms, 0, 0 FROM "
                      "notification_request r WHERE r.account_id = $1 ORDER BY r.updated_ms DESC, r.id DESC LIMIT 100 "
                      "OFFSET $2"),
    [Q_TRIM] = SQL("DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE account_id = $1 AND "
                   "from_account_id = $2 AND filtered = TRUE ORDER BY id DESC LIMIT 1000 OFFSET $3)"),
    [Q_SHOW] = SQL("UPDATE notification SET filtered = FALSE WHERE account_id = $1 AND from_account_id = $2 AND "
                   "filtered = TRUE"),
    [Q_PRUNE] = SQL("DELETE FROM notification WHERE filtered = TRUE AND id < $1"),
    [Q_PRUNE_EMPTY] = SQL("DELETE FROM notification_request WHERE id IN (SELECT r.id FROM notification_request r WHERE "
                          "NOT EXISTS (SELECT 1" WAITING "))"),
    [Q_PERMITTED] = SQL("SELECT 1 FROM notification_permission WHERE account_id = $1 AND from_account_id = $2"),
    [Q_PERMIT] = SQL("INSERT INTO notification_permission (account_id, from_account_id, merging, created_ms) VALUES "
                     "($1, $2, $3, $4) ON CONFLICT (account_id, from_account_id) DO UPDATE SET merging = $3"),
    [Q_MERGING] = SQL("SELECT 1 FROM notification_permission WHERE account_id = $1 AND merging = TRUE LIMIT 1"),
    [Q_ANSWERS] = SQL("SELECT 1 FROM status s JOIN mention m ON m.status_id = s.id WHERE s.id IN {ids:$1} AND "
                      "s.account_id = $2 AND s.visibility = 3 AND m.account_id = $3 LIMIT 1"),
};
DB_STATEMENTS(store_notification_request, sql);

enum err
store_notification_policy(struct ctx *c, int64_t account_id, struct notification_policy *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[Q_POLICY], DB_ARGS(D_INT(account_id)), &r));
    *out = notification_policy_default;
    for (size_t i = 0; r != NULL && i < POLICY_COUNT; i++)
        out->v[i] = (int)db_int(r, i);
    return ERR_OK;
}

enum err
store_notification_policy_put(struct ctx *c, int64_t account_id, const struct notification_policy *policy)
{
    const int *v = policy->v;

    return db_exec(c, &sql[Q_POLICY_PUT],
        DB_ARGS(D_INT(account_id), D_INT(v[POLICY_NOT_FOLLOWING]), D_INT(v[POLICY_NOT_FOLLOWERS]),
            D_INT(v[POLICY_NEW_ACCOUNTS]), D_INT(v[POLICY_PRIVATE_MENTIONS]), D_INT(v[POLICY_LIMITED_ACCOUNTS]),
            D_INT(v[POLICY_BOTS])),
        NULL);
}

enum err
store_notification_pending(struct ctx *c, int64_t account_id, int64_t *requests, int64_t *notifications)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_PENDING], DB_ARGS(D_INT(account_id)), &r));
    *requests = db_int(r, 0);
    *notifications = db_int(r, 1);
    return ERR_OK;
}

enum err
store_notification_request_put(struct ctx *c, int64_t id, int64_t account_id, int64_t from, int64_t now_ms)
{
    return db_exec(c, &sql[Q_PUT], DB_ARGS(D_INT(id), D_INT(account_id), D_INT(from), D_INT(now_ms)), NULL);
}

static void
read_rows(struct ctx *c, const struct db_rows *r, struct notification_requests *out)
{
    out->v = arena_vec(c->mem, struct notification_request, r->n);
    out->n = r->n;
    for (size_t i = 0; i < r->n; i++)
        out->v[i] = (struct notification_request){ .id = db_int(&r->v[i], 0),
            .account_id = db_int(&r->v[i], 1),
            .from_account_id = db_int(&r->v[i], 2),
            .created_ms = db_int(&r->v[i], 3),
            .updated_ms = db_int(&r->v[i], 4),
            .count = db_int(&r->v[i], 5),
            .last_status_id = db_int(&r->v[i], 6) };
}

enum err
store_notification_request_page(
    struct ctx *c, int64_t account_id, const struct page *p, struct notification_requests *out)
{
    int64_t below, above;
    struct db_rows r;

    page_bounds(p, &below, &above);
    TRY(db_query(c, &sql[page_is_up(p) ? Q_PAGE_UP : Q_PAGE],
        DB_ARGS(D_INT(below), D_INT(above), D_INT(p->limit), D_INT(account_id)), &r));
    read_rows(c, &r, out);
    PAGE_REVERSE(p, out->v, out->n, struct notification_request);
    return ERR_OK;
}

enum err
store_notification_request_list(
    struct ctx *c, int64_t account_id, const struct ids *ids, struct notification_requests *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(account_id), D_IDS(ids->v, ids->n)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_notification_request_delete(struct ctx *c, int64_t account_id, int64_t id)
{
    return db_exec(c, &sql[Q_DELETE], DB_ARGS(D_INT(account_id), D_INT(id)), NULL);
}

enum err
store_notification_request_surplus(struct ctx *c, int64_t account_id, int64_t keep, struct notification_requests *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_SURPLUS], DB_ARGS(D_INT(account_id), D_INT(keep)), &r));
    read_rows(c, &r, out);
    return ERR_OK;
}

enum err
store_notification_filtered_trim(struct ctx *c, int64_t account_id, int64_t from, int64_t keep)
{
    return db_exec(c, &sql[Q_TRIM], DB_ARGS(D_INT(account_id), D_INT(from), D_INT(keep)), NULL);
}

enum err
store_notification_filtered_show(struct ctx *c, int64_t account_id, int64_t from)
{
    return db_exec(c, &sql[Q_SHOW], DB_ARGS(D_INT(account_id), D_INT(from)), NULL);
}

enum err
store_notification_filtered_prune(struct ctx *c, int64_t before_ms)
{
    TRY(db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(id_at(before_ms))), NULL));
    return db_exec(c, &sql[Q_PRUNE_EMPTY], DB_NO_ARGS, NULL);
}

static enum err
has(struct ctx *c, int q, struct db_args args, bool *out)
{
    const struct db_row *r;

    TRY(db_maybe(c, &sql[q], args, &r));
    *out = r != NULL;
    return ERR_OK;
}

enum err
store_notification_permitted(struct ctx *c, int64_t account_id, int64_t from, bool *out)
{
    return has(c, Q_PERMITTED, DB_ARGS(D_INT(account_id), D_INT(from)), out);
}

enum err
store_notification_permit(struct ctx *c, int64_t account_id, int64_t from, bool merging)
{
    return db_exec(
        c, &sql[Q_PERMIT], DB_ARGS(D_INT(account_id), D_INT(from), D_BOOL(merging), D_INT(clock_ms())), NULL);
}

enum err
store_notification_merging(struct ctx *c, int64_t account_id, bool *out)
{
    return has(c, Q_MERGING, DB_ARGS(D_INT(account_id)), out);
}

enum err
store_notification_answers(struct ctx *c, const struct ids *thread, int64_t to, int64_t from, bool *out)
{
    return has(c, Q_ANSWERS, DB_ARGS(D_IDS(thread->v, thread->n), D_INT(to), D_INT(from)), out);
}
