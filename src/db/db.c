/* The door to the database: open and close, arguments and cells, running a statement for a ctx. */
#include "db/internal.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

enum { SQLITE_MIN = 3039000 }; /* IS NOT DISTINCT FROM, RETURNING, STRICT, UPDATE FROM */

/* ---- life ---------------------------------------------------------------------------------------------------- */

static enum err
pick_engine(struct arena *a, struct str url, struct db *db, struct str *why)
{
    if (str_starts(url, S("sqlite:"))) {
        db->engine = &db_sqlite;
        url = str_sub(url, 7, url.n);
        if (sqlite3_libversion_number() < SQLITE_MIN || !sqlite3_threadsafe()) {
            *why = str_fmt(
                a, "SQLite %s is too old or built without threads; 3.39 or later is needed", sqlite3_libversion());
            return ERR_INVALID;
        }
    } else if (str_starts(url, S("postgresql://")) || str_starts(url, S("postgres://"))) {
        db->engine = &db_postgres;
    } else {
        *why = S("a database is sqlite:FILE or postgresql://user@host/name");
        return ERR_INVALID;
    }
    if (url.n == 0 || memchr(url.p, '\0', url.n) != NULL) {
        *why = S("the name of the database file is empty");
        return ERR_INVALID;
    }
    db->target = strndup(url.p, url.n);
    if (db->target == NULL)
        BUG("out of memory");
    return ERR_OK;
}

static enum err
try_connect(struct arena *a, struct db *db, struct str *why)
{
    struct db_conn *conn;
    enum err e;

    if (db->engine == &db_sqlite) {
        char text[512];

        e = db_writer_open(db, text, sizeof(text));
        if (e != ERR_OK) {
            *why = str_dup(a, str_z(text));
            return e;
        }
    }
    conn = db_conn_new(db, false);
    e = db->engine->connect(conn);
    if (e != ERR_OK) {
        *why = str_dup(a, str_z(conn->why));
        db_conn_free(conn);
        return e;
    }
    db->pool.open++;
    db_pool_put(conn);
    return ERR_OK;
}

enum err
db_open(struct arena *a, struct str url, int connections, struct db **out, struct str *why)
{
    struct db *db = calloc(1, sizeof(*db));
    enum err e;

    if (db == NULL)
        BUG("out of memory");
    *why = STR_NONE;
    ctx_set_release(db_rollback);
    db_pool_init(&db->pool, connections);
    e = pick_engine(a, url, db, why);
    if (e == ERR_OK)
        e = try_connect(a, db, why);
    if (e != ERR_OK) {
        db_close(db);
        return e;
    }
    *out = db;
    return ERR_OK;
}

void
db_close(struct db *db)
{
    if (db == NULL)
        return;
    db_pool_done(&db->pool);
    db_writer_close(db);
    free(db->target);
    free(db);
}

bool
db_is_sqlite(const struct db *db)
{
    return db->engine == &db_sqlite;
}

/* ---- arguments and cells ------------------------------------------------------------------------------------- */

struct db_arg
db_arg_str_or_null(struct str s)
{
    return s.p == NULL ? D_NULL : D_STR(s);
}

struct db_arg
db_arg_int_or_null(int64_t v)
{
    return v == 0 ? D_NULL : D_INT(v);
}

static const struct db_cell *
cell(const struct db_row *r, size_t i)
{
    if (i >= r->n)
        BUG("column %zu of a row with %zu", i, r->n);
    return &r->v[i];
}

int64_t
db_int(const struct db_row *r, size_t i)
{
    const struct db_cell *v = cell(r, i);

    return v->kind == DB_REAL ? (int64_t)v->d : v->i;
}

bool
db_bool(const struct db_row *r, size_t i)
{
    return db_int(r, i) != 0;
}

double
db_real(const struct db_row *r, size_t i)
{
    const struct db_cell *v = cell(r, i);

    return v->kind == DB_INT ? (double)v->i : v->d;
}

struct str
db_str(const struct db_row *r, size_t i)
{
    return cell(r, i)->s;
}

bool
db_is_null(const struct db_row *r, size_t i)
{
    return cell(r, i)->kind == DB_NULL;
}

/* ---- statements ---------------------------------------------------------------------------------------------- */

enum err
db_count(struct db_conn *conn)
{
    struct db *db = conn->db;

    atomic_fetch_add_explicit(&db->statements, 1, memory_order_relaxed);
    if (atomic_load_explicit(&db->fail_at, memory_order_relaxed) > 0 && atomic_fetch_sub(&db->fail_at, 1) == 1)
        return db_why(conn, ERR_INTERNAL, "failure asked for by the test");
    return ERR_OK;
}

/* What PostgreSQL would refuse is refused on SQLite too. */
static enum err
check_args(struct db_conn *conn, struct db_args args)
{
    for (size_t i = 0; i < args.n; i++) {
        const struct db_arg *a = &args.v[i];

        if (a->s.n > DB_TEXT_BYTES_MAX)
            return db_why(conn, ERR_TOO_LARGE, "$%zu has %zu bytes", i + 1, a->s.n);
        if (a->kind == DB_STR && a->s.n > 0 && memchr(a->s.p, '\0', a->s.n) != NULL)
            return db_why(conn, ERR_INVALID, "$%zu is text with a NUL byte", i + 1);
        if (a->kind == DB_STR && !utf8_valid(a->s))
            return db_why(conn, ERR_INVALID, "$%zu is text that is not UTF-8", i + 1);
    }
    return ERR_OK;
}

static enum err
run(struct ctx *c, const struct db_sql *sql, struct db_args args, struct db_rows *rows, int64_t *affected)
{
    struct db_conn *conn;
    enum err e;

    TRY(db_ctx_conn(c, &conn));
    if (c->tx != 0 && conn->doomed != ERR_OK)
        return ctx_fail(c, ERR_INTERNAL, "a statement of this transaction has failed: only a rollback is left");
    e = db_count(conn);
    if (e == ERR_OK)
        e = check_args(conn, args);
    if (e == ERR_OK)
        e = conn->db->engine->run(conn, c->mem, sql, args, rows, affected);
    if (e == ERR_OK)
        return ERR_OK;
    if (c->tx != 0)
        conn->doomed = e;
    return db_fail(c, conn, e);
}

enum err
db_query(struct ctx *c, const struct db_sql *sql, struct db_args args, struct db_rows *out)
{
    return run(c, sql, args, out, NULL);
}

enum err
db_maybe(struct ctx *c, const struct db_sql *sql, struct db_args args, const struct db_row **out)
{
    struct db_rows rows;

    TRY(run(c, sql, args, &rows, NULL));
    *out = rows.n > 0 ? &rows.v[0] : NULL;
    return ERR_OK;
}

enum err
db_one(struct ctx *c, const struct db_sql *sql, struct db_args args, const struct db_row **out)
{
    TRY(db_maybe(c, sql, args, out));
    return *out != NULL ? ERR_OK : ctx_fail(c, ERR_NOT_FOUND, "no row");
}

enum err
db_exec(struct ctx *c, const struct db_sql *sql, struct db_args args, int64_t *affected)
{
    if (c->tx != DB_WRITE)
        return ctx_fail(c, ERR_INTERNAL, "db_exec outside a write transaction: %.120s", sql->sqlite);
    return run(c, sql, args, NULL, affected);
}

/* ---- upkeep -------------------------------------------------------------------------------------------------- */

enum err
db_backup(struct ctx *c, struct str file)
{
    struct db_conn *conn;
    enum err e;
    int fd;

    TRY(db_ctx_conn(c, &conn));
    if (!db_is_sqlite(conn->db))
        return ctx_fail(c, ERR_FORBIDDEN, "PostgreSQL has its own tools for that: pg_dump, pg_basebackup");
    if (c->tx != 0)
        return ctx_fail(c, ERR_INTERNAL, "backup inside a transaction");
    /* Made empty first: never over another file, and readable by us only. */
    fd = open(str_cz(c->mem, file), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ctx_fail(c, errno == EEXIST ? ERR_CONFLICT : ERR_INVALID, "%.*s: %s", STR_ARG(file), strerror(errno));
    close(fd);
    e = db_sqlite_backup(conn, str_cz(c->mem, file));
    return e == ERR_OK ? ERR_OK : db_fail(c, conn, e);
}

enum err
db_check(struct ctx *c, struct str *report)
{
    struct db_conn *conn;
    enum err e;

    TRY(db_ctx_conn(c, &conn));
    e = conn->db->engine->check(conn, c->mem, report);
    return e == ERR_OK ? ERR_OK : db_fail(c, conn, e);
}

/* ---- tests --------------------------------------------------------------------------------------------------- */

void
db_test_fail_at(struct db *db, int64_t n)
{
    atomic_store(&db->fail_at, n);
}

int64_t
db_test_count(struct db *db)
{
    return atomic_exchange(&db->statements, 0);
}
