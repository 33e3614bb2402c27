/*
 * What does a home cost, in CPU time?  STATUSES (100,000) of AUTHORS (2,000); readers of every shape.  For each: building the ring (no ring
 * kept), a page from the ring, a page far below it, against one query that joins follows and statuses (without any of the rules).  Then what
 * a post to 10,000 local followers costs, of whom 1,000 have a ring.
 * usage: home_bench [DIR] [STATUSES] [AUTHORS]
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

enum { RUNS = 25, DAYS = 365, FOLLOWERS = 10000, RINGS = 1000, BATCH = 50000 };

static int64_t *authors;
static uint64_t n_authors = 2000;
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

/* Copies of one status, and what the counters of their authors become: the store's functions, one by one, would take an hour. */
static const struct db_sql copy =
    SQL("INSERT INTO status (id, uri, account_id, local, visibility, conversation_id, content, created_ms) "
        "VALUES ($1, $2, $3, TRUE, 0, $1, $4, $5)");
static const struct db_sql count = SQL(
    "UPDATE account_stat SET statuses = (SELECT count(*) FROM status s WHERE s.account_id = account_stat.account_id), "
    "last_status_id = COALESCE((SELECT max(s.id) FROM status s WHERE s.account_id = account_stat.account_id), 0)");

/* A tenth of the authors writes nine tenths; the last tenth of all wrote only long ago. */
static uint64_t
writer(int64_t age)
{
    uint64_t who = dice(10) != 0 ? dice(n_authors / 10) : dice(n_authors);

    return who >= n_authors * 9 / 10 && age < 300 * (int64_t)DAY_MS ? who - n_authors / 2 : who;
}

static void
write_one(struct ctx *c, int i, int n, int64_t now)
{
    struct arena_mark mark = arena_save(c->mem);
    int64_t age = (int64_t)DAYS * DAY_MS / n * (n - i);
    struct db_arg args[] = { D_INT(id_at(now - age)), D_STR(str_fmt(c->mem, "http://a.test/s/%d", i)),
        D_INT(authors[writer(age)]), D_STR(S("<p>A post as people write them.</p>")), D_INT(now - age) };

    CHECK(db_exec(c, &copy, (struct db_args){ args, lengthof(args) }, NULL) == ERR_OK);
    arena_restore(c->mem, mark);
}

static void
fill(struct ctx *c, int n)
{
    int64_t now = clock_ms();

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    for (uint64_t i = 0; i < n_authors; i++)
        authors[i] = person(c, (int)i);
    for (int i = 0; i < n; i++) {
        if (i % BATCH == BATCH - 1) {
            CHECK(db_commit(c) == ERR_OK);
            CHECK(db_begin(c, DB_WRITE) == ERR_OK);
        }
        write_one(c, i, n, now);
    }
    CHECK(db_exec(c, &count, DB_NO_ARGS, NULL) == ERR_OK);
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
follow(struct ctx *c, int64_t who, int64_t whom)
{
    struct follow f = { .id = id_new(), .account_id = who, .target_id = whom, .reblogs = true };
    bool added;

    f.uri = str_fmt(c->mem, "http://a.test/f/%lld", (long long)f.id);
    CHECK(store_follow_put(c, &f, &added) == ERR_OK);
}

static void
shape(struct ctx *c, const char *name, int serial, uint64_t from, uint64_t to, int follows)
{
    int64_t me, below = id_at(clock_ms() - 320 * (int64_t)DAY_MS);
    double us[WHAT_COUNT];

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    me = person(c, (int)n_authors + serial);
    for (int i = 0; i < follows; i++)
        follow(c, me, authors[from + (uint64_t)i * (to - from) / (uint64_t)follows]);
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

/* The job fan_out of somebody with many followers here, some of whom read now; the median of new posts. */
static void
post_to_many(struct ctx *c)
{
    int64_t star, cpu[RUNS], wall[RUNS];
    struct status s = { .local = true };

    CHECK(db_begin(c, DB_WRITE) == ERR_OK);
    star = person(c, (int)n_authors + 1000);
    for (int i = 0; i < FOLLOWERS; i++) {
        int64_t who = person(c, (int)n_authors + 1001 + i);

        follow(c, who, star);
        if (i % (FOLLOWERS / RINGS) == 0)
            ring_fill(c->env->ring, who, ring_begin(c->env->ring, who), NULL, 0, true);
    }
    CHECK(db_commit(c) == ERR_OK);
    for (int i = 0; i < RUNS; i++) {
        struct arena_mark mark = arena_save(c->mem);
        int64_t mono_ns, cpu0;

        s.created_ms = clock_ms();
        s.id = id_new();
        s.account_id = star;
        s.uri = str_fmt(c->mem, "http://a.test/star/%d", i);
        CHECK(db_begin(c, DB_WRITE) == ERR_OK);
        CHECK(store_status_insert(c, &s) == ERR_OK);
        CHECK(db_commit(c) == ERR_OK);
        mono_ns = clock_mono_ns();
        cpu0 = cpu_ns();
        CHECK(service_timeline_fan_out(c, s.id) == ERR_OK);
        cpu[i] = cpu_ns() - cpu0;
        wall[i] = clock_mono_ns() - mono_ns;
        arena_restore(c->mem, mark);
    }
    qsort(cpu, RUNS, sizeof(cpu[0]), by_value);
    qsort(wall, RUNS, sizeof(wall[0]), by_value);
    printf("a post to %d followers, %d of them with rings: %.0f us CPU, %.0f us wall\n", FOLLOWERS, RINGS,
        (double)cpu[RUNS / 2] / 1000, (double)wall[RUNS / 2] / 1000);
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

    n_authors = argc > 3 ? strtoull(argv[3], NULL, 10) : n_authors;
    CHECK(n_authors >= 2000);
    authors = arena_vec(mem, int64_t, n_authors);
    CHECK(db_open(mem, url, 4, &env.db, &why) == ERR_OK);
    ctx_begin(&c, arena_new_heap(), &env);
    CHECK(db_migrate(&c, store_migrations, store_migrations_n, &applied, &why) == ERR_OK);
    fill(&c, n);
    printf("%d statuses of %d authors; median of %d, CPU us\n", n, (int)n_authors, RUNS);
    printf("%-34s build+page      page  deep page  full query\n", "");
    shape(&c, "100 busy", 1, 0, n_authors / 10, 100);
    shape(&c, "10 busy", 2, 0, n_authors / 10, 10);
    shape(&c, "200 of all kinds", 3, 0, n_authors, 200);
    shape(&c, "1500 of all kinds", 4, 0, n_authors, 1500);
    shape(&c, "500 ordinary", 5, n_authors / 10, n_authors * 9 / 10, 500);
    shape(&c, "150 who are silent for 300 days", 6, n_authors * 9 / 10, n_authors, 150);
    post_to_many(&c);
    push(env.ring);
    ctx_end(&c);
    db_close(env.db);
    unlink(url.p + 7);
    return 0;
}
