/* Trends: counting, candidates, results. */
#include "store/trend.h"

#include "base/clock.h"
#include "base/page.h"
#include "store/internal.h"

enum { RECENT_MAX = 50000 }; /* favourites and reblogs that are looked at */

enum {
    Q_USED,
    Q_HISTORY,
    Q_PRUNE,
    Q_TAG_CANDIDATES,
    Q_STATUS_CANDIDATES,
    Q_TAG_CLEAR,
    Q_TAG_ADD,
    Q_STATUS_CLEAR,
    Q_STATUS_ADD,
    Q_TAG_PAGE,
    Q_STATUS_PAGE,
    Q_TAG_ALLOW,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_USED] = SQL("INSERT INTO tag_use (tag_id, day, account_id, uses) VALUES ($1, $2, $3, 1) "
                   "ON CONFLICT (tag_id, day, account_id) DO UPDATE SET uses = tag_use.uses + 1"),
    [Q_HISTORY] = SQL("SELECT tag_id, day, count(*), CAST(sum(uses) AS {int}) FROM tag_use "
                      "WHERE tag_id IN {ids:$1} AND day > $2 GROUP BY tag_id, day"),
    [Q_PRUNE] = SQL("DELETE FROM tag_use WHERE day < $1"),
    [Q_TAG_CANDIDATES] =
        SQL("SELECT x.tag_id, (SELECT count(*) FROM tag_use u WHERE u.tag_id = x.tag_id AND u.day = $1), "
            "(SELECT count(*) FROM tag_use u WHERE u.tag_id = x.tag_id AND u.day = $1 - 1), "
            "COALESCE(r.peak, 0), COALESCE(r.peak_ms, 0) FROM ("
            "SELECT tag_id FROM (SELECT tag_id FROM tag_use WHERE day = $1 GROUP BY tag_id HAVING count(*) >= $2 "
            "ORDER BY count(*) DESC LIMIT $3) now UNION SELECT tag_id FROM trend_tag) x "
            "LEFT JOIN trend_tag r ON r.tag_id = x.tag_id"),
    [Q_STATUS_CANDIDATES] = SQL(
        "SELECT s.id, s.account_id, s.created_ms, n.favourites + n.reblogs FROM ("
        "SELECT status_id FROM (SELECT status_id FROM favourite WHERE id > $1 ORDER BY id DESC LIMIT $5) f "
        "UNION SELECT reblog_of_id FROM (SELECT reblog_of_id FROM status WHERE id > $1 AND reblog_of_id IS NOT NULL "
        "ORDER BY id DESC LIMIT $5) r) x JOIN status s ON s.id = x.status_id JOIN status_stat n ON n.status_id = s.id "
        "JOIN account a ON a.id = s.account_id WHERE s.created_ms > $2 AND n.favourites + n.reblogs >= $3 "
        "AND s.visibility = 0 AND s.sensitive = FALSE AND s.spoiler_text = '' AND s.in_reply_to_account_id IS NULL "
        "AND s.in_reply_to_uri IS NULL AND a.discoverable = TRUE AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL "
        "AND a.sensitized_ms IS NULL ORDER BY n.favourites + n.reblogs DESC LIMIT $4"),
    [Q_TAG_CLEAR] = SQL("DELETE FROM trend_tag"),
    [Q_TAG_ADD] = SQL("INSERT INTO trend_tag (tag_id, score, peak, peak_ms) VALUES ($1, $2, $3, $4)"),
    [Q_STATUS_CLEAR] = SQL("DELETE FROM trend_status"),
    [Q_STATUS_ADD] =
        SQL("INSERT INTO trend_status (status_id, score) SELECT id, CAST($2 AS {real}) FROM status WHERE id = $1"),
    [Q_TAG_PAGE] = SQL("SELECT t.id, t.name, t.display FROM trend_tag r JOIN tag t ON t.id = r.tag_id "
                       "WHERE COALESCE(t.trendable, $1) = TRUE ORDER BY r.score DESC, t.id LIMIT $2 OFFSET $3"),
    [Q_STATUS_PAGE] =
        SQL("SELECT s.id FROM trend_status r JOIN status s ON s.id = r.status_id JOIN account a ON a.id = s.account_id "
            "WHERE COALESCE(s.trendable, a.trendable, $1) = TRUE AND s.sensitive = FALSE AND a.discoverable = TRUE "
            "AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL "
            "ORDER BY CASE WHEN s.language = $2 THEN 0 ELSE 1 END, r.score DESC, s.id DESC LIMIT $3 OFFSET $4"),
    [Q_TAG_ALLOW] = SQL("UPDATE tag SET trendable = $2, reviewed_ms = $3 WHERE name = $1"),
};
DB_STATEMENTS(store_trend, sql);

enum err
store_tag_used(struct ctx *c, int64_t tag_id, int64_t day, int64_t account_id)
{
    return db_exec(c, &sql[Q_USED], DB_ARGS(D_INT(tag_id), D_INT(day), D_INT(account_id)), NULL);
}

enum err
store_tag_history(struct ctx *c, int64_t today, struct tag_ref *v, size_t n)
{
    struct ids ids = ids_new(c->mem, n);
    struct db_rows r = { 0 };

    for (size_t i = 0; i < n; i++) {
        v[i].history = arena_vec(c->mem, struct tag_day, TAG_DAYS);
        ids_add(&ids, v[i].id);
        for (int64_t k = 0; k < TAG_DAYS; k++)
            v[i].history[k].day = today - k;
    }
    ids_sort(&ids);
    if (ids.n > 0)
        TRY(db_query(c, &sql[Q_HISTORY], DB_ARGS(D_IDS(ids.v, ids.n), D_INT(today - TAG_DAYS)), &r));
    for (size_t i = 0; i < r.n; i++) {
        int64_t ago = today - db_int(&r.v[i], 1);

        for (size_t k = 0; k < n && ago >= 0; k++)
            if (v[k].id == db_int(&r.v[i], 0)) {
                v[k].history[ago].accounts = db_int(&r.v[i], 2);
                v[k].history[ago].uses = db_int(&r.v[i], 3);
            }
    }
    return ERR_OK;
}

enum err
store_tag_use_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_PRUNE], DB_ARGS(D_INT(before_ms / DAY_MS)), NULL);
}

enum err
store_trend_tag_candidates(struct ctx *c, int64_t today, int64_t min, int64_t limit, struct trend_tags *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAG_CANDIDATES], DB_ARGS(D_INT(today), D_INT(min), D_INT(limit)), &r));
    *out = (struct trend_tags){ arena_vec(c->mem, struct trend_tag, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct trend_tag){ .tag_id = db_int(&r.v[i], 0),
            .today = db_int(&r.v[i], 1),
            .yesterday = db_int(&r.v[i], 2),
            .peak = db_real(&r.v[i], 3),
            .peak_ms = db_int(&r.v[i], 4) };
    return ERR_OK;
}

enum err
store_trend_status_candidates(struct ctx *c, int64_t since_ms, int64_t min, int64_t limit, struct trend_statuses *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_STATUS_CANDIDATES],
        DB_ARGS(D_INT(since_ms << 16), D_INT(since_ms), D_INT(min), D_INT(limit), D_INT(RECENT_MAX)), &r));
    *out = (struct trend_statuses){ arena_vec(c->mem, struct trend_status, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct trend_status){ .status_id = db_int(&r.v[i], 0),
            .account_id = db_int(&r.v[i], 1),
            .created_ms = db_int(&r.v[i], 2),
            .interactions = db_int(&r.v[i], 3) };
    return ERR_OK;
}

enum err
store_trend_put(struct ctx *c, const struct trend_tags *tags, const struct trend_statuses *statuses)
{
    TRY(db_exec(c, &sql[Q_TAG_CLEAR], DB_NO_ARGS, NULL));
    for (size_t i = 0; i < tags->n; i++) {
        const struct trend_tag *t = &tags->v[i];

        if (t->score > 0)
            TRY(db_exec(c, &sql[Q_TAG_ADD],
                DB_ARGS(D_INT(t->tag_id), D_REAL(t->score), D_REAL(t->peak), D_INT(t->peak_ms)), NULL));
    }
    TRY(db_exec(c, &sql[Q_STATUS_CLEAR], DB_NO_ARGS, NULL));
    for (size_t i = 0; i < statuses->n; i++)
        if (statuses->v[i].score > 0)
            TRY(db_exec(
                c, &sql[Q_STATUS_ADD], DB_ARGS(D_INT(statuses->v[i].status_id), D_REAL(statuses->v[i].score)), NULL));
    return ERR_OK;
}

enum err
store_trend_tag_page(struct ctx *c, bool by_default, int64_t limit, int64_t offset, struct tag_ref **v, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAG_PAGE], DB_ARGS(D_BOOL(by_default), D_INT(limit), D_INT(offset)), &r));
    *v = arena_vec(c->mem, struct tag_ref, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*v)[i] = (struct tag_ref){ db_int(&r.v[i], 0), db_str(&r.v[i], 1), db_str(&r.v[i], 2), NULL };
    return ERR_OK;
}

enum err
store_trend_status_page(
    struct ctx *c, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(
        c, &sql[Q_STATUS_PAGE], DB_ARGS(D_BOOL(by_default), D_STR(language), D_INT(limit), D_INT(offset)), &r));
    *out = ids_new(c->mem, r.n);
    for (size_t i = 0; i < r.n; i++)
        ids_add(out, db_int(&r.v[i], 0));
    return ERR_OK;
}

enum err
store_tag_allow(struct ctx *c, struct str name, bool on)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_TAG_ALLOW], DB_ARGS(D_STR(name), D_BOOL(on), D_INT(clock_ms())), &n));
    return n > 0 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "no such hashtag");
}
