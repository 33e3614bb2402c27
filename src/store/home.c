/* What belongs into a home timeline. */
#include "store/home.h"

#include "store/account.h"
#include "store/internal.h"
#include "store/relation.h"

/* Status s in the home of `reader`, who follows its author with `reblogs` and `languages`.  Own ones need no rule. */
#define RULES(reader, reblogs, languages)                                                                              \
    "(" reblogs " = TRUE OR s.reblog_of_id IS NULL) "                                                                  \
    "AND (s.visibility <= 2 OR EXISTS (SELECT 1 FROM mention m WHERE m.status_id = s.id AND m.account_id = " reader    \
    ")) AND s.in_reply_to_uri IS NULL AND (s.in_reply_to_account_id IS NULL "                                          \
    "OR s.in_reply_to_account_id = s.account_id OR s.in_reply_to_account_id = " reader                                 \
    " OR EXISTS (SELECT 1 FROM follow g WHERE g.account_id = " reader " AND g.target_id = s.in_reply_to_account_id)) " \
    "AND (" languages " = '' OR s.language = '' OR ' ' || " languages " || ' ' LIKE '% ' || s.language || ' %') "
#define HEAD                                                                                                           \
    "SELECT s.id, COALESCE(s.reblog_of_id, s.id) FROM status s WHERE s.account_id = $1 AND s.id > $2 AND s.id < $3 "
#define MANY_HEADS(order)                                                                                              \
    "FROM status s WHERE s.account_id = f.target_id AND s.id > $3 AND s.id < $4 AND " RULES(                           \
        "$1", "f.reblogs", "f.languages") "ORDER BY s.id " order " LIMIT $5) "
/* A limit for each followee: neither engine takes the other's way.  CROSS JOIN keeps SQLite from scanning all statuses. */
#define MANY(order)                                                                                                    \
    SQL2("SELECT f.target_id, o.id, COALESCE(o.reblog_of_id, o.id) FROM follow f CROSS JOIN status o "                 \
         "WHERE f.account_id = $1 AND f.target_id IN {ids:$2} AND o.id IN (SELECT s.id " MANY_HEADS(order),            \
        "SELECT f.target_id, o.id, o.original FROM follow f CROSS JOIN LATERAL ("                                      \
        "SELECT s.id, COALESCE(s.reblog_of_id, s.id) AS original " MANY_HEADS(                                         \
            order) "o WHERE f.account_id = $1 AND f.target_id IN {ids:$2}")
#define TAG_RULES                                                                                                      \
    "s.visibility = 0 AND s.reblog_of_id IS NULL AND EXISTS (SELECT 1 FROM account a WHERE a.id = s.account_id "       \
    "AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL) "
#define TAG_HEAD                                                                                                       \
    "SELECT s.id, s.id FROM status_tag st JOIN status s ON s.id = st.status_id "                                       \
    "WHERE st.tag_id = $1 AND st.status_id > $2 AND st.status_id < $3 AND " TAG_RULES

enum { Q_OWN, Q_OWN_UP, Q_OF, Q_OF_UP, Q_MANY, Q_MANY_UP, Q_TAG, Q_TAG_UP, Q_TAGS, Q_READERS, Q_TAG_READERS, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_OWN] = SQL(HEAD "ORDER BY s.id DESC LIMIT $4"),
    [Q_OWN_UP] = SQL(HEAD "ORDER BY s.id ASC LIMIT $4"),
    [Q_OF] = SQL(HEAD "AND " RULES("$5", "$6", "$7") "ORDER BY s.id DESC LIMIT $4"),
    [Q_OF_UP] = SQL(HEAD "AND " RULES("$5", "$6", "$7") "ORDER BY s.id ASC LIMIT $4"),
    [Q_MANY] = MANY("DESC"),
    [Q_MANY_UP] = MANY("ASC"),
    [Q_TAG] = SQL(TAG_HEAD "ORDER BY st.status_id DESC LIMIT $4"),
    [Q_TAG_UP] = SQL(TAG_HEAD "ORDER BY st.status_id ASC LIMIT $4"),
    [Q_TAGS] = SQL("SELECT tag_id FROM tag_follow WHERE account_id = $1 ORDER BY id LIMIT 1000"),
    [Q_READERS] = SQL("SELECT f.account_id, f.notify FROM status s JOIN follow f ON f.target_id = s.account_id "
                      "JOIN account a ON a.id = f.account_id "
                      "WHERE s.id = $1 AND f.account_id > $2 AND a.domain = '' AND " RULES(
                          "f.account_id", "f.reblogs", "f.languages") "ORDER BY f.account_id LIMIT $3"),
    [Q_TAG_READERS] = SQL("SELECT DISTINCT t.account_id FROM status s JOIN status_tag st ON st.status_id = s.id "
                          "JOIN tag_follow t ON t.tag_id = st.tag_id "
                          "WHERE s.id = $1 AND t.account_id > $2 AND " TAG_RULES "ORDER BY t.account_id LIMIT $3"),
};
DB_STATEMENTS(store_home, sql);

enum { FOLLOWEES_MAX = 15000 };

enum err
store_home_sources(struct ctx *c, int64_t reader, struct home_source **out, size_t *n)
{
    struct followee *f;
    struct account *me;
    struct db_rows tags;
    size_t n_followees;
    bool placed = false;

    TRY(store_account_get(c, reader, &me));
    TRY(store_followees_active(c, reader, FOLLOWEES_MAX, &f, &n_followees));
    TRY(db_query(c, &sql[Q_TAGS], DB_ARGS(D_INT(reader)), &tags));
    *out = arena_vec(c->mem, struct home_source, n_followees + tags.n + 1);
    *n = 0;
    for (size_t i = 0; i < tags.n; i++)
        (*out)[(*n)++] = (struct home_source){ .tag_id = db_int(&tags.v[i], 0), .last_id = INT64_MAX };
    for (size_t i = 0; i <= n_followees; i++) {
        if (!placed && (i == n_followees || f[i].last_status_id <= me->last_status_id)) {
            (*out)[(*n)++] = (struct home_source){ .account_id = reader, .last_id = me->last_status_id };
            placed = true;
        }
        if (i < n_followees)
            (*out)[(*n)++] = (struct home_source){ .account_id = f[i].account_id,
                .last_id = f[i].last_status_id,
                .reblogs = f[i].reblogs,
                .languages = f[i].languages };
    }
    return ERR_OK;
}

enum err
store_home_heads(struct ctx *c, int64_t reader, const struct home_source *s, bool up, int64_t above, int64_t below,
    int64_t limit, struct home_item **out, size_t *n)
{
    int q = (s->account_id == 0 ? Q_TAG : s->account_id == reader ? Q_OWN : Q_OF) + (up ? 1 : 0);
    const struct db_arg args[] = { D_INT(s->account_id != 0 ? s->account_id : s->tag_id), D_INT(above), D_INT(below),
        D_INT(limit), D_INT(reader), D_BOOL(s->reblogs), D_STR(s->languages) };
    struct db_rows r;

    TRY(db_query(c, &sql[q], (struct db_args){ args, q == Q_OF || q == Q_OF_UP ? 7 : 4 }, &r));
    *out = arena_vec(c->mem, struct home_item, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct home_item){ db_int(&r.v[i], 0), db_int(&r.v[i], 1) };
    return ERR_OK;
}

enum err
store_home_heads_many(struct ctx *c, int64_t reader, const struct ids *followees, bool up, int64_t above, int64_t below,
    int64_t limit, struct home_head **out, size_t *n)
{
    struct db_rows r;

    TRY(db_query(c, &sql[up ? Q_MANY_UP : Q_MANY],
        DB_ARGS(D_INT(reader), D_IDS(followees->v, followees->n), D_INT(above), D_INT(below), D_INT(limit)), &r));
    *out = arena_vec(c->mem, struct home_head, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct home_head){ db_int(&r.v[i], 0), { db_int(&r.v[i], 1), db_int(&r.v[i], 2) } };
    return ERR_OK;
}

enum err
store_home_readers(
    struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct ids *readers, struct ids *notify)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_READERS], DB_ARGS(D_INT(status_id), D_INT(after_id), D_INT(limit)), &r));
    *readers = ids_new(c->mem, r.n);
    *notify = ids_new(c->mem, r.n);
    for (size_t i = 0; i < r.n; i++) {
        ids_add(readers, db_int(&r.v[i], 0));
        if (db_bool(&r.v[i], 1))
            ids_add(notify, db_int(&r.v[i], 0));
    }
    return ERR_OK;
}

enum err
store_home_tag_readers(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct ids *readers)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAG_READERS], DB_ARGS(D_INT(status_id), D_INT(after_id), D_INT(limit)), &r));
    *readers = ids_new(c->mem, r.n);
    for (size_t i = 0; i < r.n; i++)
        ids_add(readers, db_int(&r.v[i], 0));
    return ERR_OK;
}
