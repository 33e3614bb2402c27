/* Finding accounts by words: an index on words instead of a scan with LIKE, so that a search costs the same with a million. */
#include "store/account_search.h"

#include "store/account.h"
#include "store/internal.h"
#include "text/unicode.h"

#include <stdlib.h>

enum { WORDS_MAX = 16, CANDIDATES_MAX = 500 };

#define LAST_CHAR "\xf4\x8f\xbf\xbf" /* U+10FFFF: behind everything that begins with a prefix */

enum { Q_CLEAR, Q_ADD, Q_CANDIDATES, Q_CANDIDATES_FOLLOWED, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_CLEAR] = SQL("DELETE FROM account_word WHERE account_id = $1"),
    [Q_ADD] = SQL("INSERT INTO account_word (word, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING"),
    [Q_CANDIDATES] = SQL("SELECT DISTINCT account_id FROM account_word WHERE word >= $1 AND word < $2 LIMIT $3"),
    [Q_CANDIDATES_FOLLOWED] =
        SQL("SELECT DISTINCT w.account_id FROM follow f JOIN account_word w ON w.account_id = f.target_id "
            "WHERE f.account_id = $4 AND w.word >= $1 AND w.word < $2 LIMIT $3"),
};
DB_STATEMENTS(store_account_search, sql);

static struct strs
words_of(struct arena *mem, const struct account *a)
{
    struct strs name = text_tokens(mem, a->display_name), out = { arena_vec(mem, struct str, WORDS_MAX + 1), 0 };

    out.v[out.n++] = str_lower(mem, a->username);
    for (size_t i = 0; i < name.n && out.n < WORDS_MAX; i++)
        out.v[out.n++] = name.v[i];
    return out;
}

enum err
store_account_index(struct ctx *c, const struct account *a)
{
    struct strs words = words_of(c->mem, a);

    TRY(db_exec(c, &sql[Q_CLEAR], DB_ARGS(D_INT(a->id)), NULL));
    for (size_t i = 0; i < words.n; i++)
        TRY(db_exec(c, &sql[Q_ADD], DB_ARGS(D_STR(words.v[i]), D_INT(a->id)), NULL));
    return ERR_OK;
}

/* One word of the query against the words of an account. */
static bool
has_prefix(const struct strs *words, struct str prefix)
{
    for (size_t i = 0; i < words->n; i++)
        if (str_starts(words->v[i], prefix))
            return true;
    return false;
}

struct query {
    struct strs words;
    struct str name, domain; /* of "name@domain" */
};

static struct query
parse(struct arena *mem, struct str q)
{
    ptrdiff_t at = str_chr(q, '@');
    struct query out = { 0 };

    if (at > 0) {
        out.name = str_lower(mem, str_sub(q, 0, (size_t)at));
        out.domain = str_lower(mem, str_sub(q, (size_t)at + 1, q.n));
        out.words.v = arena_vec(mem, struct str, 1);
        out.words.v[out.words.n++] = out.name;
        return out;
    }
    out.name = str_lower(mem, q);
    out.words = text_tokens(mem, q);
    if (out.words.n > WORDS_MAX)
        out.words.n = WORDS_MAX;
    if (out.words.n <= 1 && q.n > 0) { /* a username may hold what is no letter: a_b */
        out.words.v = arena_vec(mem, struct str, 1);
        out.words.v[0] = out.name;
        out.words.n = 1;
    }
    return out;
}

static bool
matches(struct arena *mem, const struct account *a, const struct query *q)
{
    struct strs words = words_of(mem, a);

    if (a->suspended_ms != 0 || (q->domain.n > 0 && !str_starts(a->domain, q->domain)))
        return false;
    for (size_t i = 0; i < q->words.n; i++)
        if (!has_prefix(&words, q->words.v[i]))
            return false;
    return true;
}

struct ranked {
    struct account *a;
    int rank; /* 0 exact username, 1 followed, 2 others */
};

static int
by_rank(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;

    if (a->rank != b->rank)
        return a->rank - b->rank;
    if (a->a->followers != b->a->followers)
        return a->a->followers < b->a->followers ? 1 : -1;
    return (a->a->id > b->a->id) - (a->a->id < b->a->id);
}

static enum err
candidates(struct ctx *c, int64_t viewer, const struct query *q, bool followed, struct ids *out)
{
    struct str first = q->words.v[0], last;
    struct db_rows r;

    for (size_t i = 1; i < q->words.n; i++) /* the longest word has the fewest accounts */
        if (q->words.v[i].n > first.n)
            first = q->words.v[i];
    last = str_cat(c->mem, first, S(LAST_CHAR), STR_NONE);
    if (followed)
        TRY(db_query(c, &sql[Q_CANDIDATES_FOLLOWED],
            DB_ARGS(D_STR(first), D_STR(last), D_INT(CANDIDATES_MAX), D_INT(viewer)), &r));
    else
        TRY(db_query(c, &sql[Q_CANDIDATES], DB_ARGS(D_STR(first), D_STR(last), D_INT(CANDIDATES_MAX)), &r));
    for (size_t i = 0; i < r.n; i++)
        ids_add(out, db_int(&r.v[i], 0));
    return ERR_OK;
}

enum err
store_account_search(struct ctx *c, int64_t viewer, struct str text, bool following_only, int64_t limit, int64_t offset,
    struct accounts *out)
{
    struct query q = parse(c->mem, text);
    struct ids followed = ids_new(c->mem, CANDIDATES_MAX), all = ids_new(c->mem, 2 * CANDIDATES_MAX + 1);
    struct accounts found;
    struct ranked *v;
    size_t n = 0;

    *out = (struct accounts){ 0 };
    if (q.words.n == 0)
        return ERR_OK;
    if (viewer != 0)
        TRY(candidates(c, viewer, &q, true, &followed));
    for (size_t i = 0; i < followed.n; i++)
        ids_add(&all, followed.v[i]);
    if (!following_only)
        TRY(candidates(c, viewer, &q, false, &all));
    ids_sort(&followed);
    ids_sort(&all);
    TRY(store_account_list(c, &all, &found));
    v = arena_vec(c->mem, struct ranked, found.n);
    for (size_t i = 0; i < found.n; i++) {
        struct account *a = found.v[i];

        if (!matches(c->mem, a, &q))
            continue;
        v[n].a = a;
        v[n].rank = str_eqi(a->username, q.name) ? 0 : 2;
        for (size_t k = 0; k < followed.n && v[n].rank == 2; k++)
            if (followed.v[k] == a->id)
                v[n].rank = 1;
        n++;
    }
    if (n > 0)
        qsort(v, n, sizeof(v[0]), by_rank);
    out->v = arena_vec(c->mem, struct account *, (size_t)limit);
    for (size_t i = (size_t)offset; i < n && out->n < (size_t)limit; i++)
        out->v[out->n++] = v[i].a;
    return ERR_OK;
}
