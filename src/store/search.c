/*
 * Posts by their words.  Both engines index the same tokens: FTS5 with a tokenizer that cuts at spaces, a tsvector written out here.
 * Beside the words stand marks, each with a sign in front that no word has: =doc on every post, =media and the like, @author, ~language,
 * #tag; so every operator is a term like a word.  doc/design/search.md
 */
#include "store/search.h"

#include "base/buf.h"
#include "base/id.h"
#include "store/internal.h"

#include <ctype.h>

enum {
    WORDS_BYTES_MAX = 512 * 1024,
    POSITION_MAX = 16383, /* of a tsvector */
    LANGUAGE_BYTES_MAX = 16,
    DEADLINE_MS = 5000,
    RECENT = 2000,        /* PostgreSQL: the newest posts are looked at one by one before the index is asked */
    LIBRARY_WALK = 20000, /* and so many of a library */
};

/* $1 terms, $2 below, $3 above, $4 limit, $5 offset, $6 scope, $7 viewer. */
#define MINE                                                                                                           \
    "(d.account_id = $7 OR EXISTS (SELECT 1 FROM mention x WHERE x.status_id = d.status_id AND x.account_id = $7) "    \
    "OR EXISTS (SELECT 1 FROM favourite x WHERE x.status_id = d.status_id AND x.account_id = $7) "                     \
    "OR EXISTS (SELECT 1 FROM bookmark x WHERE x.status_id = d.status_id AND x.account_id = $7) "                      \
    "OR EXISTS (SELECT 1 FROM status x WHERE x.reblog_of_id = d.status_id AND x.account_id = $7) "                     \
    "OR EXISTS (SELECT 1 FROM poll x JOIN poll_vote y ON y.poll_id = x.id "                                            \
    "WHERE x.status_id = d.status_id AND y.account_id = $7))"
#define SCOPE " (($6 <> 2 AND d.public = TRUE) OR ($6 <> 1 AND " MINE "))"
#define RANGE "d.status_id < $2 AND d.status_id > $3"
#define LITE(order)                                                                                                    \
    "SELECT d.status_id FROM status_words f CROSS JOIN status_search d ON d.status_id = f.rowid "                      \
    "WHERE f.status_words MATCH $1 AND f.rowid < $2 AND f.rowid > $3 AND" SCOPE " ORDER BY f.rowid " order             \
    " LIMIT $4 OFFSET $5"
/*
 * A prepared statement is planned without its values: a range is then thought to be narrow, and the whole table read for it.  As an
 * expression it has no index, so that the words decide.
 */
#define PG_INDEX(order)                                                                                                \
    "WITH d AS MATERIALIZED (SELECT status_id, account_id, public FROM status_search d "                               \
    "WHERE d.words @@ CAST($1 AS tsquery) AND d.status_id + 0 < $2 AND d.status_id + 0 > $3) "                         \
    "SELECT d.status_id FROM d WHERE" SCOPE " ORDER BY d.status_id " order " LIMIT $4 OFFSET $5"
#define PG_RECENT(order)                                                                                               \
    "SELECT d.status_id FROM (SELECT * FROM status_search d WHERE " RANGE " ORDER BY d.status_id " order               \
    " LIMIT $8) d WHERE d.words @@ CAST($1 AS tsquery) AND" SCOPE " ORDER BY d.status_id " order " LIMIT $4 OFFSET $5"
/*
 * What MINE says, from the side of the viewer ($6), and a walk along it that ends with the page.  $1 terms, $2 below, $3 above, $4 limit,
 * $5 offset, $7 how far.
 */
#define LIBRARY(me)                                                                                                    \
    "(SELECT id AS status_id FROM status WHERE account_id = " me " AND reblog_of_id IS NULL "                          \
    "UNION SELECT reblog_of_id FROM status WHERE account_id = " me " AND reblog_of_id IS NOT NULL "                    \
    "UNION SELECT status_id FROM mention WHERE account_id = " me " "                                                   \
    "UNION SELECT status_id FROM favourite WHERE account_id = " me " "                                                 \
    "UNION SELECT status_id FROM bookmark WHERE account_id = " me " "                                                  \
    "UNION SELECT x.status_id FROM poll_vote y JOIN poll x ON x.id = y.poll_id WHERE y.account_id = " me               \
    ") d WHERE " RANGE
#define PG_LIBRARY(order)                                                                                              \
    "SELECT l.status_id FROM (SELECT d.status_id FROM " LIBRARY(                                                       \
        "$6") " ORDER BY d.status_id " order                                                                           \
              " LIMIT $7) l CROSS JOIN LATERAL (SELECT 1 FROM status_search d WHERE d.status_id = l.status_id "        \
              "AND d.words @@ CAST($1 AS tsquery) OFFSET 0) m ORDER BY l.status_id " order " LIMIT $4 OFFSET $5"

enum {
    Q_TOUCH,
    Q_TOUCH_ALL,
    Q_TOUCH_CARD,
    Q_WANT,
    Q_FORGET,
    Q_REMOVE,
    Q_TOUCH_ACCOUNT,
    Q_ACCOUNT_POSTS,
    Q_DONE,
    Q_ADD,
    Q_LEARN,
    Q_PENDING,
    Q_IN_LIBRARY,
    Q_PAGE,
    Q_PAGE_UP,
    Q_RECENT,
    Q_RECENT_UP,
    Q_LIBRARY,
    Q_LIBRARY_UP,
    Q_LIBRARY_ENDS,
    Q_DEADLINE,
    Q_COUNT
};

static const struct db_sql sql[Q_COUNT] = {
    [Q_TOUCH] = SQL("INSERT INTO search_pending (status_id, stamp) VALUES ($1, $2) "
                    "ON CONFLICT (status_id) DO UPDATE SET stamp = $2"),
    [Q_TOUCH_ALL] = SQL("INSERT INTO search_pending (status_id, stamp) SELECT id, CAST($1 AS {int}) FROM status "
                        "WHERE reblog_of_id IS NULL ON CONFLICT DO NOTHING"),
    [Q_TOUCH_CARD] = SQL("INSERT INTO search_pending (status_id, stamp) SELECT x.status_id, CAST($2 AS {int}) FROM ("
                         "SELECT status_id FROM status_card WHERE card_id = $1 ORDER BY status_id DESC LIMIT $3) x "
                         "WHERE EXISTS (SELECT 1 FROM status_search d WHERE d.status_id = x.status_id) "
                         "OR EXISTS (SELECT 1 FROM search_pending d WHERE d.status_id = x.status_id) "
                         "ON CONFLICT (status_id) DO UPDATE SET stamp = $2"),
    [Q_WANT] = SQL("INSERT INTO search_pending (status_id, stamp) SELECT CAST($1 AS {int}), CAST($2 AS {int}) "
                   "WHERE NOT EXISTS (SELECT 1 FROM status_search WHERE status_id = $1) ON CONFLICT DO NOTHING"),
    [Q_FORGET] = SQL2("INSERT INTO status_words (status_words, rowid, words) "
                      "SELECT 'delete', status_id, words FROM status_search WHERE status_id = $1",
        "SELECT 1"),
    [Q_REMOVE] = SQL("DELETE FROM status_search WHERE status_id = $1"),
    [Q_TOUCH_ACCOUNT] = SQL(
        "INSERT INTO search_pending (status_id, stamp) SELECT id, CAST($2 AS {int}) FROM status WHERE id IN {ids:$1} "
        "ON CONFLICT (status_id) DO UPDATE SET stamp = $2"),
    [Q_ACCOUNT_POSTS] = SQL("SELECT id FROM status WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3"),
    [Q_DONE] = SQL("DELETE FROM search_pending WHERE status_id = $1 AND stamp = $2"),
    [Q_ADD] = SQL2("INSERT INTO status_search (status_id, account_id, public, words) VALUES ($1, $2, $3, $4)",
        "INSERT INTO status_search (status_id, account_id, public, words) VALUES ($1, $2, $3, CAST($4 AS tsvector))"),
    [Q_LEARN] = SQL2("INSERT INTO status_words (rowid, words) VALUES ($1, $2)", "SELECT 1"),
    [Q_PENDING] = SQL("SELECT status_id, stamp FROM search_pending ORDER BY status_id DESC LIMIT $1"),
    [Q_IN_LIBRARY] =
        SQL("SELECT s.id FROM status s WHERE s.id IN {ids:$1} AND (s.local = TRUE "
            "OR EXISTS (SELECT 1 FROM mention x JOIN account a ON a.id = x.account_id "
            "WHERE x.status_id = s.id AND a.domain = '') "
            "OR EXISTS (SELECT 1 FROM favourite x JOIN account a ON a.id = x.account_id "
            "WHERE x.status_id = s.id AND a.domain = '') "
            "OR EXISTS (SELECT 1 FROM bookmark x WHERE x.status_id = s.id) "
            "OR EXISTS (SELECT 1 FROM poll x JOIN poll_vote y ON y.poll_id = x.id "
            "JOIN account a ON a.id = y.account_id WHERE x.status_id = s.id AND a.domain = '') "
            "OR EXISTS (SELECT 1 FROM status x WHERE x.reblog_of_id = s.id AND x.local = TRUE)) ORDER BY s.id"),
    [Q_PAGE] = SQL2(LITE("DESC"), PG_INDEX("DESC")),
    [Q_PAGE_UP] = SQL2(LITE("ASC"), PG_INDEX("ASC")),
    [Q_RECENT] = SQL2("SELECT 1", PG_RECENT("DESC")),
    [Q_RECENT_UP] = SQL2("SELECT 1", PG_RECENT("ASC")),
    [Q_LIBRARY] = SQL2("SELECT 1", PG_LIBRARY("DESC")),
    [Q_LIBRARY_UP] = SQL2("SELECT 1", PG_LIBRARY("ASC")),
    [Q_LIBRARY_ENDS] = SQL2("SELECT 1", "SELECT count(*) < $1 FROM (SELECT 1 FROM " LIBRARY("$4") " LIMIT $1) n"),
    [Q_DEADLINE] = SQL2("SELECT 1", "SELECT set_config('statement_timeout', $1, true)"),
};
DB_STATEMENTS(store_search, sql);

/* ---- writing ---------------------------------------------------------------------------------------------------- */

enum err
store_search_touch(struct ctx *c, int64_t status_id)
{
    return db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(status_id), D_INT(id_new())), NULL);
}

enum err
store_search_touch_all(struct ctx *c)
{
    return db_exec(c, &sql[Q_TOUCH_ALL], DB_ARGS(D_INT(id_new())), NULL);
}

enum err
store_search_touch_card(struct ctx *c, int64_t card_id, int64_t limit)
{
    return db_exec(c, &sql[Q_TOUCH_CARD], DB_ARGS(D_INT(card_id), D_INT(id_new()), D_INT(limit)), NULL);
}

enum err
store_search_want(struct ctx *c, int64_t status_id, bool *added)
{
    return db_change(c, &sql[Q_WANT], DB_ARGS(D_INT(status_id), D_INT(id_new())), added);
}

/* FTS5 wants to be told the words that it shall forget. */
enum err
store_search_remove(struct ctx *c, int64_t status_id)
{
    if (db_is_sqlite(c->env->db))
        TRY(db_exec(c, &sql[Q_FORGET], DB_ARGS(D_INT(status_id)), NULL));
    return db_exec(c, &sql[Q_REMOVE], DB_ARGS(D_INT(status_id)), NULL);
}

enum err
store_search_renew(struct ctx *c, int64_t status_id)
{
    TRY(store_search_remove(c, status_id));
    return store_search_touch(c, status_id);
}

enum err
store_search_touch_account(struct ctx *c, int64_t account_id, int64_t below, int64_t limit, int64_t *last)
{
    struct db_rows r;
    struct ids ids;

    TRY(db_query(c, &sql[Q_ACCOUNT_POSTS], DB_ARGS(D_INT(account_id), D_INT(below), D_INT(limit)), &r));
    ids = rows_ids(c->mem, &r);
    *last = r.n < (size_t)limit ? 0 : ids.v[ids.n - 1];
    return db_exec(c, &sql[Q_TOUCH_ACCOUNT], DB_ARGS(D_IDS(ids.v, ids.n), D_INT(id_new())), NULL);
}

/* One token after the other: for FTS5 with a space between, for a tsvector quoted, with its position. */
struct writer {
    struct buf b;
    bool lite;
    int position;
};

static void
put_token(struct writer *w, char sign, struct str token)
{
    w->position = MIN(w->position + 1, POSITION_MAX);
    if (w->b.n > 0)
        buf_putc(&w->b, ' ');
    if (!w->lite)
        buf_putc(&w->b, '\'');
    if (sign != 0)
        buf_putc(&w->b, sign);
    buf_put(&w->b, token);
    if (!w->lite)
        buf_putf(&w->b, "':%d", w->position);
}

/* "pt-BR" is found as pt-br and as pt. */
static void
put_language(struct ctx *c, struct writer *w, struct str language)
{
    struct str tag = str_lower(c->mem, language), first = tag;
    ptrdiff_t dash = str_chr(tag, '-');

    if (tag.n == 0 || tag.n > LANGUAGE_BYTES_MAX)
        return;
    for (size_t i = 0; i < tag.n; i++)
        if (!isalnum((unsigned char)tag.p[i]) && tag.p[i] != '-')
            return;
    put_token(w, '~', tag);
    if (dash > 0) {
        first.n = (size_t)dash;
        put_token(w, '~', first);
    }
}

static struct str
write_words(struct ctx *c, const struct strs *words, const struct search_marks *m)
{
    struct writer w = { .lite = db_is_sqlite(c->env->db) };

    buf_init(&w.b, c->mem, WORDS_BYTES_MAX);
    for (size_t i = 0; i < words->n; i++)
        put_token(&w, 0, words->v[i]);
    put_token(&w, '=', S("doc"));
    put_token(&w, '@', str_fmt(c->mem, "%lld", (long long)m->account_id));
    for (size_t i = 0; query_properties[i] != NULL; i++)
        if ((m->properties & (1U << i)) != 0)
            put_token(&w, '=', str_z(query_properties[i]));
    for (size_t i = 0; i < m->n_tags; i++)
        put_token(&w, '#', m->tags[i]);
    put_language(c, &w, m->language);
    CHECK(buf_ok(&w.b)); /* TEXT_TOKENS_MAX of TEXT_TOKEN_BYTES_MAX are less */
    return buf_str(&w.b);
}

enum err
store_search_put(
    struct ctx *c, int64_t status_id, int64_t stamp, const struct strs *words, const struct search_marks *marks)
{
    struct str text;
    int64_t n;

    TRY(db_exec(c, &sql[Q_DONE], DB_ARGS(D_INT(status_id), D_INT(stamp)), &n));
    if (n == 0)
        return ERR_OK;
    TRY(store_search_remove(c, status_id));
    if (words == NULL)
        return ERR_OK;
    text = write_words(c, words, marks);
    TRY(db_exec(
        c, &sql[Q_ADD], DB_ARGS(D_INT(status_id), D_INT(marks->account_id), D_BOOL(marks->public), D_STR(text)), NULL));
    return db_is_sqlite(c->env->db) ? db_exec(c, &sql[Q_LEARN], DB_ARGS(D_INT(status_id), D_STR(text)), NULL) : ERR_OK;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

enum err
store_search_pending(struct ctx *c, int64_t limit, struct search_pending *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_PENDING], DB_ARGS(D_INT(limit)), &r));
    out->status_id = arena_vec(c->mem, int64_t, r.n);
    out->stamp = arena_vec(c->mem, int64_t, r.n);
    out->n = r.n;
    for (size_t i = 0; i < r.n; i++) {
        out->status_id[i] = db_int(&r.v[i], 0);
        out->stamp[i] = db_int(&r.v[i], 1);
    }
    return ERR_OK;
}

enum err
store_search_in_library(struct ctx *c, const struct ids *ids, struct ids *out)
{
    struct db_rows r;

    TRY(db_query(c, &sql[Q_IN_LIBRARY], DB_ARGS(D_IDS(ids->v, ids->n)), &r));
    *out = rows_ids(c->mem, &r);
    return ERR_OK;
}

/* ---- terms as the engine spells them ---------------------------------------------------------------------------- */

struct terms {
    struct buf b;
    bool lite, exclude;
    bool any; /* something written */
};

/* What stands before the next term, when it belongs to this round. */
static bool
begin_term(struct terms *t, bool exclude)
{
    if (exclude != t->exclude)
        return false;
    if (t->exclude)
        buf_putz(&t->b, t->lite ? " NOT " : " & !");
    else if (t->any)
        buf_putz(&t->b, t->lite ? " AND " : " & ");
    t->any = true;
    return true;
}

/* Nothing in a token needs to be quoted within the quotes: no word has signs, and signs of marks are ours. */
static void
put_mark(struct terms *t, char sign, struct str text)
{
    buf_putc(&t->b, t->lite ? '"' : '\'');
    buf_putc(&t->b, sign);
    buf_put(&t->b, text);
    buf_putc(&t->b, t->lite ? '"' : '\'');
}

static void
put_words(struct terms *t, const struct strs *words, bool prefix)
{
    buf_putc(&t->b, t->lite ? '"' : '(');
    for (size_t i = 0; i < words->n; i++) {
        if (i > 0)
            buf_putz(&t->b, t->lite ? " " : " <-> ");
        if (!t->lite)
            buf_putc(&t->b, '\'');
        buf_put(&t->b, words->v[i]);
        if (!t->lite)
            buf_putz(&t->b, prefix ? "':*" : "'");
    }
    buf_putz(&t->b, t->lite ? (prefix ? "\" *" : "\"") : ")");
}

static void
put_term(struct terms *t, const struct query_term *q)
{
    if (q->kind == QUERY_FROM || !begin_term(t, q->exclude))
        return;
    switch (q->kind) {
    case QUERY_WORDS:
    case QUERY_PREFIX:
        put_words(t, &q->words, q->kind == QUERY_PREFIX);
        return;
    case QUERY_TAG:
        put_mark(t, '#', q->text);
        return;
    case QUERY_PROPERTY:
        put_mark(t, '=', q->text);
        return;
    case QUERY_LANGUAGE:
        put_mark(t, '~', q->text);
        return;
    case QUERY_FROM:
        return;
    }
}

static void
put_authors(struct ctx *c, struct terms *t, const struct ids *ids, bool exclude)
{
    for (size_t i = 0; i < ids->n; i++)
        if (begin_term(t, exclude))
            put_mark(t, '@', str_fmt(c->mem, "%lld", (long long)ids->v[i]));
}

/* First what must be there, because FTS5 has no NOT that stands alone; then what must not. */
static struct str
write_terms(struct ctx *c, const struct search_query *q)
{
    struct terms t = { .lite = db_is_sqlite(c->env->db) };

    buf_init(&t.b, c->mem, WORDS_BYTES_MAX);
    for (int round = 0; round < 2; round++) {
        t.exclude = round > 0;
        put_authors(c, &t, t.exclude ? &q->not_from : &q->from, t.exclude);
        for (size_t i = 0; i < q->text->n; i++)
            put_term(&t, &q->text->v[i]);
        if (!t.any && begin_term(&t, false))
            put_mark(&t, '=', S("doc"));
    }
    CHECK(buf_ok(&t.b)); /* QUERY_TERMS_MAX of QUERY_WORDS_MAX are less */
    return buf_str(&t.b);
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

/* Ids made in [from, to), within the page's bounds. */
static void
bounds(const struct text_query *q, const struct page *p, int64_t *below, int64_t *above)
{
    page_bounds(p, below, above);
    if (q->from_ms > 0)
        *above = MAX(*above, (q->from_ms << 16) - 1);
    if (q->to_ms < INT64_MAX >> 16)
        *below = MIN(*below, MAX(q->to_ms, 0) << 16);
}

/*
 * On PostgreSQL the index has no order: a word that is in every tenth post would mean to read and sort them all for the newest 20.
 * So the newest posts are looked at first; a word that is not often among them is rare, and the index is quick.
 */
/*
 * in:library asks the other way round: the index would give every post with the word, and a library has few of them.  Only a page that
 * the newest of a very large library do not fill is left to the index.
 */
static enum err
walk_library(struct ctx *c, struct db_args args, bool up, struct db_rows *r, bool *done)
{
    const struct db_arg *v = args.v;
    const struct db_row *ends;

    TRY(db_query(
        c, &sql[up ? Q_LIBRARY_UP : Q_LIBRARY], DB_ARGS(v[0], v[1], v[2], v[3], v[4], v[6], D_INT(LIBRARY_WALK)), r));
    *done = (int64_t)r->n == v[3].i;
    if (*done)
        return ERR_OK;
    TRY(db_one(c, &sql[Q_LIBRARY_ENDS], DB_ARGS(D_INT(LIBRARY_WALK), v[1], v[2], v[6]), &ends));
    *done = db_bool(ends, 0);
    return ERR_OK;
}

static enum err
page_postgres(struct ctx *c, struct db_args args, bool up, struct db_rows *r)
{
    struct db_args shorter = { args.v, args.n - 1 };
    bool done = false;

    TRY(db_query(c, &sql[Q_DEADLINE], DB_ARGS(D_STR(str_fmt(c->mem, "%d", DEADLINE_MS))), r));
    if (args.v[5].i == QUERY_LIBRARY)
        TRY(walk_library(c, args, up, r, &done));
    if (done)
        return ERR_OK;
    TRY(db_query(c, &sql[up ? Q_RECENT_UP : Q_RECENT], args, r));
    if ((int64_t)r->n == args.v[3].i)
        return ERR_OK;
    return db_query(c, &sql[up ? Q_PAGE_UP : Q_PAGE], shorter, r);
}

static enum err
read_page(struct ctx *c, struct db_args args, bool up, struct db_rows *r)
{
    struct db_args shorter = { args.v, args.n - 1 };

    if (!db_is_sqlite(c->env->db))
        return page_postgres(c, args, up, r);
    return db_query(c, &sql[up ? Q_PAGE_UP : Q_PAGE], shorter, r);
}

enum err
store_search_page(struct ctx *c, const struct search_query *q, const struct page *p, int64_t offset, struct ids *out)
{
    int64_t below, above;
    struct db_rows r;
    enum err e;

    bounds(q->text, p, &below, &above);
    TRY(db_begin(c, DB_READ)); /* so that the deadline is this transaction's */
    e = read_page(c,
        DB_ARGS(D_STR(write_terms(c, q)), D_INT(below), D_INT(above), D_INT(p->limit), D_INT(offset),
            D_INT(q->text->scope), D_INT(q->viewer), D_INT(RECENT + offset)),
        page_is_up(p), &r);
    if (e != ERR_OK) {
        db_rollback(c);
        return e;
    }
    TRY(db_commit(c));
    *out = rows_ids(c->mem, &r);
    PAGE_REVERSE(p, out->v, out->n, int64_t);
    return ERR_OK;
}
