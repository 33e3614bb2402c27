/* Inside db/ only: connections, the engines behind them, the pool, the writer. */
#ifndef DB_INTERNAL_H
#define DB_INTERNAL_H

#include "base/cond.h"
#include "db/db.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    DB_STATEMENTS_MAX = 256, /* prepared statements kept by one connection; the least recently used goes */
    DB_WAIT_MS = 15000,      /* for a connection or for the writer, when the ctx has no deadline */
    DB_WRITERS_MAX = 1024,   /* waiting for the writer */
    DB_TEXT_BYTES_MAX = 16 * 1024 * 1024,
};

/* ---- statements of a connection (cache.c) -------------------------------------------------------------------- */

struct db_cached {
    const struct db_sql *sql; /* NULL: free */
    const char *text;         /* as seen when prepared: finds a db_sql that is not static */
    void *stmt;               /* the engine's */
    uint64_t used;
};

struct db_cache {
    struct db_cached *v; /* open addressing, a power of two */
    size_t cap, n;
    uint64_t clock;
};

/* The engine's statement or NULL. */
void *db_cache_get(struct db_cache *k, const struct db_sql *sql, const char *text);
/* Keep stmt.  Returns the one pushed out, for the engine to free, or NULL. */
NODISCARD void *db_cache_put(struct db_cache *k, const struct db_sql *sql, const char *text, void *stmt);
/* Forget all; drop(arg, stmt) for each. */
void db_cache_clear(struct db_cache *k, void (*drop)(void *arg, void *stmt), void *arg);

/* ---- a connection -------------------------------------------------------------------------------------------- */

struct db_conn {
    struct db *db;
    struct db_conn *next; /* free list of the pool */
    bool writer;          /* SQLite: the one that writes */
    bool broken;          /* the connection is gone; open again before the next use */
    enum err doomed;      /* first failure inside the open write transaction, else OK */
    bool raced;           /* the last failure is of a unique or a foreign key */
    int64_t deadline_mono_ms;
    int64_t began_ns; /* when the transaction was asked for */
    struct db_cache cache;
    void *engine;  /* sqlite3 or PGconn, with what belongs to it */
    char why[320]; /* detail of the last failure */
};

/* Record why and return e; raced is false then, and set by who knows better. */
enum err db_why(struct db_conn *conn, enum err e, const char *fmt, ...) PRINTF(3, 4);

/* Steps of a transaction.  MARK, KEEP and UNDO are the savepoint of one operation in a group (SQLite only). */
enum db_step {
    STEP_BEGIN_READ,
    STEP_BEGIN_WRITE,
    STEP_COMMIT,
    STEP_ROLLBACK,
    STEP_MARK,
    STEP_KEEP,
    STEP_UNDO,
    STEP_COUNT
};

/* An engine.  Each function fails with db_why(); memory of results comes from mem. */
struct db_engine {
    const char *name;
    enum err (*connect)(struct db_conn *conn);
    void (*disconnect)(struct db_conn *conn); /* conn->engine may be NULL */
    enum err (*prepare)(struct db_conn *conn, struct arena *mem, const struct db_sql *sql);
    /* What the planner would do, a row for each step; NULL where it cannot be known from an empty database. */
    enum err (*plan)(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_rows *rows);
    /* rows NULL: none wanted.  affected may be NULL. */
    enum err (*run)(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_args args,
        struct db_rows *rows, int64_t *affected);
    enum err (*script)(struct db_conn *conn, const char *text); /* several statements, no arguments, inside a write */
    enum err (*step)(struct db_conn *conn, enum db_step step);
    enum err (*check)(struct db_conn *conn, struct arena *mem, struct str *report);
};

extern const struct db_engine db_sqlite, db_postgres;

/* ---- the database -------------------------------------------------------------------------------------------- */

struct db_pool {
    pthread_mutex_t m;
    struct cond_queue given_back;
    struct db_conn *free; /* last in, first out: the warm ones are used again */
    int open, max;
};

struct db_writer; /* group.c */

struct db {
    const struct db_engine *engine;
    char *target; /* file name or URL */
    struct db_pool pool;
    struct db_writer *writer; /* SQLite */
    _Atomic int64_t statements;
    _Atomic int64_t fail_at;
};

/* Count a statement; fails when the test asked for it. */
enum err db_count(struct db_conn *conn);

/* ids.c: the function ids() for this connection (sqlite3); its argument is a DB_IDS bound as a pointer of that kind. */
#define DB_IDS_POINTER "db_ids"
struct sqlite3;
int db_sqlite_add_ids(struct sqlite3 *h);

/* ---- pool.c -------------------------------------------------------------------------------------------------- */

void db_pool_init(struct db_pool *p, int max);
void db_pool_done(struct db_pool *p);
/* A connected connection; BUSY when none comes free in time. */
NODISCARD enum err db_pool_get(struct ctx *c, struct db_conn **out);
void db_pool_put(struct db_conn *conn);
struct db_conn *db_conn_new(struct db *db, bool writer);
void db_conn_free(struct db_conn *conn);
int64_t db_wait_until(const struct ctx *c);

/* ---- tx.c ---------------------------------------------------------------------------------------------------- */

/* The connection of this ctx, taken from the pool when it has none. */
NODISCARD enum err db_ctx_conn(struct ctx *c, struct db_conn **out);
/* Give it back; no transaction may be open. */
void db_ctx_put(struct ctx *c);
/* c->fail from conn->why; returns e. */
enum err db_fail(struct ctx *c, struct db_conn *conn, enum err e);

/* ---- group.c: the one writer of SQLite ----------------------------------------------------------------------- */

NODISCARD enum err db_writer_open(struct db *db, char *why, size_t why_n);
void db_writer_close(struct db *db);
/* Wait for the turn, begin.  On OK c->conn is the writer's connection. */
NODISCARD enum err db_writer_begin(struct ctx *c);
/* Keep or undo this operation, pass the writer on, and wait for the group's commit. */
NODISCARD enum err db_writer_end(struct ctx *c, bool keep);

/* For tests: how many wait for the writer; how long a group may take members in; its connection. */
int db_writer_waiting(struct db *db);
void db_writer_set_group_ms(struct db *db, int64_t ms);
struct db_conn *db_writer_conn(struct db *db);

/* ---- sqlite.c, for group.c and backup ------------------------------------------------------------------------ */

/* False when an error has rolled back the whole transaction behind our back. */
bool db_sqlite_in_tx(struct db_conn *conn);
/* After a commit: move pages from the WAL into the file when it has grown.  Only the writer, holding the file lock. */
void db_sqlite_checkpoint(struct db_conn *conn, bool all);
NODISCARD enum err db_sqlite_backup(struct db_conn *conn, const char *file);
/* For tests: a disk with that many pages. */
void db_sqlite_limit_pages(struct db_conn *conn, int pages);

/* ---- expand.c ------------------------------------------------------------------------------------------------ */

/* Replace the macros.  INTERNAL with *why at an unknown one.  Text in quotes and comments is left alone. */
NODISCARD enum err db_expand(struct arena *a, const char *text, bool sqlite, const char **out, struct str *why);

/* ---- statements.c -------------------------------------------------------------------------------------------- */

struct db_registered {
    const char *name;
    const struct db_sql *sql;
    size_t n;
};
const struct db_registered *db_registered(size_t *n);

#endif
