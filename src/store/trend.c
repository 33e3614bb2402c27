/* Trends: counting, candidates, results.  Tags and cards have tables of the same shape. */
#include "store/trend.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/page.h"
#include "store/internal.h"

enum { RECENT_MAX = 50000 }; /* favourites and reblogs that are looked at */

#define USED(table, key)                                                                                               \
    "INSERT INTO " table " (" key ", day, account_id, uses) VALUES ($1, $2, $3, 1) "                                   \
    "ON CONFLICT (" key ", day, account_id) DO UPDATE SET uses = " table ".uses + 1"
#define HISTORY(table, key)                                                                                            \
    "SELECT " key ", day, count(*), CAST(sum(uses) AS {int}) FROM " table " WHERE " key                                \
    " IN {ids:$1} AND day > $2 GROUP BY " key ", day"
#define CANDIDATES(table, key, trend)                                                                                  \
    "SELECT x." key ", (SELECT count(*) FROM " table " u WHERE u." key " = x." key " AND u.day = $1), "                \
    "(SELECT count(*) FROM " table " u WHERE u." key " = x." key " AND u.day = $1 - 1), "                              \
    "COALESCE(r.peak, 0), COALESCE(r.peak_ms, 0) FROM ("                                                               \
    "SELECT " key " FROM (SELECT " key " FROM " table " WHERE day = $1 GROUP BY " key " HAVING count(*) >= $2 "        \
    "ORDER BY count(*) DESC LIMIT $3) now UNION SELECT " key " FROM " trend ") x "                                     \
    "LEFT JOIN " trend " r ON r." key " = x." key

enum {
    Q_TAG_USED,
    Q_TAG_HISTORY,
    Q_TAG_PRUNE,
    Q_TAG_CANDIDATES,
    Q_TAG_CLEAR,
    Q_TAG_ADD,
    Q_CARD_USED,
    Q_CARD_HISTORY,
    Q_CARD_PRUNE,
    Q_CARD_CANDIDATES,
    Q_CARD_CLEAR,
    Q_CARD_ADD,
    Q_STATUS_CANDIDATES,
    Q_STATUS_CLEAR,
    Q_STATUS_ADD,
    Q_PROVIDER_CLEAR,
    Q_PROVIDER_ADD,
    Q_TAG_PAGE,
    Q_CARD_PAGE,
    Q_STATUS_PAGE,
    Q_TAG_ALLOW,
    Q_CARD_ALLOW,
    Q_PROVIDER_ALLOW,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_TAG_USED] = SQL(USED("tag_use", "tag_id")),
    [Q_TAG_HISTORY] = SQL(HISTORY("tag_use", "tag_id")),
    [Q_TAG_PRUNE] = SQL("DELETE FROM tag_use WHERE day < $1"),
    [Q_TAG_CANDIDATES] = SQL(CANDIDATES("tag_use", "tag_id", "trend_tag")),
    [Q_TAG_CLEAR] = SQL("DELETE FROM trend_tag"),
    [Q_TAG_ADD] = SQL("INSERT INTO trend_tag (tag_id, score, peak, peak_ms) VALUES ($1, $2, $3, $4)"),
    [Q_CARD_USED] = SQL(USED("card_use", "card_id")),
    [Q_CARD_HISTORY] = SQL(HISTORY("card_use", "card_id")),
    [Q_CARD_PRUNE] = SQL("DELETE FROM card_use WHERE day < $1"),
    [Q_CARD_CANDIDATES] =
        SQL(CANDIDATES("card_use", "card_id", "trend_card") " JOIN card k ON k.id = x.card_id WHERE k.state = 1"),
    [Q_CARD_CLEAR] = SQL("DELETE FROM trend_card"),
    [Q_CARD_ADD] = SQL("INSERT INTO trend_card (card_id, score, peak, peak_ms) SELECT id, CAST($2 AS {real}), "
                       "CAST($3 AS {real}), CAST($4 AS {int}) FROM card WHERE id = $1"),
    [Q_STATUS_CANDIDATES] = SQL(
        "SELECT s.id, s.account_id, s.created_ms, n.favourites + n.reblogs FROM ("
        "SELECT status_id FROM (SELECT status_id FROM favourite WHERE id > $1 ORDER BY id DESC LIMIT $5) f "
        "UNION SELECT reblog_of_id FROM (SELECT reblog_of_id FROM status WHERE id > $1 AND reblog_of_id IS NOT NULL "
        "ORDER BY id DESC LIMIT $5) r) x JOIN status s ON s.id = x.status_id JOIN status_stat n ON n.status_id = s.id "
        "JOIN account a ON a.id = s.account_id WHERE s.created_ms > $2 AND n.favourites + n.reblogs >= $3 "
        "AND s.visibility = 0 AND s.sensitive = FALSE AND s.spoiler_text = '' AND s.in_reply_to_account_id IS NULL "
        "AND s.in_reply_to_uri IS NULL AND a.discoverable = TRUE AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL "
        "AND a.sensitized_ms IS NULL ORDER BY n.favourites + n.reblogs DESC LIMIT $4"),
    [Q_STATUS_CLEAR] = SQL("DELETE FROM trend_status"),
    [Q_STATUS_ADD] =
        SQL("INSERT INTO trend_status (status_id, score) SELECT id, CAST($2 AS {real}) FROM status WHERE id = $1"),
    /* CROSS JOIN: SQLite begins with the few that trend, and not with all posts there are. */
    [Q_TAG_PAGE] = SQL("SELECT t.id, t.name, t.display FROM trend_tag r CROSS JOIN tag t WHERE t.id = r.tag_id "
                       "AND COALESCE(t.trendable, $1) = TRUE ORDER BY r.score DESC, t.id LIMIT $2 OFFSET $3"),
    [Q_PROVIDER_CLEAR] = SQL("DELETE FROM card_provider WHERE reviewed_ms IS NULL AND domain NOT IN ("
                             "SELECT k.host FROM trend_card r JOIN card k ON k.id = r.card_id)"),
    [Q_PROVIDER_ADD] = SQL("INSERT INTO card_provider (id, domain, created_ms) SELECT $1, host, CAST($2 AS {int}) "
                           "FROM card WHERE id = $3 AND host <> '' ON CONFLICT DO NOTHING"),
    [Q_CARD_PAGE] = SQL("SELECT k.id FROM trend_card r CROSS JOIN card k "
                        "LEFT JOIN card_provider p ON p.domain = k.host "
                        "WHERE k.id = r.card_id AND k.state = 1 AND COALESCE(k.trendable, p.trendable, $1) = TRUE "
                        "ORDER BY CASE WHEN k.language = $2 THEN 0 ELSE 1 END, r.score DESC, k.id DESC "
                        "LIMIT $3 OFFSET $4"),
    [Q_STATUS_PAGE] =
        SQL("SELECT s.id FROM trend_status r CROSS JOIN status s JOIN account a ON a.id = s.account_id "
            "WHERE s.id = r.status_id AND COALESCE(s.trendable, a.trendable, $1) = TRUE AND s.sensitive = FALSE AND "
            "a.discoverable = TRUE "
            "AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL "
            "ORDER BY CASE WHEN s.language = $2 THEN 0 ELSE 1 END, r.score DESC, s.id DESC LIMIT $3 OFFSET $4"),
    [Q_TAG_ALLOW] = SQL("UPDATE tag SET trendable = $2, reviewed_ms = $3 WHERE name = $1"),
    [Q_CARD_ALLOW] = SQL("UPDATE card SET trendable = $2, reviewed_ms = $3 WHERE id = $1"),
    [Q_PROVIDER_ALLOW] = SQL("INSERT INTO card_provider (id, domain, trendable, reviewed_ms, created_ms) "
                             "VALUES ($1, $2, $3, $4, $4) ON CONFLICT (domain) "
                             "DO UPDATE SET trendable = $3, reviewed_ms = $4"),
};
DB_STATEMENTS(store_trend, sql);

/* ---- uses ------------------------------------------------------------------------------------------------------- */

static enum err
used(struct ctx *c, size_t q, int64_t id, int64_t day, int64_t account_id)
{
    return db_exec(c, &sql[q], DB_ARGS(D_INT(id), D_INT(day), D_INT(account_id)), NULL);
}

enum err
store_tag_used(struct ctx *c, int64_t tag_id, int64_t day, int64_t account_id)
{
    return used(c, Q_TAG_USED, tag_id, day, account_id);
}

enum err
store_card_used(struct ctx *c, int64_t card_id, int64_t day, int64_t account_id)
{
    return used(c, Q_CARD_USED, card_id, day, account_id);
}

/* out[i]: the days of id[i]; 0 is the id of what was never used. */
static enum err
history(struct ctx *c, size_t q, int64_t today, const int64_t *id, size_t n, struct use_day **out)
{
    struct ids sorted = ids_new(c->mem, n);
    struct db_rows r = { 0 };

    for (size_t i = 0; i < n; i++) {
        out[i] = arena_vec(c->mem, struct use_day, USE_DAYS);
        ids_add(&sorted, id[i]);
        for (int64_t k = 0; k < USE_DAYS; k++)
            out[i][k].day = today - k;
    }
    ids_sort(&sorted);
    if (sorted.n > 0)
        TRY(db_query(c, &sql[q], DB_ARGS(D_IDS(sorted.v, sorted.n), D_INT(today - USE_DAYS)), &r));
    for (size_t i = 0; i < r.n; i++) {
        int64_t ago = today - db_int(&r.v[i], 1);

        for (size_t k = 0; k < n && ago >= 0; k++)
            if (id[k] == db_int(&r.v[i], 0)) {
                out[k][ago].accounts = db_int(&r.v[i], 2);
                out[k][ago].uses = db_int(&r.v[i], 3);
            }
    }
    return ERR_OK;
}

enum err
store_tag_history(struct ctx *c, int64_t today, struct tag_ref *v, size_t n)
{
    struct use_day **days = arena_vec(c->mem, struct use_day *, n);
    int64_t *ids = arena_vec(c->mem, int64_t, n);

    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].id;
    TRY(history(c, Q_TAG_HISTORY, today, ids, n, days));
    for (size_t i = 0; i < n; i++)
        v[i].history = days[i];
    return ERR_OK;
}

enum err
store_card_history(struct ctx *c, int64_t today, const struct cards *v)
{
    struct use_day **days = arena_vec(c->mem, struct use_day *, v->n);
    int64_t *ids = arena_vec(c->mem, int64_t, v->n);

    for (size_t i = 0; i < v->n; i++)
        ids[i] = v->v[i]->id;
    TRY(history(c, Q_CARD_HISTORY, today, ids, v->n, days));
    for (size_t i = 0; i < v->n; i++)
        v->v[i]->history = days[i];
    return ERR_OK;
}

enum err
store_tag_use_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_TAG_PRUNE], DB_ARGS(D_INT(before_ms / DAY_MS)), NULL);
}

enum err
store_card_use_prune(struct ctx *c, int64_t before_ms)
{
    return db_exec(c, &sql[Q_CARD_PRUNE], DB_ARGS(D_INT(before_ms / DAY_MS)), NULL);
}

/* ---- reckoning -------------------------------------------------------------------------------------------------- */

static enum err
candidates(struct ctx *c, size_t q, int64_t today, int64_t min, int64_t limit, struct trend_uses *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], DB_ARGS(D_INT(today), D_INT(min), D_INT(limit)), &r));
    *out = (struct trend_uses){ arena_vec(c->mem, struct trend_use, r.n), r.n };
    for (size_t i = 0; i < r.n; i++)
        out->v[i] = (struct trend_use){ .id = db_int(&r.v[i], 0),
            .today = db_int(&r.v[i], 1),
            .yesterday = db_int(&r.v[i], 2),
            .peak = db_real(&r.v[i], 3),
            .peak_ms = db_int(&r.v[i], 4) };
    return ERR_OK;
}

enum err
store_trend_tag_candidates(struct ctx *c, int64_t today, int64_t min, int64_t limit, struct trend_uses *out)
{
    return candidates(c, Q_TAG_CANDIDATES, today, min, limit, out);
}

enum err
store_trend_card_candidates(struct ctx *c, int64_t today, int64_t min, int64_t limit, struct trend_uses *out)
{
    return candidates(c, Q_CARD_CANDIDATES, today, min, limit, out);
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

static enum err
put_uses(struct ctx *c, size_t clear, size_t add, const struct trend_uses *v)
{
    TRY(db_exec(c, &sql[clear], DB_NO_ARGS, NULL));
    for (size_t i = 0; i < v->n; i++) {
        const struct trend_use *t = &v->v[i];

        if (t->score > 0)
            TRY(db_exec(
                c, &sql[add], DB_ARGS(D_INT(t->id), D_REAL(t->score), D_REAL(t->peak), D_INT(t->peak_ms)), NULL));
    }
    return ERR_OK;
}

/* Whose links trend is asked of a moderator; who no longer has any is forgotten unless there was an answer. */
static enum err
put_providers(struct ctx *c, const struct trend_uses *cards)
{
    TRY(db_exec(c, &sql[Q_PROVIDER_CLEAR], DB_NO_ARGS, NULL));
    for (size_t i = 0; i < cards->n; i++)
        if (cards->v[i].score > 0)
            TRY(db_exec(
                c, &sql[Q_PROVIDER_ADD], DB_ARGS(D_INT(id_new()), D_INT(clock_ms()), D_INT(cards->v[i].id)), NULL));
    return ERR_OK;
}

enum err
store_trend_put(
    struct ctx *c, const struct trend_uses *tags, const struct trend_uses *cards, const struct trend_statuses *statuses)
{
    TRY(put_uses(c, Q_TAG_CLEAR, Q_TAG_ADD, tags));
    TRY(put_uses(c, Q_CARD_CLEAR, Q_CARD_ADD, cards));
    TRY(put_providers(c, cards));
    TRY(db_exec(c, &sql[Q_STATUS_CLEAR], DB_NO_ARGS, NULL));
    for (size_t i = 0; i < statuses->n; i++)
        if (statuses->v[i].score > 0)
            TRY(db_exec(
                c, &sql[Q_STATUS_ADD], DB_ARGS(D_INT(statuses->v[i].status_id), D_REAL(statuses->v[i].score)), NULL));
    return ERR_OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

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

static enum err
page(struct ctx *c, size_t q, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[q], DB_ARGS(D_BOOL(by_default), D_STR(language), D_INT(limit), D_INT(offset)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_trend_card_page(
    struct ctx *c, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out)
{
    return page(c, Q_CARD_PAGE, by_default, language, limit, offset, out);
}

enum err
store_trend_status_page(
    struct ctx *c, bool by_default, struct str language, int64_t limit, int64_t offset, struct ids *out)
{
    return page(c, Q_STATUS_PAGE, by_default, language, limit, offset, out);
}

enum err
store_tag_allow(struct ctx *c, struct str name, bool on)
{
    int64_t n;

    TRY(db_exec(c, &sql[Q_TAG_ALLOW], DB_ARGS(D_STR(name), D_BOOL(on), D_INT(clock_ms())), &n));
    return n > 0 ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "no such hashtag");
}

enum err
store_card_allow(struct ctx *c, int64_t id, bool on)
{
    return db_exec(c, &sql[Q_CARD_ALLOW], DB_ARGS(D_INT(id), D_BOOL(on), D_INT(clock_ms())), NULL);
}

enum err
store_provider_allow(struct ctx *c, struct str domain, bool on)
{
    return db_exec(
        c, &sql[Q_PROVIDER_ALLOW], DB_ARGS(D_INT(id_new()), D_STR(domain), D_BOOL(on), D_INT(clock_ms())), NULL);
}
