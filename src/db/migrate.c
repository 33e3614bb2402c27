/* The schema: which version the database has, and the steps it lacks, one transaction each. */
#include "db/internal.h"

#include "base/clock.h"

enum { Q_HAS_TABLE, Q_CREATE, Q_VERSION, Q_LOCK, Q_ADD, Q_COUNT };

static const struct db_sql sql[Q_COUNT] = {
    [Q_HAS_TABLE] = SQL2("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_version'",
        "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_version'"),
    [Q_CREATE] = SQL("CREATE TABLE IF NOT EXISTS schema_version"
                     " (version {id} PRIMARY KEY, name {text} NOT NULL, applied_ms {int} NOT NULL) {strict}"),
    [Q_VERSION] = SQL("SELECT max(version) FROM schema_version"),
    /* Several servers may start at once on PostgreSQL; the number is ours. */
    [Q_LOCK] = SQL2("SELECT 1", "SELECT pg_advisory_xact_lock(7239110846)"),
    [Q_ADD] = SQL("INSERT INTO schema_version (version, name, applied_ms) VALUES ($1, $2, $3)"),
};

enum err
db_schema_version(struct ctx *c, int *out)
{
    const struct db_row *r;

    *out = 0;
    TRY(db_maybe(c, &sql[Q_HAS_TABLE], DB_NO_ARGS, &r));
    if (r == NULL)
        return ERR_OK;
    TRY(db_one(c, &sql[Q_VERSION], DB_NO_ARGS, &r));
    *out = (int)db_int(r, 0);
    return ERR_OK;
}

static enum err
run_script(struct ctx *c, const struct db_migration *m)
{
    struct db_conn *conn = c->conn;
    bool sqlite = db_is_sqlite(conn->db);
    const char *text = sqlite ? m->sql_sqlite : m->sql_postgres, *expanded;
    struct str why = STR_NONE;
    enum err e;

    if (text == NULL)
        text = m->sql;
    if (text == NULL)
        return ERR_OK; /* nothing to do on this engine */
    e = db_expand(c->mem, text, sqlite, &expanded, &why);
    if (e != ERR_OK)
        return ctx_fail(c, e, "migration %d %s: %.*s", m->version, m->name, STR_ARG(why));
    if (strcasestr(expanded, "DEFERRABLE") != NULL) /* would be checked at the commit, at the cost of the whole group */
        return ctx_fail(c, ERR_INVALID, "migration %d %s: constraints are checked at once here", m->version, m->name);
    e = db_count(conn);
    if (e == ERR_OK)
        e = conn->db->engine->script(conn, expanded);
    if (e != ERR_OK) {
        conn->doomed = e;
        return ctx_fail(c, e, "migration %d %s: %s", m->version, m->name, conn->why);
    }
    return ERR_OK;
}

/* In a write transaction; does nothing when another server was faster. */
static enum err
apply(struct ctx *c, const struct db_migration *m, bool *done)
{
    const struct db_row *r;
    int version;

    TRY(db_one(c, &sql[Q_LOCK], DB_NO_ARGS, &r));
    TRY(db_schema_version(c, &version));
    *done = version < m->version;
    if (!*done)
        return ERR_OK;
    TRY(run_script(c, m));
    TRY(db_exec(c, &sql[Q_CREATE], DB_NO_ARGS, NULL));
    return db_exec(c, &sql[Q_ADD], DB_ARGS(D_INT(m->version), D_STR(str_z(m->name)), D_INT(clock_ms())), NULL);
}

static enum err
apply_one(struct ctx *c, const struct db_migration *m, bool *done)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = apply(c, m, done);
    if (e != ERR_OK) {
        db_rollback(c);
        return e;
    }
    return db_commit(c);
}

enum err
db_migrate(struct ctx *c, const struct db_migration *list, size_t n, int *applied, struct str *why)
{
    int version;

    *applied = 0;
    *why = STR_NONE;
    for (size_t i = 0; i < n; i++)
        CHECK(list[i].version > (i == 0 ? 0 : list[i - 1].version));
    TRY(db_schema_version(c, &version));
    if (version > (n == 0 ? 0 : list[n - 1].version)) {
        *why =
            str_fmt(c->mem, "the database has schema %d, this program knows up to %d: it was used by a newer version",
                version, n == 0 ? 0 : list[n - 1].version);
        return ctx_fail(c, ERR_INVALID, "%.*s", STR_ARG(*why));
    }
    for (size_t i = 0; i < n; i++) {
        bool done = false;
        enum err e;

        if (list[i].version <= version)
            continue;
        e = apply_one(c, &list[i], &done);
        if (e != ERR_OK) {
            *why = c->fail.detail;
            return e;
        }
        *applied += done ? 1 : 0;
    }
    db_rollback(c); /* gives the connection back */
    return ERR_OK;
}
