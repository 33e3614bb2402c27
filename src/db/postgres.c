/*
 * The PostgreSQL engine: connections, prepared statements, errors.
 *
 * Arguments and results travel as text, except bytes arguments.  Then the server decides types by the columns, as SQLite's
 * STRICT tables do, and sum(bigint), a numeric, reads as the integer it is.
 *
 * A session is read-only by default, so that nothing is written outside db_begin(c, DB_WRITE).  A statement that stands alone is
 * thus safe to repeat, and is, once, when the connection turns out to be gone.
 * https://www.postgresql.org/docs/current/libpq.html
 */
#include "db/internal.h"

#include "base/buf.h"

#include <libpq-fe.h>

enum { SERVER_MIN = 130000, CONNECT_S = 10 };

/* Type numbers that never change: src/include/catalog/pg_type.dat of PostgreSQL. */
enum oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700
};

struct pg {
    PGconn *h;
    uint64_t serial; /* names of statements */
};

struct stmt {
    char name[24];
};

static const char setup[] =
    "SET default_transaction_read_only = on; SET statement_timeout = '30s'; SET lock_timeout = '10s';"
    "SET idle_in_transaction_session_timeout = '60s'; SET bytea_output = hex; SET client_min_messages = error;"
    "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

static const char *const step_text[STEP_COUNT] = {
    [STEP_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    [STEP_BEGIN_WRITE] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
    [STEP_COMMIT] = "COMMIT",
    [STEP_ROLLBACK] = "ROLLBACK",
};

/* ---- errors -------------------------------------------------------------------------------------------------- */

/* https://www.postgresql.org/docs/current/errcodes-appendix.html; the first prefix that fits. */
static const struct {
    const char *prefix;
    enum err err;
    const char *text; /* before the server's own */
    bool raced;
} codes[] = {
    { "23505", ERR_CONFLICT, "", true },                        /* unique_violation */
    { "23P01", ERR_CONFLICT, "", true },                        /* exclusion_violation */
    { "23503", ERR_INVALID, "", true },                         /* foreign_key_violation */
    { "23", ERR_INVALID, "" },                                  /* check, not null */
    { "22", ERR_INVALID, "" },                                  /* data that the column's type refuses */
    { "40", ERR_BUSY, "another transaction was in the way: " }, /* serialisation, deadlock */
    { "53100", ERR_BUSY, "database or disk is full: " },        /* disk_full */
    { "53", ERR_BUSY, "" },                                     /* other resources */
    { "54", ERR_TOO_LARGE, "" },                                /* program limits */
    { "55P03", ERR_BUSY, "" },                                  /* lock_not_available */
    { "57014", ERR_TIMEOUT, "" },                               /* query_canceled */
    { "57", ERR_BUSY, "" },                                     /* shutdown, crash of another session */
    { "08P01", ERR_INTERNAL, "" },                              /* protocol_violation: the wrong number of arguments */
    { "08", ERR_BUSY, "" },                                     /* connection */
    { "25P03", ERR_BUSY, "" },                                  /* idle_in_transaction_session_timeout */
};

static struct str
state_of(const PGresult *r)
{
    return str_z(PQresultErrorField(r, PG_DIAG_SQLSTATE));
}

/* Statements that the server has lost or that a changed table has made useless. */
static bool
is_stale(const PGresult *r)
{
    return str_eqz(state_of(r), "26000") || str_eqz(state_of(r), "0A000");
}

static bool
is_gone(struct db_conn *conn)
{
    struct pg *p = conn->engine;

    return PQstatus(p->h) != CONNECTION_OK;
}

static enum err
fail(struct db_conn *conn, const PGresult *r, const char *sql)
{
    struct pg *p = conn->engine;
    const char *text = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    struct str state = state_of(r);

    if (is_gone(conn)) {
        conn->broken = true;
        return db_why(conn, ERR_BUSY, "connection lost: %.120s", PQerrorMessage(p->h));
    }
    if (is_stale(r))
        conn->broken = true; /* in a transaction: cannot be repeated here, the next one gets a new connection */
    if (text == NULL)
        text = PQerrorMessage(p->h);
    for (size_t i = 0; i < lengthof(codes); i++)
        if (str_starts(state, str_z(codes[i].prefix))) {
            db_why(conn, codes[i].err, "%s%s: %.120s", codes[i].text, text, sql);
            conn->raced = codes[i].raced;
            return codes[i].err;
        }
    return db_why(conn, ERR_INTERNAL, "%s (%.*s): %.120s", text, STR_ARG(state), sql);
}

/* ---- connections --------------------------------------------------------------------------------------------- */

static void
ignore_notice(void *arg UNUSED, const PGresult *r UNUSED)
{
}

static void
drop_stmt(void *arg UNUSED, void *stmt)
{
    free(stmt);
}

static void
pg_disconnect(struct db_conn *conn)
{
    struct pg *p = conn->engine;

    if (p == NULL)
        return;
    db_cache_clear(&conn->cache, drop_stmt, NULL);
    PQfinish(p->h);
    free(p);
    conn->engine = NULL;
}

static enum err
run_text(struct db_conn *conn, const char *text, ExecStatusType want)
{
    struct pg *p = conn->engine;
    PGresult *r = PQexec(p->h, text);
    enum err e = PQresultStatus(r) == want ? ERR_OK : fail(conn, r, text);

    PQclear(r);
    return e;
}

static enum err
pg_connect(struct db_conn *conn)
{
    static const char *const keys[] = { "dbname", "connect_timeout", "client_encoding", "fallback_application_name",
        NULL };
    char seconds[16];
    const char *const values[] = { conn->db->target, seconds, "UTF8", "dassie", NULL };
    struct pg *p = calloc(1, sizeof(*p));

    if (p == NULL)
        BUG("out of memory");
    snprintf(seconds, sizeof(seconds), "%d", CONNECT_S);
    conn->engine = p;
    p->h = PQconnectdbParams(keys, values, 1);
    if (PQstatus(p->h) != CONNECTION_OK)
        return db_why(conn, ERR_BUSY, "%.300s", p->h != NULL ? PQerrorMessage(p->h) : "out of memory");
    PQsetNoticeReceiver(p->h, ignore_notice, NULL);
    if (PQserverVersion(p->h) < SERVER_MIN)
        return db_why(conn, ERR_INVALID, "PostgreSQL 13 or later is needed");
    return run_text(conn, setup, PGRES_TUPLES_OK);
}

static enum err
reconnect(struct db_conn *conn)
{
    pg_disconnect(conn);
    conn->broken = true;
    TRY(pg_connect(conn));
    conn->broken = false;
    return ERR_OK;
}

/* ---- statements ---------------------------------------------------------------------------------------------- */

static void
deallocate(struct db_conn *conn, struct stmt *s)
{
    char text[64];

    if (s == NULL)
        return;
    snprintf(text, sizeof(text), "DEALLOCATE %s", s->name);
    if (run_text(conn, text, PGRES_COMMAND_OK) != ERR_OK)
        conn->broken = true;
    free(s);
}

/* *result is set when the server refused. */
static enum err
prepare(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct stmt **out, PGresult **result)
{
    struct pg *p = conn->engine;
    struct stmt *s = db_cache_get(&conn->cache, sql, sql->postgres);
    const char *text;
    struct str why;
    enum err e;

    *out = s;
    *result = NULL;
    if (s != NULL)
        return ERR_OK;
    e = db_expand(mem, sql->postgres, false, &text, &why);
    if (e != ERR_OK)
        return db_why(conn, e, "%.*s", STR_ARG(why));
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        BUG("out of memory");
    snprintf(s->name, sizeof(s->name), "s%llu", (unsigned long long)++p->serial);
    *result = PQprepare(p->h, s->name, text, 0, NULL);
    if (PQresultStatus(*result) != PGRES_COMMAND_OK) {
        free(s);
        return fail(conn, *result, text);
    }
    PQclear(*result);
    *result = NULL;
    deallocate(conn, db_cache_put(&conn->cache, sql, sql->postgres, s));
    *out = s;
    return ERR_OK;
}

static enum err
pg_prepare(struct db_conn *conn, struct arena *mem, const struct db_sql *sql)
{
    struct stmt *s;
    PGresult *r;
    enum err e = prepare(conn, mem, sql, &s, &r);

    PQclear(r);
    return e;
}

struct params {
    const char **values;
    int *lengths, *formats;
};

/* {1,2} */
static const char *
ids_text(struct arena *a, const struct db_arg *arg)
{
    struct buf b;

    buf_init(&b, a, arg->n * 21 + 3);
    buf_putc(&b, '{');
    for (size_t i = 0; i < arg->n; i++) {
        if (i > 0)
            buf_putc(&b, ',');
        buf_put_int(&b, arg->ids[i]);
    }
    buf_putc(&b, '}');
    buf_putc(&b, '\0');
    CHECK(buf_ok(&b));
    return b.p;
}

static void
set_param(struct params *p, size_t i, const struct db_arg *a, struct arena *mem)
{
    static const char zeros[] = "";

    switch (a->kind) {
    case DB_NULL:
        break;
    case DB_INT:
        p->values[i] = str_fmt(mem, "%lld", (long long)a->i).p;
        break;
    case DB_BOOL:
        p->values[i] = a->i != 0 ? "t" : "f";
        break;
    case DB_REAL:
        p->values[i] = str_fmt(mem, "%.17g", a->d).p;
        break;
    case DB_STR:
        p->values[i] = a->s.n == 0 ? zeros : str_cz(mem, a->s);
        break;
    case DB_BYTES:
        p->values[i] = a->s.p != NULL && a->s.n == 0 ? zeros : a->s.p;
        p->lengths[i] = (int)a->s.n;
        p->formats[i] = 1;
        break;
    case DB_IDS:
        p->values[i] = ids_text(mem, a);
        break;
    }
}

static int
hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* \x0a1b, as the server writes it. */
static struct str
bytea(struct arena *mem, const char *hex, size_t n)
{
    size_t bytes = n < 2 ? 0 : (n - 2) / 2;
    char *p = arena_alloc(mem, bytes + 1, 1);

    for (size_t i = 0; i < bytes; i++)
        p[i] = (char)(hex_digit(hex[2 + i * 2]) << 4 | hex_digit(hex[3 + i * 2]));
    return (struct str){ p, bytes };
}

static struct db_cell
read_cell(const PGresult *r, int row, int col, struct arena *mem)
{
    struct str s = { PQgetvalue(r, row, col), (size_t)PQgetlength(r, row, col) };
    struct db_cell cell = { .kind = DB_NULL };

    if (PQgetisnull(r, row, col))
        return cell;
    switch (PQftype(r, col)) {
    case OID_BOOL:
        return (struct db_cell){ .kind = DB_INT, .i = s.p[0] == 't' };
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_NUMERIC:
        cell.kind = DB_INT;
        if (str_int(s, &cell.i))
            return cell;
        return (struct db_cell){ .kind = DB_REAL, .d = strtod(s.p, NULL) };
    case OID_FLOAT4:
    case OID_FLOAT8:
        return (struct db_cell){ .kind = DB_REAL, .d = strtod(s.p, NULL) };
    case OID_BYTEA:
        return (struct db_cell){ .kind = DB_STR, .s = bytea(mem, s.p, s.n) };
    default:
        return (struct db_cell){ .kind = DB_STR, .s = { str_cz(mem, s), s.n } };
    }
}

static enum err
read_rows(struct db_conn *conn, const PGresult *r, struct arena *mem, struct db_rows *out)
{
    size_t n = (size_t)PQntuples(r), n_cols = (size_t)PQnfields(r);
    struct db_row *rows;
    struct db_cell *cells;

    if (n > DB_ROWS_MAX)
        return db_why(conn, ERR_TOO_LARGE, "more than %d rows", DB_ROWS_MAX);
    rows = arena_vec(mem, struct db_row, n);
    cells = arena_vec(mem, struct db_cell, n * n_cols);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n_cols; j++)
            cells[i * n_cols + j] = read_cell(r, (int)i, (int)j, mem);
        rows[i] = (struct db_row){ .v = cells + i * n_cols, .n = n_cols };
    }
    *out = (struct db_rows){ .v = rows, .n = n };
    return ERR_OK;
}

/* *result is what the server said, also on failure; the caller clears it. */
static enum err
try_run(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_args args, PGresult **result)
{
    struct pg *p = conn->engine;
    struct params params = { arena_vec(mem, const char *, args.n), arena_vec(mem, int, args.n),
        arena_vec(mem, int, args.n) };
    struct stmt *s;
    ExecStatusType status;

    TRY(prepare(conn, mem, sql, &s, result));
    for (size_t i = 0; i < args.n; i++)
        set_param(&params, i, &args.v[i], mem);
    *result = PQexecPrepared(p->h, s->name, (int)args.n, params.values, params.lengths, params.formats, 0);
    status = PQresultStatus(*result);
    return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? ERR_OK : fail(conn, *result, sql->postgres);
}

static enum err
pg_run(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_args args, struct db_rows *rows,
    int64_t *affected)
{
    struct pg *p = conn->engine;
    bool stands_alone = PQtransactionStatus(p->h) != PQTRANS_INTRANS;
    PGresult *r;
    enum err e = try_run(conn, mem, sql, args, &r);

    if (e != ERR_OK && stands_alone && (is_gone(conn) || is_stale(r))) {
        PQclear(r);
        TRY(reconnect(conn));
        e = try_run(conn, mem, sql, args, &r);
    }
    if (e == ERR_OK && rows != NULL)
        e = read_rows(conn, r, mem, rows);
    if (e == ERR_OK && affected != NULL && !str_int(str_z(PQcmdTuples(r)), affected))
        *affected = 0;
    PQclear(r);
    return e;
}

static enum err
pg_script(struct db_conn *conn, const char *text)
{
    struct pg *p = conn->engine;
    PGresult *r;
    enum err e = ERR_OK;

    TRY(run_text(conn, "SET LOCAL statement_timeout = 0", PGRES_COMMAND_OK)); /* an index on a big table */
    r = PQexec(p->h, text);
    if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
        e = fail(conn, r, text);
    PQclear(r);
    return e;
}

/* The server answers ROLLBACK to the COMMIT of a transaction that has failed. */
static enum err
commit(struct db_conn *conn)
{
    struct pg *p = conn->engine;
    PGresult *r = PQexec(p->h, "COMMIT");
    enum err e = ERR_OK;

    if (PQresultStatus(r) != PGRES_COMMAND_OK) {
        e = fail(conn, r, "COMMIT");
        if (is_gone(conn))
            e = db_why(conn, ERR_INTERNAL, "connection lost during a commit: its outcome is unknown");
    } else if (!str_eqz(str_z(PQcmdStatus(r)), "COMMIT")) {
        e = db_why(conn, ERR_INTERNAL, "the server rolled back instead of committing");
    }
    PQclear(r);
    return e;
}

static enum err
pg_step(struct db_conn *conn, enum db_step step)
{
    enum err e;

    CHECK(step_text[step] != NULL);
    if (step == STEP_COMMIT)
        return commit(conn);
    e = run_text(conn, step_text[step], PGRES_COMMAND_OK);
    if (e == ERR_OK || !is_gone(conn) || step == STEP_ROLLBACK)
        return e;
    TRY(reconnect(conn)); /* nothing was begun yet */
    return run_text(conn, step_text[step], PGRES_COMMAND_OK);
}

static enum err
pg_check(struct db_conn *conn, struct arena *mem, struct str *report)
{
    struct pg *p = conn->engine;

    TRY(run_text(conn, "SELECT 1", PGRES_TUPLES_OK));
    *report = str_fmt(mem, "PostgreSQL %s\n", PQparameterStatus(p->h, "server_version"));
    return ERR_OK;
}

const struct db_engine db_postgres = {
    .name = "postgresql",
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .prepare = pg_prepare,
    .run = pg_run,
    .script = pg_script,
    .step = pg_step,
    .check = pg_check,
};
