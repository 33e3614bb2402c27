#include "db/internal.h"

#include "base/clock.h"
#include "unit_db.h"

enum { THREADS = 16, WRITES = 2000, GIVE_UP_EVERY = 7, FAIL_EVERY = 11 };

enum { Q_PUT, Q_PAIR, Q_COUNTS, Q_HALVES, Q_HAS, Q_BIG, Q_COUNT };
static const struct db_sql sql[Q_COUNT] = {
    [Q_PUT] = SQL("INSERT INTO entry (id, who, seq, half) VALUES ($1, $2, $3, $4)"),
    [Q_COUNTS] = SQL("SELECT count(*), count(DISTINCT who) FROM entry"),
    [Q_HALVES] = SQL("SELECT count(*) FROM (SELECT who, seq FROM entry GROUP BY who, seq HAVING count(*) <> 2) h"),
    [Q_HAS] = SQL("SELECT id FROM entry WHERE who = $1 AND seq = $2"),
    [Q_BIG] = SQL2("INSERT INTO entry (id, who, seq, half, pad) VALUES ($1, 1, 1, $1, zeroblob($2))", "SELECT $1, $2"),
};
static const char schema[] =
    "CREATE TABLE entry (id {id} PRIMARY KEY, who {int} NOT NULL, seq {int} NOT NULL, half {int} NOT NULL,"
    " pad {bytes}) {strict};"
    "CREATE UNIQUE INDEX entry_who ON entry (who, seq, half);";

struct worker {
    struct ctx *c;
    int64_t who;
    int committed, gave_up, failed, wrong;
    pthread_t thread;
};

static enum err
put_half(struct worker *w, int64_t seq, int64_t half)
{
    return db_exec(w->c, &sql[Q_PUT],
        DB_ARGS(D_INT(((w->who * WRITES) + seq) * 2 + half), D_INT(w->who), D_INT(seq), D_INT(half)), NULL);
}

/* Two rows belong together.  Some operations give up between them, some run into a duplicate. */
static void
write_pair(struct worker *w, int64_t seq)
{
    if (db_begin(w->c, DB_WRITE) != ERR_OK) {
        w->wrong++;
        return;
    }
    w->wrong += put_half(w, seq, 0) != ERR_OK;
    if (seq % GIVE_UP_EVERY == 3) {
        db_rollback(w->c);
        w->gave_up++;
        return;
    }
    if (seq % FAIL_EVERY == 5) {
        w->wrong += put_half(w, seq, 0) != ERR_CONFLICT;
        w->wrong += db_commit(w->c) != ERR_CONFLICT;
        w->failed++;
        return;
    }
    w->wrong += put_half(w, seq, 1) != ERR_OK;
    w->wrong += db_commit(w->c) != ERR_OK;
    w->committed++;
}

static void *
write_many(void *arg)
{
    struct worker *w = arg;

    for (int64_t seq = 0; seq < WRITES; seq++) {
        struct db_rows rows;

        write_pair(w, seq);
        /* Read your writes, on another connection; and nothing of what was undone. */
        if (seq % 16 == 0) {
            w->wrong += db_query(w->c, &sql[Q_HAS], DB_ARGS(D_INT(w->who), D_INT(seq)), &rows) != ERR_OK;
            w->wrong += rows.n != (seq % GIVE_UP_EVERY == 3 || seq % FAIL_EVERY == 5 ? 0 : 2);
        }
        if (seq % 64 == 0)
            ctx_end(w->c);
    }
    ctx_end(w->c);
    return NULL;
}

/* Snapshots never see half a pair, as long as the writers write. */
static void *
read_many(void *arg)
{
    struct worker *w = arg;
    const struct db_row *r;

    while (w->committed == 0) {
        if (db_one(w->c, &sql[Q_HALVES], DB_NO_ARGS, &r) != ERR_OK || db_int(r, 0) != 0)
            w->wrong++;
        w->committed = db_one(w->c, &sql[Q_COUNTS], DB_NO_ARGS, &r) == ERR_OK && db_int(r, 0) > THREADS * 100;
        ctx_end(w->c);
    }
    return NULL;
}

UNIT_DB(group_many_writers)
{
    struct worker w[THREADS] = { 0 }, reader = { .c = unit_db_ctx(db) };
    struct ctx *c = unit_db_ctx(db);
    const struct db_row *r;
    int committed = 0;

    unit_db_schema(db, schema);
    for (int i = 0; i < THREADS; i++)
        w[i] = (struct worker){ .c = unit_db_ctx(db), .who = i };
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_many, &w[i]), 0);
    assert_int_equal(pthread_create(&reader.thread, NULL, read_many, &reader), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(w[i].thread, NULL);
        assert_int_equal(w[i].wrong, 0);
        assert_int_equal(w[i].committed + w[i].gave_up + w[i].failed, WRITES);
        committed += w[i].committed;
    }
    pthread_join(reader.thread, NULL);
    assert_int_equal(reader.wrong, 0);
    assert_ok(c, db_one(c, &sql[Q_COUNTS], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), committed * 2);
    assert_int_equal(db_int(r, 1), THREADS);
    assert_ok(c, db_one(c, &sql[Q_HALVES], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 0);
}

/* ---- scripted groups: who waits for whom --------------------------------------------------------------------- */

struct script {
    struct ctx *c;
    int64_t id;
    bool keep;
    int64_t seq, bytes;
    enum err begin, put, end;
    size_t seen; /* rows of the same seq, read afterwards on another connection */
    pthread_t thread;
};

static void *
one_write(void *arg)
{
    struct script *s = arg;
    struct db_rows rows;

    s->begin = db_begin(s->c, DB_WRITE);
    if (s->begin != ERR_OK)
        return NULL;
    if (s->bytes > 0)
        s->put = db_exec(s->c, &sql[Q_BIG], DB_ARGS(D_INT(s->id), D_INT(s->bytes)), NULL);
    else
        s->put = db_exec(s->c, &sql[Q_PUT], DB_ARGS(D_INT(s->id), D_INT(1), D_INT(s->seq), D_INT(0)), NULL);
    if (s->keep)
        s->end = db_commit(s->c);
    else
        db_rollback(s->c);
    if (db_query(s->c, &sql[Q_HAS], DB_ARGS(D_INT(1), D_INT(s->seq)), &rows) == ERR_OK)
        s->seen = rows.n;
    db_rollback(s->c);
    return NULL;
}

static void
wait_for_waiters(struct db *db, int n)
{
    while (db_writer_waiting(db) < n) /* they are on their way */
        sched_yield();
}

/* While the test holds the writer, the scripts line up in order; then they run as one group. */
static void
run_group(struct db *db, struct ctx *c, struct script *s, size_t n)
{
    db_writer_set_group_ms(db, 60000);
    assert_ok(c, db_begin(c, DB_WRITE));
    for (size_t i = 0; i < n; i++) {
        s[i].c = unit_db_ctx(db);
        assert_int_equal(pthread_create(&s[i].thread, NULL, one_write, &s[i]), 0);
        wait_for_waiters(db, (int)i + 1);
    }
    db_rollback(c);
    for (size_t i = 0; i < n; i++)
        pthread_join(s[i].thread, NULL);
}

UNIT(group_survives_rollbacks_inside)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 8);
    struct ctx *c = unit_db_ctx(db);
    struct script s[] = {
        { .id = 1, .seq = 1, .keep = true },
        { .id = 2, .seq = 2 },
        { .id = 3, .seq = 1, .keep = true }, /* a duplicate of the first, which is not committed yet */
        { .id = 4, .seq = 4, .keep = true },
        { .id = 5, .seq = 5 },
    };
    const struct db_row *r;

    unit_db_schema(db, schema);
    run_group(db, c, s, lengthof(s));
    assert_int_equal(s[0].end, ERR_OK);
    assert_int_equal(s[2].put, ERR_CONFLICT);
    assert_int_equal(s[2].end, ERR_CONFLICT);
    assert_int_equal(s[2].seen, 1); /* what it ran into is there when it looks */
    assert_int_equal(s[3].end, ERR_OK);
    assert_ok(c, db_one(c, &sql[Q_COUNTS], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 2);
}

UNIT(group_waits_no_longer_than_the_deadline)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 4);
    struct ctx *c = unit_db_ctx(db), *late = unit_db_ctx(db);

    unit_db_schema(db, schema);
    assert_ok(c, db_begin(c, DB_WRITE));
    late->deadline_mono_ms = clock_mono_ms() + 5;
    assert_err(db_begin(late, DB_WRITE), ERR_BUSY);
    assert_false(db_in_write(late));
    assert_ok(c, db_commit(c));
    assert_ok(late, db_begin(late, DB_WRITE)); /* a free writer needs no waiting */
    db_rollback(late);
}

/* The disk is full: SQLite rolls back the whole transaction, so that all of the group must hear of it. */
UNIT(group_full_disk_fails_all)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 4);
    struct ctx *c = unit_db_ctx(db);
    struct script s[] = {
        { .id = 1, .seq = 1, .keep = true }, { .id = 2, .bytes = 1000000, .keep = true },
        { .id = 3, .seq = 3, .keep = true }, /* comes after it: a new transaction */
    };
    struct db_rows rows;

    unit_db_schema(db, schema);
    db_sqlite_limit_pages(db_writer_conn(db), 64);
    run_group(db, c, s, lengthof(s));
    assert_int_equal(s[0].put, ERR_OK);
    assert_int_equal(s[0].end, ERR_BUSY);
    assert_true(str_find(s[0].c->fail.detail, S("database or disk is full")) >= 0);
    assert_int_equal(s[1].put, ERR_BUSY);
    assert_int_equal(s[1].end, ERR_BUSY);
    assert_true(str_find(s[1].c->fail.detail, S("database or disk is full")) >= 0);
    assert_int_equal(s[2].end, ERR_OK);
    assert_ok(c, db_query(c, &sql[Q_HAS], DB_ARGS(D_INT(1), D_INT(1)), &rows));
    assert_int_equal(rows.n, 0);
    assert_ok(c, db_query(c, &sql[Q_HAS], DB_ARGS(D_INT(1), D_INT(3)), &rows));
    assert_int_equal(rows.n, 1);
}

UNIT(group_backup_while_writing)
{
    struct db *db = unit_db_open(UNIT_SQLITE, 20), *copy;
    struct worker w[4] = { 0 };
    struct ctx *c = unit_db_ctx(db), *in_copy;
    const struct db_row *r;
    struct str file, why, report;

    unit_db_schema(db, schema);
    for (int i = 0; i < 4; i++) {
        w[i] = (struct worker){ .c = unit_db_ctx(db), .who = i };
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_many, &w[i]), 0);
    }
    file = str_fmt(unit_mem(), "%s-copy", unit_db_url().p);
    assert_ok(c, db_backup(c, str_sub(file, strlen("sqlite:"), file.n)));
    assert_err(db_backup(c, str_sub(file, strlen("sqlite:"), file.n)), ERR_CONFLICT); /* never over another file */
    for (int i = 0; i < 4; i++) {
        pthread_join(w[i].thread, NULL);
        assert_int_equal(w[i].wrong, 0);
    }
    assert_int_equal(db_open(unit_mem(), file, 1, &copy, &why), ERR_OK);
    in_copy = unit_db_ctx(copy);
    assert_ok(in_copy, db_check(in_copy, &report));
    assert_ok(in_copy, db_one(in_copy, &sql[Q_HALVES], DB_NO_ARGS, &r));
    assert_int_equal(db_int(r, 0), 0);
    ctx_end(in_copy);
    db_close(copy);
}
