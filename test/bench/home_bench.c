/*
 * What does a home cost, in CPU time?  100,000 statuses of 2,000 authors; readers of every shape.  For each: building the ring (no ring kept),
 * a page from the ring, a page far below it, against one query that joins follows and statuses (without any of the rules).
 * usage: home_bench [DIR] [STATUSES]
 */
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "db/db.h"
#include "service/timeline.h"
#include "store/account.h"
#include "store/migrations.h"
#include "store/relation.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { AUTHORS = 2000, RUNS = 25, DAYS = 365 };

static int64_t authors[AUTHORS];
static uint64_t seed = 1;

static uint64_t
dice(uint64_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % sides;
}

/* Of this thread: other work on the machine does not count. */
static int64_t
cpu_ns(void)
{
    struct timespec t;

    CHECK(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t
person(struct ctx *c, int i)
{
    struct account a = { .id = id_new(),
        .username = str_fmt(c->mem, "p%d", i),
        .uri = str_fmt(c->mem, "http://a.test/p%d", i),
        .created_ms = clock_ms() };

    CHECK(store_account_insert(c, &a) == ERR_OK);
    return a.id;
}

/* A tenth of the authors writes nine tenths; the last tenth of all wrote only long ago. */
static void
fill(struct ctx *c, int n)
{
    int64_t now = clock_ms();

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    for (int i = 0; i < AUTHORS; i++)
        authors[i] = person(c, i);
    for (int i = 0; i < n; i++) {
        struct arena_mark mark = arena_save(c->mem);
        int64_t age = (int64_t)DAYS * DAY_MS / n * (n - i);
        uint64_t who = dice(10) != 0 ? dice(AUTHORS / 10) : dice(AUTHORS);
        struct status s = { .local = true, .created_ms = now - age };

        if (who >= AUTHORS * 9 / 10 && age < 300 * (int64_t)DAY_MS)
            who -= AUTHORS / 2;
        s.id = id_at(s.created_ms);
        s.account_id = authors[who];
        s.uri = str_fmt(c->mem, "http://a.test/s/%d", i);
        CHECK(store_status_insert(c, &s) == ERR_OK);
        arena_restore(c->mem, mark);
    }
    CHECK(db_commit(c) == ERR_OK);
}

static const struct db_sql full =
    SQL("SELECT s.id FROM follow f JOIN status s ON s.account_id = f.target_id WHERE f.account_id = $1 "
        "ORDER BY s.id DESC LIMIT 400");

static int
by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

enum what { BUILD, FROM_RING, DEEP, FULL_QUERY, WHAT_COUNT };

static void
run(struct ctx *c, enum what what, int64_t deep_below)
{
    struct page p = { .limit = 20, .max_id = what == DEEP ? deep_below : 0 };
    struct statuses out;
    struct db_rows r;

    if (what == FULL_QUERY) {
        CHECK(db_query(c, &full, DB_ARGS(D_INT(c->who.account_id)), &r) == ERR_OK);
        return;
    }
    CHECK(service_timeline_home(c, &p, &out) == ERR_OK);
    CHECK(out.n > 0);
}

/* Median in microseconds. */
static double
measure(struct ctx *c, enum what what, int64_t deep_below)
{
    int64_t v[RUNS];

    for (int i = 0; i < RUNS; i++) {
        struct arena_mark mark = arena_save(c->mem);
        int64_t start;

        if (what == BUILD)
            ring_drop(c->env->ring, c->who.account_id);
        start = cpu_ns();
        run(c, what, deep_below);
        v[i] = cpu_ns() - start;
        arena_restore(c->mem, mark);
    }
    qsort(v, RUNS, sizeof(v[0]), by_value);
    return (double)v[RUNS / 2] / 1000;
}

static void
shape(struct ctx *c, const char *name, int serial, uint64_t from, uint64_t to, int follows)
{
    struct follow f = { .reblogs = true };
    int64_t me, below = id_at(clock_ms() - 320 * (int64_t)DAY_MS);
    double us[WHAT_COUNT];
    bool added;

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    me = person(c, AUTHORS + serial);
    for (int i = 0; i < follows; i++) {
        f.id = id_new();
        f.account_id = me;
        f.target_id = authors[from + (uint64_t)i * (to - from) / (uint64_t)follows];
        f.uri = str_fmt(c->mem, "http://a.test/f/%lld", (long long)f.id);
        CHECK(store_follow_put(c, &f, &added) == ERR_OK);
    }
    CHECK(db_commit(c) == ERR_OK);
    c->who.account_id = me;
    for (enum what w = BUILD; w < WHAT_COUNT; w++)
        us[w] = measure(c, w, below);
    printf("%-34s %9.0f %9.0f %9.0f %12.0f\n", name, us[BUILD], us[FROM_RING], us[DEEP], us[FULL_QUERY]);
}

static void
push(struct ring *r)
{
    static int64_t readers[10000];
    int64_t start;

    for (int64_t i = 0; i < 10000; i++) {
        readers[i] = i + 1;
        ring_fill(r, i + 1, ring_begin(r, i + 1), NULL, 0, true);
    }
    for (int64_t i = 1; i <= 500; i++)
        ring_push(r, readers, 10000, (struct home_item){ i, i });
    start = cpu_ns();
    ring_push(r, readers, 10000, (struct home_item){ 1000, 1000 });
    printf("one push to 10000 full rings: %.0f us\n", (double)(cpu_ns() - start) / 1000);
    start = cpu_ns();
    ring_remove(r, 900);
    printf("one removal from all rings:   %.0f us\n", (double)(cpu_ns() - start) / 1000);
}

int
main(int argc, char **argv)
{
    const char *dir = argc > 1 ? argv[1] : "/tmp";
    int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 100000, applied;
    struct arena *mem = arena_new_heap();
    struct config conf = { .origin = S("http://a.test"), .host = S("a.test"), .domain = S("a.test") };
    struct str url = str_fmt(mem, "sqlite:%s/home_bench.%d.sqlite", dir, (int)getpid()), why;
    struct env env = { .conf = &conf, .ring = ring_new(20000) };
    struct ctx c;

    CHECK(db_open(mem, url, 4, &env.db, &why) == ERR_OK);
    ctx_begin(&c, arena_new_heap(), &env);
    CHECK(db_migrate(&c, store_migrations, store_migrations_n, &applied, &why) == ERR_OK);
    fill(&c, n);
    printf("%d statuses; median of %d, CPU us    build+page      page  deep page  full query\n", n, RUNS);
    shape(&c, "100 busy", 1, 0, AUTHORS / 10, 100);
    shape(&c, "10 busy", 2, 0, AUTHORS / 10, 10);
    shape(&c, "200 of all kinds", 3, 0, AUTHORS, 200);
    shape(&c, "1500 of all kinds", 4, 0, AUTHORS, 1500);
    shape(&c, "500 ordinary", 5, AUTHORS / 10, AUTHORS * 9 / 10, 500);
    shape(&c, "150 who are silent for 300 days", 6, AUTHORS * 9 / 10, AUTHORS, 150);
    push(env.ring);
    ctx_end(&c);
    db_close(env.db);
    unlink(url.p + 7);
    return 0;
}
