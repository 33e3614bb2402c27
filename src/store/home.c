/* What belongs into a home timeline. */
#include "store/home.h"

#include "store/account.h"
#include "store/internal.h"
#include "store/list.h"
#include "store/relation.h"

/* Replies to others in the home of `reader`, who follows the author; in a list with these numbers (enum list_replies). */
#define FOLLOWED(reader)                                                                                               \
    "EXISTS (SELECT 1 FROM follow g WHERE g.account_id = " reader " AND g.target_id = s.in_reply_to_account_id) "
#define LISTED(reader, list, replies)                                                                                  \
    "(" replies " = 1 AND " FOLLOWED(reader) ") OR (" replies " = 0 AND EXISTS (SELECT 1 FROM list_member g "          \
                                             "WHERE g.list_id = " list                                                 \
                                             " AND g.account_id = s.in_reply_to_account_id)) "
/* Status s in a timeline of `reader`, who follows its author with `reblogs` and `languages`. */
#define RULES(reader, reblogs, languages, others)                                                                      \
    "(" reblogs " = TRUE OR s.reblog_of_id IS NULL) AND s.in_reply_to_uri IS NULL AND ("                               \
    "s.in_reply_to_account_id IS NULL "                                                                                \
    "OR s.in_reply_to_account_id = s.account_id OR s.in_reply_to_account_id = " reader " OR " others                   \
    ") AND (" languages " = '' OR s.language = '' OR ' ' || " languages " || ' ' LIKE '% ' || s.language || ' %') "
#define HOME(reader, reblogs, languages)                                                                               \
    RULES(reader, reblogs, languages, FOLLOWED(reader))                                                                \
    "AND (s.visibility <= 2 OR EXISTS (SELECT 1 FROM mention m WHERE m.status_id = s.id AND m.account_id = " reader    \
    ")) "
#define LIST(reader, reblogs, languages, list, replies)                                                                \
    RULES(reader, reblogs, languages, LISTED(reader, list, replies)) "AND s.visibility <= 2 "
#define HEAD                                                                                                           \
    "SELECT s.id, COALESCE(s.reblog_of_id, s.id) FROM status s WHERE s.account_id = $1 AND s.id > $2 AND s.id < $3 "
#define MANY_HEADS(rules, order)                                                                                       \
    "FROM status s WHERE s.account_id = f.target_id AND s.id > $3 AND s.id < $4 AND " rules "ORDER BY s.id " order     \
    " LIMIT $5) "
/* A limit for each followee: neither engine takes the other's way.  CROSS JOIN keeps SQLite from scanning all statuses. */
#define MANY(rules, order)                                                                                             \
    SQL2("SELECT f.target_id, o.id, COALESCE(o.reblog_of_id, o.id) FROM follow f CROSS JOIN status o "                 \
         "WHERE f.account_id = $1 AND f.target_id IN {ids:$2} AND o.id IN (SELECT s.id " MANY_HEADS(rules, order),     \
        "SELECT f.target_id, o.id, o.original FROM follow f CROSS JOIN LATERAL ("                                      \
        "SELECT s.id, COALESCE(s.reblog_of_id, s.id) AS original " MANY_HEADS(                                         \
            rules, order) "o WHERE f.account_id = $1 AND f.target_id IN {ids:$2}")
#define MANY_HOME HOME("$1", "f.reblogs", "f.languages")
#define MANY_LIST LIST("$1", "f.reblogs", "f.languages", "$6", "$7")
/* Is the author of s in an exclusive list of f.account_id?  From the lists of the follower, as authors are in many. */
#define EXCLUSIVE                                                                                                      \
    "EXISTS (SELECT 1 FROM list x CROSS JOIN list_member y WHERE x.account_id = f.account_id "                         \
    "AND x.exclusive = TRUE AND y.list_id = x.id AND y.account_id = s.account_id) "
#define TAG_RULES                                                                                                      \
    "s.visibility = 0 AND s.reblog_of_id IS NULL AND EXISTS (SELECT 1 FROM account a WHERE a.id = s.account_id "       \
    "AND a.silenced_ms IS NULL AND a.suspended_ms IS NULL) "
#define TAG_HEAD                                                                                                       \
    "SELECT s.id, s.id FROM status_tag st JOIN status s ON s.id = st.status_id "                                       \
    "WHERE st.tag_id = $1 AND st.status_id > $2 AND st.status_id < $3 AND " TAG_RULES

enum {
    Q_OWN,
    Q_OWN_UP,
    Q_OF,
    Q_OF_UP,
    Q_LIST_OF,
    Q_LIST_OF_UP,
    Q_MANY,
    Q_MANY_UP,
    Q_LIST_MANY,
    Q_LIST_MANY_UP,
    Q_TAG,
    Q_TAG_UP,
    Q_TAGS,
    Q_LIST_SOURCES,
    Q_READERS,
    Q_TAG_READERS,
    Q_LISTS,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_OWN] = SQL(HEAD "ORDER BY s.id DESC LIMIT $4"),
    [Q_OWN_UP] = SQL(HEAD "ORDER BY s.id ASC LIMIT $4"),
    [Q_OF] = SQL(HEAD "AND " HOME("$5", "$6", "$7") "ORDER BY s.id DESC LIMIT $4"),
    [Q_OF_UP] = SQL(HEAD "AND " HOME("$5", "$6", "$7") "ORDER BY s.id ASC LIMIT $4"),
    [Q_LIST_OF] = SQL(HEAD "AND " LIST("$5", "$6", "$7", "$8", "$9") "ORDER BY s.id DESC LIMIT $4"),
    [Q_LIST_OF_UP] = SQL(HEAD "AND " LIST("$5", "$6", "$7", "$8", "$9") "ORDER BY s.id ASC LIMIT $4"),
    [Q_MANY] = MANY(MANY_HOME, "DESC"),
    [Q_MANY_UP] = MANY(MANY_HOME, "ASC"),
    [Q_LIST_MANY] = MANY(MANY_LIST, "DESC"),
    [Q_LIST_MANY_UP] = MANY(MANY_LIST, "ASC"),
    [Q_TAG] = SQL(TAG_HEAD "ORDER BY st.status_id DESC LIMIT $4"),
    [Q_TAG_UP] = SQL(TAG_HEAD "ORDER BY st.status_id ASC LIMIT $4"),
    [Q_TAGS] = SQL("SELECT tag_id FROM tag_follow WHERE account_id = $1 ORDER BY id LIMIT 1000"),
    /* The owner has no follow of itself. */
    [Q_LIST_SOURCES] =
        SQL("SELECT m.account_id, t.last_status_id, COALESCE(f.reblogs, TRUE), COALESCE(f.languages, '') "
            "FROM list_member m JOIN account_stat t ON t.account_id = m.account_id "
            "LEFT JOIN follow f ON f.account_id = $2 AND f.target_id = m.account_id "
            "WHERE m.list_id = $1 AND (f.id IS NOT NULL OR m.account_id = $2) AND t.last_status_id > 0 "
            "ORDER BY t.last_status_id DESC LIMIT 20000"),
    [Q_READERS] = SQL("SELECT f.account_id, f.notify, NOT " EXCLUSIVE "FROM status s "
                      "JOIN follow f ON f.target_id = s.account_id JOIN account a ON a.id = f.account_id "
                      "WHERE s.id = $1 AND f.account_id > $2 AND a.domain = '' AND " HOME(
                          "f.account_id", "f.reblogs", "f.languages") "ORDER BY f.account_id LIMIT $3"),
    [Q_TAG_READERS] = SQL("SELECT DISTINCT t.account_id FROM status s JOIN status_tag st ON st.status_id = s.id "
                          "JOIN tag_follow t ON t.tag_id = st.tag_id "
                          "WHERE s.id = $1 AND t.account_id > $2 AND " TAG_RULES "ORDER BY t.account_id LIMIT $3"),
    [Q_LISTS] = SQL("SELECT l.id FROM status s CROSS JOIN list l JOIN list_member n ON n.list_id = l.id "
                    "AND n.account_id = s.account_id "
                    "LEFT JOIN follow f ON f.account_id = l.account_id AND f.target_id = s.account_id "
                    "WHERE s.id = $1 AND l.id IN {ids:$2} AND (f.id IS NOT NULL OR s.account_id = l.account_id) "
                    "AND " LIST("l.account_id", "COALESCE(f.reblogs, TRUE)", "COALESCE(f.languages, '')", "l.id",
                        "l.replies") "LIMIT 20000"),
};
DB_STATEMENTS(store_home, sql);

enum { FOLLOWEES_MAX = 15000 };

/* What followees in an exclusive list write is read there. */
static enum err
leave_out_exclusive(struct ctx *c, int64_t reader, struct followee *f, size_t *n)
{
    struct ids exclusive;
    size_t kept = 0;

    TRY(store_list_exclusive(c, reader, &exclusive));
    for (size_t i = 0; i < *n; i++)
        if (!ids_has(&exclusive, f[i].account_id))
            f[kept++] = f[i];
    *n = kept;
    return ERR_OK;
}

static enum err
home_sources(struct ctx *c, int64_t reader, struct home_source **out, size_t *n)
{
    struct followee *f;
    struct account *me;
    struct db_rows tags;
    size_t n_followees;
    bool placed = false;

    TRY(store_account_get(c, reader, &me));
    TRY(store_followees_active(c, reader, FOLLOWEES_MAX, &f, &n_followees));
    TRY(leave_out_exclusive(c, reader, f, &n_followees));
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
store_home_sources(struct ctx *c, const struct home_feed *f, struct home_source **out, size_t *n)
{
    struct db_rows r;

    if (f->list == NULL)
        return home_sources(c, f->reader, out, n);
    TRY(db_query(c, &sql[Q_LIST_SOURCES], DB_ARGS(D_INT(f->list->id), D_INT(f->reader)), &r));
    *out = arena_vec(c->mem, struct home_source, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct home_source){ .account_id = db_int(&r.v[i], 0),
            .last_id = db_int(&r.v[i], 1),
            .reblogs = db_bool(&r.v[i], 2),
            .languages = db_str(&r.v[i], 3) };
    return ERR_OK;
}

enum err
store_home_heads(struct ctx *c, const struct home_feed *f, const struct home_source *s, bool up, int64_t above,
    int64_t below, int64_t limit, struct home_item **out, size_t *n)
{
    int q = s->account_id == 0 ? Q_TAG : f->list != NULL ? Q_LIST_OF : s->account_id == f->reader ? Q_OWN : Q_OF;
    size_t n_args = q == Q_LIST_OF ? 9 : q == Q_OF ? 7 : 4;
    const struct db_arg args[] = { D_INT(s->account_id != 0 ? s->account_id : s->tag_id), D_INT(above), D_INT(below),
        D_INT(limit), D_INT(f->reader), D_BOOL(s->reblogs), D_STR(s->languages),
        D_INT(f->list != NULL ? f->list->id : 0), D_INT(f->list != NULL ? (int64_t)f->list->replies : 0) };
    struct db_rows r;

    TRY(db_query(c, &sql[q + (up ? 1 : 0)], (struct db_args){ args, n_args }, &r));
    *out = arena_vec(c->mem, struct home_item, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct home_item){ db_int(&r.v[i], 0), db_int(&r.v[i], 1) };
    return ERR_OK;
}

enum err
store_home_heads_many(struct ctx *c, const struct home_feed *f, const struct ids *followees, bool up, int64_t above,
    int64_t below, int64_t limit, struct home_head **out, size_t *n)
{
    int q = f->list != NULL ? Q_LIST_MANY : Q_MANY;
    const struct db_arg args[] = { D_INT(f->reader), D_IDS(followees->v, followees->n), D_INT(above), D_INT(below),
        D_INT(limit), D_INT(f->list != NULL ? f->list->id : 0),
        D_INT(f->list != NULL ? (int64_t)f->list->replies : 0) };
    struct db_rows r;

    TRY(db_query(c, &sql[q + (up ? 1 : 0)], (struct db_args){ args, f->list != NULL ? 7 : 5 }, &r));
    *out = arena_vec(c->mem, struct home_head, r.n);
    *n = r.n;
    for (size_t i = 0; i < r.n; i++)
        (*out)[i] = (struct home_head){ db_int(&r.v[i], 0), { db_int(&r.v[i], 1), db_int(&r.v[i], 2) } };
    return ERR_OK;
}

enum err
store_home_readers(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct ids *readers,
    struct ids *notify, int64_t *last)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_READERS], DB_ARGS(D_INT(status_id), D_INT(after_id), D_INT(limit)), &r));
    *readers = ids_new(c->mem, r.n);
    *notify = ids_new(c->mem, r.n);
    for (size_t i = 0; i < r.n; i++) {
        if (db_bool(&r.v[i], 2))
            ids_add(readers, db_int(&r.v[i], 0));
        if (db_bool(&r.v[i], 1))
            ids_add(notify, db_int(&r.v[i], 0));
    }
    *last = r.n == (size_t)limit ? db_int(&r.v[r.n - 1], 0) : 0;
    return ERR_OK;
}

enum err
store_home_lists(struct ctx *c, int64_t status_id, const struct ids *lists, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_LISTS], DB_ARGS(D_INT(status_id), D_IDS(lists->v, lists->n)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

enum err
store_home_tag_readers(struct ctx *c, int64_t status_id, int64_t after_id, int64_t limit, struct ids *readers)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_TAG_READERS], DB_ARGS(D_INT(status_id), D_INT(after_id), D_INT(limit)), &r));
    *readers = rows_ids(c->mem, &r);
    return ERR_OK;
}
