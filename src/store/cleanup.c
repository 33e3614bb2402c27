/* Old posts that go by themselves. */
#include "store/cleanup.h"

#include "store/internal.h"

#define COLS                                                                                                           \
    "p.account_id, p.enabled, p.min_age_s, p.keep_direct, p.keep_pinned, p.keep_polls, p.keep_media, "                 \
    "p.keep_own_favourites, p.keep_own_bookmarks, p.min_favourites, p.min_reblogs, p.after_id, p.next_ms"
#define MINE(table) "(SELECT 1 FROM " table " x WHERE x.status_id = s.id AND x.account_id = s.account_id)"
/* Ids hold the time, so that the index ends the search; the time itself decides. */
#define POSTS                                                                                                          \
    "SELECT s.id FROM status s LEFT JOIN status_stat t ON t.status_id = s.id WHERE s.account_id = $1 AND s.id > $2 "   \
    "AND s.id < $3 AND s.created_ms < $4 AND ($5 = FALSE OR s.visibility < 3) "                                        \
    "AND ($6 = FALSE OR NOT EXISTS " MINE(                                                                             \
        "pin") ") "                                                                                                    \
               "AND ($7 = FALSE OR NOT EXISTS (SELECT 1 FROM poll x WHERE x.status_id = s.id)) "                       \
               "AND ($8 = FALSE OR s.has_media = FALSE) "                                                              \
               "AND ($9 = FALSE OR NOT EXISTS " MINE(                                                                  \
                   "favourite") ") "                                                                                   \
                                "AND ($10 = FALSE OR NOT EXISTS " MINE(                                                \
                                    "bookmark") ") "                                                                   \
                                                "AND ($11 = 0 OR coalesce(t.favourites, 0) < $11) AND ($12 = 0 OR "    \
                                                "coalesce(t.reblogs, 0) < $12) "                                       \
                                                "ORDER BY s.id LIMIT $13"

enum { Q_GET, Q_PUT, Q_PROGRESS, Q_DUE, Q_POSTS, Q_POSTS_COUNT, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT " COLS " FROM cleanup p WHERE p.account_id = $1"),
    [Q_PUT] = SQL("INSERT INTO cleanup (account_id, enabled, min_age_s, keep_direct, keep_pinned, keep_polls, "
                  "keep_media, keep_own_favourites, keep_own_bookmarks, min_favourites, min_reblogs, after_id, "
                  "next_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
                  "ON CONFLICT (account_id) DO UPDATE SET enabled = $2, min_age_s = $3, keep_direct = $4, "
                  "keep_pinned = $5, keep_polls = $6, keep_media = $7, keep_own_favourites = $8, "
                  "keep_own_bookmarks = $9, min_favourites = $10, min_reblogs = $11, after_id = $12, next_ms = $13"),
    [Q_PROGRESS] = SQL("UPDATE cleanup SET after_id = $2, next_ms = $3 WHERE account_id = $1"),
    [Q_DUE] = SQL("SELECT " COLS " FROM cleanup p JOIN account a ON a.id = p.account_id AND a.suspended_ms IS NULL "
                  "WHERE p.enabled = TRUE AND p.next_ms <= $1 ORDER BY p.next_ms LIMIT $2"),
    [Q_POSTS] = SQL(POSTS),
    [Q_POSTS_COUNT] = SQL("SELECT count(*) FROM (" POSTS ") v"),
};
DB_STATEMENTS(store_cleanup, sql);

static struct cleanup
read_row(const struct db_row *r)
{
    return (struct cleanup){ .account_id = db_int(r, 0),
        .enabled = db_bool(r, 1),
        .min_age_s = db_int(r, 2),
        .keep_direct = db_bool(r, 3),
        .keep_pinned = db_bool(r, 4),
        .keep_polls = db_bool(r, 5),
        .keep_media = db_bool(r, 6),
        .keep_own_favourites = db_bool(r, 7),
        .keep_own_bookmarks = db_bool(r, 8),
        .min_favourites = db_int(r, 9),
        .min_reblogs = db_int(r, 10),
        .after_id = db_int(r, 11),
        .next_ms = db_int(r, 12) };
}

enum err
store_cleanup_get(struct ctx *c, int64_t account_id, struct cleanup *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id)), &r));
    *out = read_row(r);
    return ERR_OK;
}

enum err
store_cleanup_put(struct ctx *c, const struct cleanup *p)
{
    return db_exec(c, &sql[Q_PUT],
        DB_ARGS(D_INT(p->account_id), D_BOOL(p->enabled), D_INT(p->min_age_s), D_BOOL(p->keep_direct),
            D_BOOL(p->keep_pinned), D_BOOL(p->keep_polls), D_BOOL(p->keep_media), D_BOOL(p->keep_own_favourites),
            D_BOOL(p->keep_own_bookmarks), D_INT(p->min_favourites), D_INT(p->min_reblogs), D_INT(p->after_id),
            D_INT(p->next_ms)),
        NULL);
}

enum err
store_cleanup_progress(struct ctx *c, int64_t account_id, int64_t after_id, int64_t next_ms)
{
    return db_exec(c, &sql[Q_PROGRESS], DB_ARGS(D_INT(account_id), D_INT(after_id), D_INT(next_ms)), NULL);
}

enum err
store_cleanup_due(struct ctx *c, int64_t now_ms, int64_t limit, struct cleanups *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_DUE], DB_ARGS(D_INT(now_ms), D_INT(limit)), &r));
    ROWS_READ(c->mem, &r, struct cleanup, read_row, out);
    return ERR_OK;
}

#define POST_ARGS(p, after, before_ms, limit)                                                                          \
    DB_ARGS(D_INT((p)->account_id), D_INT(after), D_INT((before_ms) << 16), D_INT(before_ms),                          \
        D_BOOL((p)->keep_direct), D_BOOL((p)->keep_pinned), D_BOOL((p)->keep_polls), D_BOOL((p)->keep_media),          \
        D_BOOL((p)->keep_own_favourites), D_BOOL((p)->keep_own_bookmarks), D_INT((p)->min_favourites),                 \
        D_INT((p)->min_reblogs), D_INT(limit))

enum err
store_cleanup_posts(struct ctx *c, const struct cleanup *p, int64_t before_ms, int64_t limit, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_POSTS], POST_ARGS(p, p->after_id, before_ms, limit), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_cleanup_count(struct ctx *c, const struct cleanup *p, int64_t before_ms, int64_t max, int64_t *n)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_POSTS_COUNT], POST_ARGS(p, 0, before_ms, max), &r));
    *n = db_int(r, 0);
    return ERR_OK;
}
