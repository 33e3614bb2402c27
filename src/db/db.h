/*
 * One thin layer over SQLite and PostgreSQL: the same SQL text, $1 parameters, prepared and cached for each connection.  A query
 * returns all its rows in c->mem.  Writes happen inside db_begin(c, DB_WRITE) … db_commit(c), short, without network or files.
 *
 * SQLite (WAL, synchronous=FULL): readers have their own connections; one writer connection passes from writer to writer in the
 * order of their coming; each write is a SAVEPOINT; the last of the queue commits for the whole group, and db_commit returns when
 * that commit is on disk.  Only the writer's connection checkpoints.  PostgreSQL: each transaction on the ctx's own connection,
 * READ COMMITTED; sessions are read-only outside DB_WRITE.
 *
 * A ctx takes a connection at its first statement and gives it back at commit, rollback or ctx_end; db_rollback() without a
 * transaction gives it back early, e.g. before a slow request to the network.  A statement that fails inside a transaction dooms it:
 * only db_rollback is left (PostgreSQL's rule, the same on SQLite).  Whoever answers a failed request rolls back first, so that the
 * writer does not wait for a socket.
 *
 * An early return inside a write (TRY) leaves the transaction to whoever began the ctx: http/dispatch.c, queue/run.c and ctx_end roll it
 * back.  Whoever goes on after such an error, to try something else or the next of many, ends the transaction first: db_end.
 *
 * Same on both engines: text must be UTF-8 without NUL (INVALID) and is compared by its bytes; a value of the wrong type for its column is INVALID; constraints
 * are checked at once (no DEFERRABLE).  Thread: whoever owns the ctx, never a loop.  doc/design/storage.md
 */
#ifndef DB_DB_H
#define DB_DB_H

#include "base/ctx.h"

struct db;

/* Static, for the life of the process: its address names the prepared statement. */
struct db_sql {
    const char *sqlite, *postgres;
};
#define SQL(t)                                                                                                         \
    {                                                                                                                  \
        t, t                                                                                                           \
    }
#define SQL2(lite, pg)                                                                                                 \
    {                                                                                                                  \
        lite, pg                                                                                                       \
    }
/*
 * In statements: {ids:$1} for a list bound with D_IDS — `x IN {ids:$1}`; {each:$1} for the same list as the first table, quicker than
 * IN: `SELECT s.name FROM {each:$1} status s WHERE s.id = each.value`, a row for each time an id is in the list; {strs:$1} for texts,
 * bound as a JSON array of them; {skip_locked}.
 * In migrations: {id} {int} {bool} {bytes}
 * {text} {real} column types; {strict} after the closing bracket of CREATE TABLE.
 */

/* Register a file's statements, so that the tests prepare every one on both engines: DB_STATEMENTS(store_status, sql); */
#define DB_STATEMENTS(name, table)                                                                                     \
    static void __attribute__((constructor)) db_register_##name(void)                                                  \
    {                                                                                                                  \
        db_register(#name, table, lengthof(table));                                                                    \
    }                                                                                                                  \
    _Static_assert(true, "")
void db_register(const char *name, const struct db_sql *sql, size_t n);

enum db_kind { DB_NULL, DB_INT, DB_STR, DB_BYTES, DB_BOOL, DB_REAL, DB_IDS };

struct db_arg {
    enum db_kind kind;
    int64_t i;
    double d;
    struct str s;
    const int64_t *ids;
    size_t n;
};
#define D_INT(v) ((struct db_arg){ .kind = DB_INT, .i = (v) })
#define D_BOOL(v) ((struct db_arg){ .kind = DB_BOOL, .i = (v) ? 1 : 0 })
#define D_STR(v) ((struct db_arg){ .kind = DB_STR, .s = (v) })     /* p NULL is bound as '' */
#define D_STRN(v) db_arg_str_or_null(v)                            /* p NULL is bound as NULL */
#define D_BYTES(v) ((struct db_arg){ .kind = DB_BYTES, .s = (v) }) /* p NULL is NULL */
#define D_REAL(v) ((struct db_arg){ .kind = DB_REAL, .d = (v) })
#define D_IDS(p, count) ((struct db_arg){ .kind = DB_IDS, .ids = (p), .n = (count) })
#define D_NULL ((struct db_arg){ .kind = DB_NULL })
#define D_INTN(v) db_arg_int_or_null(v) /* 0 is bound as NULL */
struct db_arg db_arg_str_or_null(struct str s);
struct db_arg db_arg_int_or_null(int64_t v);

struct db_args {
    const struct db_arg *v;
    size_t n;
};
#define DB_ARGS(...)                                                                                                   \
    ((struct db_args){ (const struct db_arg[]){ __VA_ARGS__ },                                                         \
        sizeof((const struct db_arg[]){ __VA_ARGS__ }) / sizeof(struct db_arg) })
#define DB_NO_ARGS ((struct db_args){ NULL, 0 })

struct db_cell {
    enum db_kind kind; /* DB_NULL, DB_INT (also booleans), DB_STR (also bytes), DB_REAL */
    int64_t i;
    double d;
    struct str s;
};

struct db_row {
    const struct db_cell *v;
    size_t n;
};

struct db_rows {
    const struct db_row *v;
    size_t n;
};

/* Column of a row; NULL gives 0, false, STR_NONE.  A wrong column number is a bug. */
int64_t db_int(const struct db_row *r, size_t i);
bool db_bool(const struct db_row *r, size_t i);
double db_real(const struct db_row *r, size_t i);
struct str db_str(const struct db_row *r, size_t i); /* text and bytes; in c->mem; the bytes are followed by a NUL */
bool db_is_null(const struct db_row *r, size_t i);

enum { DB_ROWS_MAX = 20000 };

/* All rows, at most DB_ROWS_MAX (more is ERR_TOO_LARGE: the SQL needs a LIMIT).  Also for INSERT … RETURNING in a write transaction. */
NODISCARD enum err db_query(struct ctx *c, const struct db_sql *sql, struct db_args args, struct db_rows *out);
/* Exactly the first row; NOT_FOUND when there is none. */
NODISCARD enum err db_one(struct ctx *c, const struct db_sql *sql, struct db_args args, const struct db_row **out);
/* The first row or NULL in *out. */
NODISCARD enum err db_maybe(struct ctx *c, const struct db_sql *sql, struct db_args args, const struct db_row **out);
/*
 * A statement without rows, in a write transaction (else INTERNAL).  affected may be NULL.  Errors, also of the functions above:
 * CONFLICT (unique), INVALID (foreign key, check, not null, type), TOO_LARGE (an argument beyond 16 MB), TIMEOUT (a read past
 * c->deadline_mono_ms, PostgreSQL 30 s), BUSY (try again: deadlock, serialisation, lock, lost connection, disk full), INTERNAL.
 */
NODISCARD enum err db_exec(struct ctx *c, const struct db_sql *sql, struct db_args args, int64_t *affected);
/* The same for whoever only asks whether there was such a row (or, with ON CONFLICT DO NOTHING, none before). */
NODISCARD static inline enum err
db_change(struct ctx *c, const struct db_sql *sql, struct db_args args, bool *any)
{
    int64_t n;

    TRY(db_exec(c, sql, args, &n));
    *any = n > 0;
    return ERR_OK;
}

enum db_mode { DB_READ = 1, DB_WRITE = 2 };
/*
 * No nesting.  DB_READ gives one snapshot to several queries.  BUSY when the writer's queue is full, or c->deadline_mono_ms (15 s
 * without one) passed while waiting for the writer or for a connection.
 */
NODISCARD enum err db_begin(struct ctx *c, enum db_mode mode);
/*
 * fn(c, arg) runs in db_commit, in the transaction that is open now, before it ends; its error is that of the commit.  arg: `size` zeroed
 * bytes in c->mem, the same for each call with this fn until then: inside such a transaction c->mem must not be restored to a mark.
 * For what is better written last.  In a write transaction.
 */
void *db_before_commit(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), size_t size);
/* Durable when it returns OK; then the after-commit hooks have run.  After an error the transaction is gone. */
NODISCARD enum err db_commit(struct ctx *c);
/*
 * Always works; forgets hooks; keeps c->fail.  Safe without a transaction.  On SQLite it waits for the commit of the group it was
 * in, so that what it has read there (a duplicate) is true for the next read.
 */
void db_rollback(struct ctx *c);
bool db_in_write(const struct ctx *c);
/* The end of a transaction whose statements ended with e: commit, or roll back; what came of it. */
NODISCARD static inline enum err
db_end(struct ctx *c, enum err e)
{
    if (e == ERR_OK)
        e = db_commit(c);
    if (e != ERR_OK)
        db_rollback(c);
    return e;
}

/* ---- life ---------------------------------------------------------------------------------------------------- */

/*
 * url: "sqlite:FILE" or "postgresql://…".  Opens, checks; does not migrate.  connections: at most that many at once, not counting
 * SQLite's writer; one for each thread that queries is right.  why: a sentence for the operator, in a.
 */
NODISCARD enum err db_open(struct arena *a, struct str url, int connections, struct db **out, struct str *why);
void db_close(struct db *db);
bool db_is_sqlite(const struct db *db);

/* Migrations are embedded (store/migrations.c lists them): name, SQL for both engines after macro expansion. */
struct db_migration {
    int version;
    const char *name;
    const char *sql;        /* both engines */
    const char *sql_sqlite; /* or one for each */
    const char *sql_postgres;
};
/* Apply what is missing, one transaction each.  INVALID with *why when the database is from a newer version. */
NODISCARD enum err db_migrate(struct ctx *c, const struct db_migration *list, size_t n, int *applied, struct str *why);
NODISCARD enum err db_schema_version(struct ctx *c, int *out);

/*
 * Online copy of a SQLite database, one snapshot, into a file that must not exist (CONFLICT), mode 0600.  Writers go on meanwhile.
 * FORBIDDEN on PostgreSQL.
 */
NODISCARD enum err db_backup(struct ctx *c, struct str file);
/* PRAGMA quick_check and foreign_key_check, or a ping. */
NODISCARD enum err db_check(struct ctx *c, struct str *report);

/* ---- tests --------------------------------------------------------------------------------------------------- */

/* Fail the n-th statement from now on any connection with ERR_INTERNAL (1: the next); 0: off.  db_begin and db_commit of writes count. */
void db_test_fail_at(struct db *db, int64_t n);
/* Statements run since the last call. */
int64_t db_test_count(struct db *db);
/* Prepare every registered statement; INTERNAL with the first broken one in *why. */
NODISCARD enum err db_test_prepare_all(struct ctx *c, struct str *why);
/* Calls back for each step of the plan of each registered statement: its table of statements and the step in SQLite's words.  SQLite. */
NODISCARD enum err db_test_plans(struct ctx *c, void (*step)(void *arg, const char *name, struct str step), void *arg);

#endif
