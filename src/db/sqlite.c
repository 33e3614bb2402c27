/*
 * The SQLite engine: connections, statements, errors.  Which connection may write, and when it commits, is in group.c.
 * https://www.sqlite.org/c3ref/intro.html
 */
#include "db/internal.h"

#include "base/buf.h"
#include "base/clock.h"

#include <ctype.h>
#include <pthread.h>
#include <sqlite3.h>

enum {
    PARAMS_MAX = 64,
    BUSY_MS = 5000,          /* another process holds a lock */
    PROGRESS_OPS = 20000,    /* between two looks at the deadline; about 1 ms */
    CHECKPOINT_PAGES = 1000, /* 4 MB of WAL */
    TRUNCATE_PAGES = 16384,  /* 64 MB: a long reader has kept the WAL from starting over */
    TRUNCATE_BUSY_MS = 100,
    TRUNCATE_EVERY_MS = 1000,
};

struct stmt {
    sqlite3_stmt *st;
    size_t n_params;
    size_t n_args;           /* the highest $n */
    uint8_t arg[PARAMS_MAX]; /* parameter i is $arg[i]: SQLite numbers $n by first occurrence */
};

struct lite {
    sqlite3 *h;
    sqlite3_stmt *steps[STEP_COUNT + 1];
    int wal_pages;
    int64_t truncate_again_ms;
};

static const char *const step_text[STEP_COUNT + 1] = {
    [STEP_BEGIN_READ] = "BEGIN",
    [STEP_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [STEP_COMMIT] = "COMMIT",
    [STEP_ROLLBACK] = "ROLLBACK",
    [STEP_MARK] = "SAVEPOINT op",
    [STEP_KEEP] = "RELEASE op",
    [STEP_UNDO] = "ROLLBACK TO op", /* the RELEASE follows */
};

/* ---- errors -------------------------------------------------------------------------------------------------- */

static enum err
constraint(int extended)
{
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_CONFLICT;
    default: /* foreign key, check, not null, wrong type in a STRICT table */
        return ERR_INVALID;
    }
}

static bool
is_raced(int extended)
{
    return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
           extended == SQLITE_CONSTRAINT_ROWID || extended == SQLITE_CONSTRAINT_FOREIGNKEY;
}

/*
 * After a failed fsync the kernel may have dropped the pages and the next fsync succeeds without them, so that nothing known about
 * the file holds any more: the process ends and the restart recovers from what is on disk.
 */
static void
die_of_lost_writes(int extended, const char *text)
{
    if (extended == SQLITE_IOERR_FSYNC || extended == SQLITE_IOERR_DIR_FSYNC)
        BUG("fsync of the database failed: %s", text);
}

static enum err
code_of(int rc, int extended)
{
    switch (rc & 0xff) {
    case SQLITE_CONSTRAINT:
        return constraint(extended);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
        return ERR_BUSY;
    case SQLITE_INTERRUPT:
        return ERR_TIMEOUT;
    case SQLITE_TOOBIG:
        return ERR_TOO_LARGE;
    case SQLITE_MISMATCH:
        return ERR_INVALID;
    default:
        return ERR_INTERNAL;
    }
}

static enum err
fail(struct db_conn *conn, int rc, const char *sql)
{
    struct lite *l = conn->engine;
    int extended = sqlite3_extended_errcode(l->h);
    const char *text = sqlite3_errmsg(l->h);

    if ((rc & 0xff) == SQLITE_NOMEM)
        BUG("out of memory in SQLite");
    die_of_lost_writes(extended, text);
    db_why(conn, code_of(rc, extended), "%s: %.120s", text, sql);
    conn->raced = is_raced(extended);
    return code_of(rc, extended);
}

/* ---- connections --------------------------------------------------------------------------------------------- */

static int
out_of_time(void *arg)
{
    const struct db_conn *conn = arg;

    return conn->deadline_mono_ms != 0 && clock_mono_ms() > conn->deadline_mono_ms;
}

static int
note_wal(void *arg, sqlite3 *h UNUSED, const char *schema UNUSED, int pages)
{
    struct lite *l = arg;

    l->wal_pages = pages;
    return SQLITE_OK;
}

static void
set_limits(sqlite3 *h)
{
    static const struct {
        int what, value;
    } limits[] = {
        { SQLITE_LIMIT_LENGTH, DB_TEXT_BYTES_MAX * 2 },
        { SQLITE_LIMIT_SQL_LENGTH, 256 * 1024 },
        { SQLITE_LIMIT_COLUMN, 200 },
        { SQLITE_LIMIT_EXPR_DEPTH, 200 },
        { SQLITE_LIMIT_COMPOUND_SELECT, 30 },
        { SQLITE_LIMIT_FUNCTION_ARG, 100 },
        { SQLITE_LIMIT_ATTACHED, 0 },
        { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 2000 },
        { SQLITE_LIMIT_VARIABLE_NUMBER, PARAMS_MAX },
        { SQLITE_LIMIT_TRIGGER_DEPTH, 10 },
        { SQLITE_LIMIT_WORKER_THREADS, 0 },
    };

    for (size_t i = 0; i < lengthof(limits); i++)
        sqlite3_limit(h, limits[i].what, limits[i].value);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

static enum err
run_text(struct db_conn *conn, const char *text)
{
    struct lite *l = conn->engine;
    int rc = sqlite3_exec(l->h, text, NULL, NULL, NULL);

    return rc == SQLITE_OK ? ERR_OK : fail(conn, rc, text);
}

/* Only the writer's connection changes the journal mode; a file that is in WAL mode stays so. */
static enum err
use_wal(struct db_conn *conn)
{
    struct lite *l = conn->engine;
    sqlite3_stmt *st;
    int rc = sqlite3_prepare_v2(l->h, "PRAGMA journal_mode = WAL", -1, &st, NULL);
    bool is_wal;

    if (rc != SQLITE_OK)
        return fail(conn, rc, "journal_mode");
    rc = sqlite3_step(st);
    is_wal = rc == SQLITE_ROW && str_eqz(str_z((const char *)sqlite3_column_text(st, 0)), "wal");
    sqlite3_finalize(st);
    if (rc != SQLITE_ROW)
        return fail(conn, rc, "journal_mode");
    return is_wal ? ERR_OK : db_why(conn, ERR_INVALID, "the file system does not support SQLite's WAL mode");
}

/*
 * Otherwise every malloc of every connection takes one lock to add up numbers nobody reads.  Refused when somebody else in the
 * process has used SQLite already; then it is only slower.
 */
static void
lite_set_up(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static enum err
lite_connect(struct db_conn *conn)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct lite *l = calloc(1, sizeof(*l));
    int rc;

    if (l == NULL)
        BUG("out of memory");
    (void)pthread_once(&once, lite_set_up);
    conn->engine = l;
    rc = sqlite3_open_v2(
        conn->db->target, &l->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    if (l->h == NULL)
        BUG("out of memory in SQLite");
    sqlite3_extended_result_codes(l->h, 1);
    if (rc != SQLITE_OK)
        return fail(conn, rc, conn->db->target);
    sqlite3_busy_timeout(l->h, BUSY_MS);
    set_limits(l->h);
    rc = db_sqlite_add_ids(l->h);
    if (rc != SQLITE_OK)
        return fail(conn, rc, "ids");
    TRY(run_text(conn, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                       "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"));
    if (conn->writer) {
        TRY(use_wal(conn));
        TRY(run_text(
            conn, "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192; PRAGMA journal_size_limit = 67108864;"));
        sqlite3_wal_hook(l->h, note_wal, l);
        return ERR_OK;
    }
    sqlite3_progress_handler(l->h, PROGRESS_OPS, out_of_time, conn);
    return run_text(conn, "PRAGMA query_only = ON; PRAGMA cache_size = -1024;");
}

static void
drop_stmt(void *arg UNUSED, void *stmt)
{
    struct stmt *s = stmt;

    if (s == NULL)
        return;
    sqlite3_finalize(s->st);
    free(s);
}

static void
lite_disconnect(struct db_conn *conn)
{
    struct lite *l = conn->engine;

    if (l == NULL)
        return;
    db_cache_clear(&conn->cache, drop_stmt, NULL);
    for (size_t i = 0; i < lengthof(l->steps); i++)
        sqlite3_finalize(l->steps[i]);
    sqlite3_close(l->h);
    free(l);
    conn->engine = NULL;
}

/* ---- statements ---------------------------------------------------------------------------------------------- */

static enum err
map_params(struct db_conn *conn, struct stmt *s, const char *text)
{
    s->n_params = (size_t)sqlite3_bind_parameter_count(s->st);
    if (s->n_params > PARAMS_MAX)
        return db_why(conn, ERR_INTERNAL, "too many parameters: %.120s", text);
    for (size_t i = 0; i < s->n_params; i++) {
        struct str name = str_z(sqlite3_bind_parameter_name(s->st, (int)i + 1));
        int64_t n;

        if (name.n < 2 || name.p[0] != '$' || !str_int(str_sub(name, 1, name.n), &n) || n < 1 || n > PARAMS_MAX)
            return db_why(conn, ERR_INTERNAL, "parameters are $1 to $%d: %.120s", PARAMS_MAX, text);
        s->arg[i] = (uint8_t)n;
        s->n_args = MAX(s->n_args, (size_t)n);
    }
    return ERR_OK;
}

static bool
is_blank(const char *p)
{
    while (isspace((unsigned char)*p) || *p == ';')
        p++;
    return *p == '\0';
}

static enum err
prepare(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct stmt **out)
{
    struct lite *l = conn->engine;
    struct stmt *s = db_cache_get(&conn->cache, sql, sql->sqlite);
    const char *text, *tail;
    struct str why;
    enum err e;
    int rc;

    *out = s;
    if (s != NULL)
        return ERR_OK;
    e = db_expand(mem, sql->sqlite, true, &text, &why);
    if (e != ERR_OK)
        return db_why(conn, e, "%.*s", STR_ARG(why));
    s = calloc(1, sizeof(*s));
    if (s == NULL)
        BUG("out of memory");
    rc = sqlite3_prepare_v3(l->h, text, -1, SQLITE_PREPARE_PERSISTENT, &s->st, &tail);
    if (rc != SQLITE_OK)
        e = fail(conn, rc, text);
    else if (s->st == NULL || !is_blank(tail))
        e = db_why(conn, ERR_INTERNAL, "not exactly one statement: %.120s", text);
    else
        e = map_params(conn, s, text);
    if (e != ERR_OK) {
        drop_stmt(NULL, s);
        return e;
    }
    drop_stmt(NULL, db_cache_put(&conn->cache, sql, sql->sqlite, s));
    *out = s;
    return ERR_OK;
}

static enum err
lite_prepare(struct db_conn *conn, struct arena *mem, const struct db_sql *sql)
{
    struct stmt *s;

    return prepare(conn, mem, sql, &s);
}

static int
bind_one(sqlite3_stmt *st, int at, const struct db_arg *a)
{
    switch (a->kind) {
    case DB_NULL:
        return sqlite3_bind_null(st, at);
    case DB_INT:
    case DB_BOOL:
        return sqlite3_bind_int64(st, at, a->i);
    case DB_REAL:
        return sqlite3_bind_double(st, at, a->d);
    case DB_STR:
        return sqlite3_bind_text64(st, at, a->s.p == NULL ? "" : a->s.p, a->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case DB_BYTES:
        return sqlite3_bind_blob64(st, at, a->s.p, a->s.n, SQLITE_STATIC); /* p NULL is NULL */
    case DB_IDS:
        return sqlite3_bind_pointer(st, at, (void *)(uintptr_t)a, DB_IDS_POINTER, NULL); /* only read, by ids.c */
    }
    return SQLITE_MISUSE;
}

static enum err
bind(struct db_conn *conn, struct stmt *s, struct db_args args)
{
    if (args.n != s->n_args)
        return db_why(conn, ERR_INTERNAL, "statement takes %zu arguments, not %zu: %.120s", s->n_args, args.n,
            sqlite3_sql(s->st));
    for (size_t i = 0; i < s->n_params; i++) {
        int rc = bind_one(s->st, (int)i + 1, &args.v[s->arg[i] - 1]);

        if (rc != SQLITE_OK)
            return fail(conn, rc, sqlite3_sql(s->st));
    }
    return ERR_OK;
}

static struct db_cell
read_cell(sqlite3_stmt *st, int i, struct arena *mem)
{
    struct db_cell cell = { .kind = DB_NULL };
    const void *p;
    char *copy;

    switch (sqlite3_column_type(st, i)) {
    case SQLITE_NULL:
        return cell;
    case SQLITE_INTEGER:
        return (struct db_cell){ .kind = DB_INT, .i = sqlite3_column_int64(st, i) };
    case SQLITE_FLOAT:
        return (struct db_cell){ .kind = DB_REAL, .d = sqlite3_column_double(st, i) };
    default:
        p = sqlite3_column_blob(st, i); /* text comes as UTF-8 */
        cell.kind = DB_STR;
        cell.s.n = (size_t)sqlite3_column_bytes(st, i);
        copy = arena_alloc(mem, cell.s.n + 1, 1);
        if (cell.s.n > 0)
            memcpy(copy, p, cell.s.n);
        cell.s.p = copy;
        return cell;
    }
}

static enum err
read_rows(struct db_conn *conn, sqlite3_stmt *st, struct arena *mem, struct db_rows *out)
{
    size_t cap = 0, n_cols = (size_t)sqlite3_column_count(st);
    struct db_row *rows = NULL;
    size_t n = 0;
    int rc;

    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct db_cell *cells;

        if (n == DB_ROWS_MAX)
            return db_why(conn, ERR_TOO_LARGE, "more than %d rows: %.120s", DB_ROWS_MAX, sqlite3_sql(st));
        if (n == cap) {
            size_t more = MIN(MAX(cap * 2, 8), DB_ROWS_MAX);

            rows = arena_grow(mem, rows, cap * sizeof(*rows), more * sizeof(*rows), _Alignof(struct db_row));
            cap = more;
        }
        cells = arena_vec(mem, struct db_cell, n_cols);
        for (size_t i = 0; i < n_cols; i++)
            cells[i] = read_cell(st, (int)i, mem);
        rows[n++] = (struct db_row){ .v = cells, .n = n_cols };
    }
    *out = (struct db_rows){ .v = rows, .n = n };
    return rc == SQLITE_DONE ? ERR_OK : fail(conn, rc, sqlite3_sql(st));
}

static enum err
lite_run(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_args args, struct db_rows *rows,
    int64_t *affected)
{
    struct lite *l = conn->engine;
    struct db_rows ignored;
    struct stmt *s;
    enum err e;

    TRY(prepare(conn, mem, sql, &s));
    TRY(bind(conn, s, args));
    e = read_rows(conn, s->st, mem, rows != NULL ? rows : &ignored);
    if (e == ERR_OK && affected != NULL)
        *affected = sqlite3_stmt_readonly(s->st) ? 0 : sqlite3_changes64(l->h);
    sqlite3_reset(s->st); /* ends the read transaction of a query that stands alone; its error is known already */
    return e;
}

static enum err
lite_plan(struct db_conn *conn, struct arena *mem, const struct db_sql *sql, struct db_rows *rows)
{
    struct lite *l = conn->engine;
    const char *text;
    sqlite3_stmt *st;
    struct str why;
    enum err e;

    if (db_expand(mem, sql->sqlite, true, &text, &why) != ERR_OK)
        return db_why(conn, ERR_INTERNAL, "%.*s", STR_ARG(why));
    text = str_cat(mem, S("EXPLAIN QUERY PLAN "), str_z(text), (struct str){ "", 1 }, STR_NONE).p;
    if (sqlite3_prepare_v2(l->h, text, -1, &st, NULL) != SQLITE_OK)
        return fail(conn, sqlite3_errcode(l->h), text);
    e = read_rows(conn, st, mem, rows);
    sqlite3_finalize(st);
    return e;
}

static enum err
lite_script(struct db_conn *conn, const char *text)
{
    return run_text(conn, text);
}

static enum err
step_once(struct db_conn *conn, enum db_step step)
{
    struct lite *l = conn->engine;
    sqlite3_stmt **st = &l->steps[step];
    int rc;

    if (*st == NULL) {
        rc = sqlite3_prepare_v3(l->h, step_text[step], -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
        if (rc != SQLITE_OK)
            return fail(conn, rc, step_text[step]);
    }
    rc = sqlite3_step(*st);
    if (rc != SQLITE_DONE) {
        enum err e = fail(conn, rc, step_text[step]);

        sqlite3_reset(*st);
        return e;
    }
    sqlite3_reset(*st);
    return ERR_OK;
}

static enum err
lite_step(struct db_conn *conn, enum db_step step)
{
    TRY(step_once(conn, step));
    return step == STEP_UNDO ? step_once(conn, STEP_KEEP) : ERR_OK;
}

bool
db_sqlite_in_tx(struct db_conn *conn)
{
    struct lite *l = conn->engine;

    return sqlite3_get_autocommit(l->h) == 0;
}

/* ---- upkeep -------------------------------------------------------------------------------------------------- */

void
db_sqlite_checkpoint(struct db_conn *conn, bool all)
{
    struct lite *l = conn->engine;
    int64_t now = clock_mono_ms();
    int rc, mode = SQLITE_CHECKPOINT_PASSIVE;

    if (l == NULL || (l->wal_pages < CHECKPOINT_PAGES && !all))
        return;
    if (all || (l->wal_pages > TRUNCATE_PAGES && now >= l->truncate_again_ms)) {
        mode = SQLITE_CHECKPOINT_TRUNCATE;
        l->truncate_again_ms = now + TRUNCATE_EVERY_MS;
    }
    sqlite3_busy_timeout(l->h, TRUNCATE_BUSY_MS);
    rc = sqlite3_wal_checkpoint_v2(l->h, "main", mode, NULL, NULL);
    sqlite3_busy_timeout(l->h, BUSY_MS);
    if (rc != SQLITE_OK)
        die_of_lost_writes(sqlite3_extended_errcode(l->h), sqlite3_errmsg(l->h));
    /* Other failures (busy, disk full) leave the pages in the WAL, where they are safe; the next commit tries again. */
}

/* In one step, so that the copy is one snapshot and writers cannot make it begin again. */
enum err
db_sqlite_backup(struct db_conn *conn, const char *file)
{
    struct lite *l = conn->engine;
    sqlite3_backup *b;
    sqlite3 *to = NULL;
    int rc = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
    enum err e = ERR_OK;

    b = rc == SQLITE_OK ? sqlite3_backup_init(to, "main", l->h, "main") : NULL;
    if (b != NULL) {
        sqlite3_backup_step(b, -1);
        rc = sqlite3_backup_finish(b);
    }
    if (b == NULL || rc != SQLITE_OK)
        e = db_why(conn, ERR_INTERNAL, "%s: %s", file, sqlite3_errmsg(to));
    sqlite3_close(to);
    return e;
}

void
db_sqlite_limit_pages(struct db_conn *conn, int pages)
{
    struct lite *l = conn->engine;
    char text[64];

    snprintf(text, sizeof(text), "PRAGMA max_page_count = %d", pages);
    CHECK(sqlite3_exec(l->h, text, NULL, NULL, NULL) == SQLITE_OK);
}

static enum err
check_with(struct db_conn *conn, const char *pragma, bool ok_row, struct buf *report, size_t *bad)
{
    struct lite *l = conn->engine;
    sqlite3_stmt *st;
    int rc = sqlite3_prepare_v2(l->h, pragma, -1, &st, NULL);

    if (rc != SQLITE_OK)
        return fail(conn, rc, pragma);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
        struct str text = str_z((const char *)sqlite3_column_text(st, 0));

        if (ok_row && str_eqz(text, "ok"))
            continue;
        ++*bad;
        buf_putf(report, "%s: %.*s\n", pragma, STR_ARG(text));
    }
    sqlite3_finalize(st);
    return rc == SQLITE_DONE ? ERR_OK : fail(conn, rc, pragma);
}

static enum err
lite_check(struct db_conn *conn, struct arena *mem, struct str *report)
{
    struct buf b;
    size_t bad = 0;

    buf_init(&b, mem, KB(64));
    TRY(check_with(conn, "PRAGMA quick_check", true, &b, &bad));
    TRY(check_with(conn, "PRAGMA foreign_key_check", false, &b, &bad));
    *report = buf_str(&b);
    return bad == 0 ? ERR_OK : db_why(conn, ERR_INTERNAL, "%zu faults in the database", bad);
}

const struct db_engine db_sqlite = {
    .name = "sqlite",
    .connect = lite_connect,
    .disconnect = lite_disconnect,
    .prepare = lite_prepare,
    .plan = lite_plan,
    .run = lite_run,
    .script = lite_script,
    .step = lite_step,
    .check = lite_check,
};
