/* What only PostgreSQL can do to us: lost connections, deadlocks, stale plans. */
#include "db/internal.h"

#include "unit_db.h"

enum { Q_PID, Q_KILL, Q_TOUCH, Q_ADD, Q_ALL, Q_WIDEN, Q_COUNT };
static const struct db_sql sql[Q_COUNT] = {
    [Q_PID] = SQL2("SELECT 0", "SELECT pg_backend_pid()"),
    [Q_KILL] = SQL2("SELECT $1", "SELECT pg_terminate_backend(CAST($1 AS INTEGER), 5000)"),
    [Q_TOUCH] = SQL("UPDATE pair SET n = n + 1 WHERE id = $1"),
    [Q_ADD] = SQL("INSERT INTO pair (id, n) VALUES ($1, 0)"),
    [Q_ALL] = SQL2("SELECT id, n FROM pair", "SELECT * FROM pair ORDER BY id"),
    [Q_WIDEN] = SQL("ALTER TABLE pair ADD COLUMN more {int}"),
};

static void
make_pair(struct db *db, struct ctx *c)
{
    unit_db_schema(db, "CREATE TABLE pair (id {id} PRIMARY KEY, n {int} NOT NULL) {strict}");
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &sql[Q_ADD], DB_ARGS(D_INT(1)), NULL));
    assert_ok(c, db_exec(c, &sql[Q_ADD], DB_ARGS(D_INT(2)), NULL));
    assert_ok(c, db_commit(c));
}

static int64_t
pid_of(struct ctx *c)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &sql[Q_PID], DB_NO_ARGS, &r));
    return db_int(r, 0);
}

static void
kill_backend(struct ctx *c, int64_t pid)
{
    const struct db_row *r;

    assert_ok(c, db_one(c, &sql[Q_KILL], DB_ARGS(D_INT(pid)), &r));
    assert_true(db_bool(r, 0));
}

UNIT(postgres_comes_back_after_a_lost_connection)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 4);
    struct ctx *c = unit_db_ctx(db), *killer = unit_db_ctx(db);
    struct db_rows rows;

    make_pair(db, c);
    /* A statement alone, then a begin: repeated without the caller's noticing. */
    kill_backend(killer, pid_of(c));
    assert_ok(c, db_query(c, &sql[Q_ALL], DB_NO_ARGS, &rows));
    assert_int_equal(rows.n, 2);
    kill_backend(killer, pid_of(c));
    assert_ok(c, db_begin(c, DB_WRITE));
    /* Inside a transaction: BUSY, nothing kept, and the next one works. */
    assert_ok(c, db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(1)), NULL));
    kill_backend(killer, pid_of(c));
    assert_err(db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(2)), NULL), ERR_BUSY);
    assert_err(db_commit(c), ERR_BUSY);
    assert_ok(c, db_begin(c, DB_WRITE));
    assert_ok(c, db_exec(c, &sql[Q_TOUCH], DB_ARGS(D_INT(2)), NULL));
    kill_backend(killer, pid_of(c));
    assert_err(db_commit(c), ERR_INTERNAL);
    assert_true(str_find(c->fail.detail, S("outcome is unknown")) >= 0);
    assert_ok(c, db_query(c, &sql[Q_ALL], DB_NO_ARGS, &rows));
    assert_int_equal(db_int(&rows.v[0], 1), 0);
    assert_int_equal(db_int(&rows.v[1], 1), 0);
}

struct crosser {
    struct ctx *c;
    pthread_barrier_t *both;
    int64_t first, second;
    enum err e;
};

static void *
cross(void *arg)
{
    struct crosser *x = arg;

    x->e = db_begin(x->c, DB_WRITE);
    if (x->e == ERR_OK)
        x->e = db_exec(x->c, &sql[Q_TOUCH], DB_ARGS(D_INT(x->first)), NULL);
    pthread_barrier_wait(x->both);
    if (x->e == ERR_OK)
        x->e = db_exec(x->c, &sql[Q_TOUCH], DB_ARGS(D_INT(x->second)), NULL);
    if (x->e == ERR_OK)
        x->e = db_commit(x->c);
    else
        db_rollback(x->c);
    return NULL;
}

UNIT(postgres_deadlock_is_busy)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 4);
    pthread_barrier_t both;
    struct crosser x[2] = {
        { .c = unit_db_ctx(db), .both = &both, .first = 1, .second = 2 },
        { .c = unit_db_ctx(db), .both = &both, .first = 2, .second = 1 },
    };
    pthread_t t[2];
    struct db_rows rows;

    make_pair(db, x[0].c);
    pthread_barrier_init(&both, NULL, 2);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&t[i], NULL, cross, &x[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(t[i], NULL);
    pthread_barrier_destroy(&both);
    assert_true((x[0].e == ERR_OK && x[1].e == ERR_BUSY) || (x[0].e == ERR_BUSY && x[1].e == ERR_OK));
    assert_ok(x[0].c, db_query(x[0].c, &sql[Q_ALL], DB_NO_ARGS, &rows));
    assert_int_equal(db_int(&rows.v[0], 1), 1); /* the winner's, whole */
    assert_int_equal(db_int(&rows.v[1], 1), 1);
}

UNIT(postgres_stale_plan_is_made_again)
{
    struct db *db = unit_db_open(UNIT_POSTGRES, 4);
    struct ctx *c = unit_db_ctx(db), *other = unit_db_ctx(db);
    struct db_rows rows;

    make_pair(db, c);
    assert_ok(c, db_query(c, &sql[Q_ALL], DB_NO_ARGS, &rows));
    assert_int_equal(rows.v[0].n, 2);
    assert_ok(other, db_begin(other, DB_WRITE));
    assert_ok(other, db_exec(other, &sql[Q_WIDEN], DB_NO_ARGS, NULL));
    assert_ok(other, db_commit(other));
    assert_ok(c, db_query(c, &sql[Q_ALL], DB_NO_ARGS, &rows)); /* "cached plan must not change result type" */
    assert_int_equal(rows.v[0].n, 3);
}
