/* Annual reports. */
#include "store/annual_report.h"

#include "base/clock.h"
#include "store/internal.h"

#define OF_YEAR "account_id = $1 AND id >= $2 AND id < $3"
#define TOP(what)                                                                                                      \
    SQL("SELECT s.id FROM status s JOIN status_stat t ON t.status_id = s.id WHERE s.account_id = $1 AND s.id >= $2 "   \
        "AND s.id < $3 AND s.reblog_of_id IS NULL AND s.visibility <= 1 AND t." what " > 0 "                           \
        "ORDER BY t." what " DESC, s.id DESC LIMIT 1")

enum {
    Q_GET,
    Q_LIST,
    Q_BEGIN,
    Q_FINISH,
    Q_VIEW,
    Q_COUNTS,
    Q_FOLLOWING,
    Q_FOLLOWERS,
    Q_TOP_REBLOGS,
    Q_TOP_FAVOURITES,
    Q_TOP_REPLIES,
    Q_TAGS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_GET] = SQL("SELECT account_id, year, data, viewed FROM annual_report WHERE account_id = $1 AND year = $2"),
    [Q_LIST] = SQL("SELECT account_id, year, data, viewed FROM annual_report WHERE account_id = $1 AND viewed = FALSE "
                   "AND data <> '' ORDER BY year DESC LIMIT 100"),
    [Q_BEGIN] =
        SQL("INSERT INTO annual_report (account_id, year, created_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
    [Q_FINISH] = SQL("UPDATE annual_report SET data = $3 WHERE account_id = $1 AND year = $2"),
    [Q_VIEW] = SQL("UPDATE annual_report SET viewed = TRUE WHERE account_id = $1 AND year = $2 AND data <> ''"),
    [Q_COUNTS] =
        SQL("SELECT coalesce(sum(CASE WHEN reblog_of_id IS NULL AND in_reply_to_id IS NULL THEN 1 ELSE 0 END), 0), "
            "coalesce(sum(CASE WHEN reblog_of_id IS NULL AND in_reply_to_id IS NOT NULL THEN 1 ELSE 0 END), 0), "
            "coalesce(sum(CASE WHEN reblog_of_id IS NOT NULL THEN 1 ELSE 0 END), 0), "
            "coalesce(sum(CASE WHEN object_type = 'Question' THEN 1 ELSE 0 END), 0) "
            "FROM status WHERE " OF_YEAR),
    [Q_FOLLOWING] = SQL("SELECT count(*) FROM follow WHERE " OF_YEAR),
    [Q_FOLLOWERS] = SQL("SELECT count(*) FROM follow WHERE target_id = $1 AND id >= $2 AND id < $3"),
    [Q_TOP_REBLOGS] = TOP("reblogs"),
    [Q_TOP_FAVOURITES] = TOP("favourites"),
    [Q_TOP_REPLIES] = TOP("replies"),
    [Q_TAGS] = SQL("SELECT t.display, count(*) FROM status s JOIN status_tag st ON st.status_id = s.id "
                   "JOIN tag t ON t.id = st.tag_id WHERE s.account_id = $1 AND s.id >= $2 AND s.id < $3 "
                   "GROUP BY t.id, t.display ORDER BY count(*) DESC, t.display LIMIT $4"),
};
DB_STATEMENTS(store_annual_report, sql);

static struct annual_report
read_row(const struct db_row *r)
{
    return (struct annual_report){
        .account_id = db_int(r, 0), .year = db_int(r, 1), .data = db_str(r, 2), .viewed = db_bool(r, 3)
    };
}

enum err
store_annual_get(struct ctx *c, int64_t account_id, int64_t year, struct annual_report **out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_GET], DB_ARGS(D_INT(account_id), D_INT(year)), &r));
    *out = arena_new(c->mem, struct annual_report);
    **out = read_row(r);
    return ERR_OK;
}

enum err
store_annual_list(struct ctx *c, int64_t account_id, struct annual_reports *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LIST], DB_ARGS(D_INT(account_id)), &r));
    ROWS_READ(c->mem, &r, struct annual_report, read_row, out);
    return ERR_OK;
}

enum err
store_annual_begin(struct ctx *c, int64_t account_id, int64_t year, bool *added)
{
    return db_change(c, &sql[Q_BEGIN], DB_ARGS(D_INT(account_id), D_INT(year), D_INT(clock_ms())), added);
}

enum err
store_annual_finish(struct ctx *c, int64_t account_id, int64_t year, struct str data)
{
    return db_exec(c, &sql[Q_FINISH], DB_ARGS(D_INT(account_id), D_INT(year), D_STR(data)), NULL);
}

enum err
store_annual_view(struct ctx *c, int64_t account_id, int64_t year, bool *found)
{
    return db_change(c, &sql[Q_VIEW], DB_ARGS(D_INT(account_id), D_INT(year)), found);
}

/* ---- counting ------------------------------------------------------------------------------------------------------ */

#define YEAR_ARGS D_INT(account_id), D_INT(from_ms << 16), D_INT(to_ms << 16)

enum err
store_annual_counts(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, struct annual_counts *out)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_COUNTS], DB_ARGS(YEAR_ARGS), &r));
    *out = (struct annual_counts){ db_int(r, 0), db_int(r, 1), db_int(r, 2), db_int(r, 3) };
    return ERR_OK;
}

enum err
store_annual_follows(
    struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, int64_t *following, int64_t *followers)
{
    const struct db_row *r;

    TRY(db_one(c, &sql[Q_FOLLOWING], DB_ARGS(YEAR_ARGS), &r));
    *following = db_int(r, 0);
    TRY(db_one(c, &sql[Q_FOLLOWERS], DB_ARGS(YEAR_ARGS), &r));
    *followers = db_int(r, 0);
    return ERR_OK;
}

enum err
store_annual_top(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, struct annual_top *out)
{
    int64_t *const to[] = { &out->by_reblogs, &out->by_favourites, &out->by_replies };
    const struct db_row *r;

    for (size_t i = 0; i < lengthof(to); i++) {
        TRY(db_maybe(c, &sql[Q_TOP_REBLOGS + i], DB_ARGS(YEAR_ARGS), &r));
        *to[i] = r == NULL ? 0 : db_int(r, 0);
    }
    return ERR_OK;
}

enum err
store_annual_tags(struct ctx *c, int64_t account_id, int64_t from_ms, int64_t to_ms, int64_t limit,
    struct annual_tag **out, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAGS], DB_ARGS(YEAR_ARGS, D_INT(limit)), &r));
    *out = arena_vec(c->mem, struct annual_tag, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct annual_tag){ db_str(&r.v[i], 0), db_int(&r.v[i], 1) };
    return ERR_OK;
}
