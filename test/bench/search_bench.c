/*
 * What does a search cost?  Posts with words as frequent as those of a language (Zipf), each indexed by the job's own function; then
 * queries of every kind through the service, with everything a page of posts needs.  Wall time, because PostgreSQL works elsewhere.
 * usage: search_bench DATABASE-URL [STATUSES]; the database is empty; it stays full, and another run with it only measures
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "service/search.h"
#include "service/search_index.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/migrations.h"
#include "store/search.h"
#include "store/status.h"

#include <stdio.h>
#include <stdlib.h>

enum { AUTHORS = 2000, VOCABULARY = 200000, RUNS = 60, DAYS = 365, PORTION = 1000, LIKED = 2000 };

static int64_t authors[AUTHORS], reader;
static double below[VOCABULARY]; /* sum of 1/rank up to each word */
static uint64_t seed = 1;

static uint64_t
dice(uint64_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % sides;
}

static int
word(void)
{
    double at = (double)dice(1U << 30) / (1U << 30) * below[VOCABULARY - 1];
    int low = 0, high = VOCABULARY - 1;

    while (low < high) {
        int mid = (low + high) / 2;

        if (below[mid] < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static struct str
text(struct ctx *c)
{
    int n = 5 + (int)dice(50);
    struct buf b;

    buf_init(&b, c->mem, KB(4));
    buf_putz(&b, "<p>");
    for (int i = 0; i < n; i++)
        buf_putf(&b, "w%d ", word());
    buf_putz(&b, "</p>");
    return buf_str(&b);
}

static void
people(struct ctx *c)
{
    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    for (int i = 0; i <= AUTHORS; i++) {
        struct account a = { .id = id_new(),
            .username = str_fmt(c->mem, "p%d", i),
            .domain = i < AUTHORS ? S("far.test") : S(""),
            .uri = str_fmt(c->mem, "http://far.test/p%d", i),
            .created_ms = clock_ms(),
            .indexable = i % 2 == 0 };

        CHECK(store_account_insert(c, &a) == ERR_OK);
        *(i < AUTHORS ? &authors[i] : &reader) = a.id;
    }
    CHECK(db_commit(c) == ERR_OK);
}

static void
posts(struct ctx *c, int from, int n, int all)
{
    struct arena_mark mark = arena_save(c->mem);
    bool added;

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    for (int i = from; i < from + n; i++) {
        int64_t age = (int64_t)DAYS * DAY_MS / all * (all - i);
        struct status s = {
            .created_ms = clock_ms() - age, .content = text(c), .language = i % 3 == 0 ? S("de") : S("en")
        };

        s.id = id_at(s.created_ms);
        s.account_id = authors[dice(AUTHORS)];
        s.uri = str_fmt(c->mem, "http://far.test/s/%d", i);
        s.sensitive = dice(20) == 0;
        s.in_reply_to_uri = dice(3) == 0 ? S("http://far.test/x") : STR_NONE;
        CHECK(store_status_insert(c, &s) == ERR_OK);
        if (dice((uint64_t)all) < LIKED)
            CHECK(store_favourite_put(c, id_new(), reader, s.id, STR_NONE, &added) == ERR_OK);
        CHECK(store_search_touch(c, s.id) == ERR_OK);
    }
    CHECK(db_commit(c) == ERR_OK);
    arena_restore(c->mem, mark);
}

/* The average time of indexing one post, in microseconds. */
static double
fill(struct ctx *c, int n)
{
    int64_t spent = 0;

    people(c);
    for (int i = 0; i < n; i += PORTION) {
        int64_t start;

        posts(c, i, MIN(PORTION, n - i), n);
        start = clock_mono_ns();
        CHECK(service_index_pending(c) == ERR_OK);
        spent += clock_mono_ns() - start;
    }
    return (double)spent / 1000 / n;
}

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The ranks of words are put for the first and second %. */
static struct str
query(struct ctx *c, const char *format, int one, int two)
{
    struct buf b;

    buf_init(&b, c->mem, KB(4));
    for (; *format != '\0'; format++) {
        if (*format != '%') {
            buf_putc(&b, *format);
            continue;
        }
        buf_put_int(&b, one);
        one = two;
    }
    return buf_str(&b);
}

static void
measure(struct ctx *c, const char *name, const char *format, uint64_t from, uint64_t to)
{
    int64_t v[RUNS], found = 0;

    for (int i = 0; i < RUNS; i++) {
        struct arena_mark mark = arena_save(c->mem);
        struct search_params p = { .type = SEARCH_STATUSES, .limit = 20 };
        struct search_result out;
        int one = (int)(from + dice(to - from)), two = (int)(from + dice(to - from));
        int64_t start;

        p.q = query(c, format, one, two);
        start = clock_mono_ns();
        CHECK(service_search(c, &p, &out) == ERR_OK);
        v[i] = clock_mono_ns() - start;
        found += (int64_t)out.statuses.n;
        arena_restore(c->mem, mark);
    }
    qsort(v, RUNS, sizeof(v[0]), by_value);
    printf("  %-38s %8.1f %8.1f %8.1f\n", name, (double)v[RUNS / 2] / 1e6, (double)v[RUNS - 1] / 1e6,
        (double)found / RUNS);
}

/* Was it filled by a run before? */
static bool
is_filled(struct ctx *c)
{
    static const struct db_sql who = SQL("SELECT id FROM account WHERE domain = '' AND username_fold = $1");
    const struct db_row *r;

    CHECK(db_maybe(c, &who, DB_ARGS(D_STR(str_fmt(c->mem, "p%d", AUTHORS))), &r) == ERR_OK);
    reader = r == NULL ? 0 : db_int(r, 0);
    return r != NULL;
}

static const struct db_sql size =
    SQL2("SELECT (SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'status_words%'), "
         "(SELECT sum(pgsize) FROM dbstat WHERE name = 'status_search'), (SELECT sum(pgsize) FROM dbstat)",
        "SELECT pg_relation_size('status_search_words'), pg_table_size('status_search'), "
        "pg_database_size(current_database())");
static const struct db_sql tidy = SQL2("ANALYZE status", "ANALYZE");

int
main(int argc, char **argv)
{
    int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 100000, applied;
    struct arena *mem = arena_new_heap();
    struct config conf = { .origin = S("http://a.test"), .host = S("a.test"), .domain = S("a.test") };
    struct env env = { .conf = &conf };
    const struct db_row *r;
    struct str why;
    struct ctx c;
    double us;

    CHECK(argc > 1);
    for (int i = 0; i < VOCABULARY; i++)
        below[i] = (i > 0 ? below[i - 1] : 0) + 1.0 / (i + 1);
    CHECK(db_open(mem, str_z(argv[1]), 4, &env.db, &why) == ERR_OK);
    ctx_begin(&c, arena_new_heap(), &env);
    CHECK(db_migrate(&c, store_migrations, store_migrations_n, &applied, &why) == ERR_OK);
    us = is_filled(&c) ? 0 : fill(&c, n);
    CHECK(db_begin(&c, DB_WRITE) == ERR_OK);
    CHECK(db_exec(&c, &tidy, DB_NO_ARGS, NULL) == ERR_OK);
    CHECK(db_commit(&c) == ERR_OK);
    CHECK(db_one(&c, &size, DB_NO_ARGS, &r) == ERR_OK);
    printf("%d posts, half of them of indexable authors; indexing one: %.0f us; index %.0f MB, its tokens %.0f MB, "
           "database %.0f MB\n",
        n, us, (double)db_int(r, 0) / 1e6, (double)db_int(r, 1) / 1e6, (double)db_int(r, 2) / 1e6);
    c.who.account_id = reader;
    printf("  %-38s %8s %8s %8s\n", "ms", "median", "worst", "found");
    measure(&c, "a word of every post or so", "w%", 0, 3);
    measure(&c, "a frequent word", "w%", 10, 100);
    measure(&c, "an ordinary word", "w%", 1000, 10000);
    measure(&c, "a rare word", "w%", 50000, 200000);
    measure(&c, "two frequent words", "w% w%", 10, 100);
    measure(&c, "a frequent without another", "w% -w%", 10, 100);
    measure(&c, "two ordinary words", "w% w%", 1000, 10000);
    measure(&c, "a phrase of frequent words", "\"w% w%\"", 10, 100);
    measure(&c, "a beginning (1,000 words)", "w1%*", 10, 99);
    measure(&c, "an author and a frequent word", "from:p2@far.test w%", 10, 100);
    measure(&c, "replies in German", "is:reply language:de", 0, 1);
    measure(&c, "a frequent word before a year's half", "w% before:2026-05-01", 10, 100);
    measure(&c, "a frequent word in the library", "w% in:library", 10, 100);
    measure(&c, "a rare word in the library", "w% in:library", 50000, 200000);
    measure(&c, "the whole library", "in:library", 0, 1);
    ctx_end(&c);
    db_close(env.db);
    return 0;
}
