/*
 * How fast are durable writes?  A raw SQLite loop (one thread, one connection, synchronous=FULL, one commit for each row) against
 * db_begin … db_commit with 1, 4, 16 and 64 threads in the same run on the same file system; the ratio is what counts.
 * usage: db_bench [DIR] [SECONDS]
 */
#include "base/clock.h"
#include "db/db.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <unistd.h>

enum { THREADS_MAX = 64 };

static const struct db_sql insert = SQL("INSERT INTO post (id, account_id, text) VALUES ($1, $2, $3)");
#define TEXT "A status of the usual length: a hundred characters or so, which is what people write on a day like this."

static atomic_llong next_id;
static atomic_bool stop;

struct writer {
    struct ctx c;
    int64_t n, worst_ns;
    pthread_t thread;
};

static double
seconds_since(int64_t start_ns)
{
    return (double)(clock_mono_ns() - start_ns) / 1e9;
}

static double
raw_rate(const char *file, double seconds)
{
    sqlite3 *h;
    sqlite3_stmt *st;
    int64_t start, n = 0;

    CHECK(sqlite3_open(file, &h) == SQLITE_OK);
    CHECK(sqlite3_exec(h,
              "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
              "CREATE TABLE post (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, text TEXT NOT NULL) STRICT",
              NULL, NULL, NULL) == SQLITE_OK);
    CHECK(sqlite3_prepare_v2(h, insert.sqlite, -1, &st, NULL) == SQLITE_OK);
    start = clock_mono_ns();
    while (seconds_since(start) < seconds) {
        sqlite3_bind_int64(st, 1, ++n);
        sqlite3_bind_int64(st, 2, n % 1000);
        sqlite3_bind_text(st, 3, TEXT, -1, SQLITE_STATIC);
        CHECK(sqlite3_step(st) == SQLITE_DONE);
        sqlite3_reset(st);
    }
    seconds = seconds_since(start);
    sqlite3_finalize(st);
    sqlite3_close(h);
    return (double)n / seconds;
}

static void *
write_posts(void *arg)
{
    struct writer *w = arg;

    while (!stop) {
        int64_t id = atomic_fetch_add(&next_id, 1), start = clock_mono_ns();

        CHECK(db_begin(&w->c, DB_WRITE) == ERR_OK);
        CHECK(db_exec(&w->c, &insert, DB_ARGS(D_INT(id), D_INT(id % 1000), D_STR(S(TEXT))), NULL) == ERR_OK);
        CHECK(db_commit(&w->c) == ERR_OK);
        w->worst_ns = MAX(w->worst_ns, clock_mono_ns() - start);
        w->n++;
        ctx_end(&w->c);
    }
    return NULL;
}

static double
grouped_rate(const struct env *env, int threads, double seconds, double *worst_ms)
{
    static struct writer w[THREADS_MAX];
    int64_t start = clock_mono_ns(), n = 0, worst = 0;

    stop = false;
    for (int i = 0; i < threads; i++) {
        w[i] = (struct writer){ 0 };
        ctx_begin(&w[i].c, arena_new_heap(), env);
        CHECK(pthread_create(&w[i].thread, NULL, write_posts, &w[i]) == 0);
    }
    usleep((useconds_t)(seconds * 1e6));
    stop = true;
    for (int i = 0; i < threads; i++) {
        pthread_join(w[i].thread, NULL);
        n += w[i].n;
        worst = MAX(worst, w[i].worst_ns);
        arena_free(w[i].c.mem);
    }
    *worst_ms = (double)worst / 1e6;
    return (double)n / seconds_since(start);
}

int
main(int argc, char **argv)
{
    struct arena *mem = arena_new_heap();
    const char *dir = argc > 1 ? argv[1] : ".";
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 3, raw;
    static const int threads[] = { 1, 4, 16, 64 };
    static const char *const suffixes[] = { "", "-wal", "-shm", "-writer" };
    struct str file = str_fmt(mem, "%s/db_bench.%d.db", dir, (int)getpid()), why;
    struct env env = { 0 };

    raw = raw_rate(file.p, seconds);
    printf("raw sqlite loop, FULL: %8.0f commits/s\n", raw);
    if (db_open(mem, str_fmt(mem, "sqlite:%s", file.p), 4, &env.db, &why) != ERR_OK)
        BUG("%.*s", STR_ARG(why));
    next_id = INT64_C(1) << 40;
    for (size_t i = 0; i < lengthof(threads); i++) {
        double worst_ms, rate = grouped_rate(&env, threads[i], seconds, &worst_ms);

        printf("db, %2d writers:        %8.0f commits/s  %5.2f x raw  worst %.1f ms\n", threads[i], rate, rate / raw,
            worst_ms);
    }
    db_close(env.db);
    for (size_t i = 0; i < lengthof(suffixes); i++)
        unlink(str_fmt(mem, "%s%s", file.p, suffixes[i]).p);
    arena_free(mem);
    return 0;
}
