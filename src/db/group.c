/*
 * The one writer of SQLite.
 *
 * SQLite has one write lock, and a commit with synchronous=FULL costs an fsync.  So writers stand in a queue of ours, first come,
 * first served, and share commits: an operation is a savepoint inside one open transaction.  When it ends and somebody waits, it
 * passes the writer on and sleeps; the last one commits for all and wakes them.  Nobody lingers for company: a lone writer commits
 * at once, and under load the queue that forms during one fsync is the next group.
 *
 * An operation sees what earlier ones of its group wrote before that is on disk.  Therefore one that rolls back waits as well: what
 * it has learned (a duplicate, say) must be true for its caller's next read.
 *
 * SQLite before 3.51.3 can corrupt a file when one connection writes while another resets the WAL in a checkpoint.  Only this
 * connection writes or checkpoints in the process, and a lock on FILE-writer keeps other processes (the command line) out
 * meanwhile.  https://www.sqlite.org/wal.html
 */
#include "db/internal.h"

#include "base/clock.h"
#include "base/cond.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
    GROUP_MAX = 64,             /* operations in one commit */
    GROUP_MS = 5,               /* no new member after that */
    LOCK_POLL_NS = 1000 * 1000, /* another process writes */
    NFS_MAGIC = 0x6969,
};

struct group {
    pthread_cond_t over;
    bool is_over;
    enum err result;
    char why[320];
    int refs;    /* sleepers, and the writer while it is open */
    int members; /* operations kept */
    int64_t born_ns;
};

struct waiter {
    pthread_cond_t turn;
    bool has_turn;
    struct waiter *next;
};

struct db_writer {
    pthread_mutex_t m;
    bool held; /* by the thread whose turn it is */
    struct waiter *head, **tail;
    int n_waiting;
    struct group *group; /* the open transaction; only the holder changes it */
    struct db_conn *conn;
    int lock_fd;
    int64_t group_ns;
};

/* ---- the turn ------------------------------------------------------------------------------------------------ */

static void
forget_waiter(struct db_writer *w, struct waiter *me)
{
    struct waiter **at = &w->head;

    while (*at != me)
        at = &(*at)->next;
    *at = me->next;
    if (w->tail == &me->next)
        w->tail = at;
    w->n_waiting--;
}

/* m is held.  The writer goes to the first in the queue, or is free. */
static void
pass_on(struct db_writer *w)
{
    struct waiter *first = w->head;

    if (first == NULL) {
        w->held = false;
        return;
    }
    forget_waiter(w, first);
    first->has_turn = true;
    pthread_cond_signal(&first->turn);
}

static enum err
wait_turn(struct ctx *c, struct db_writer *w)
{
    int64_t until = db_wait_until(c);
    struct waiter me = { .has_turn = false };
    bool in_time = true, is_full;

    pthread_mutex_lock(&w->m);
    is_full = w->n_waiting >= DB_WRITERS_MAX;
    if (!w->held) {
        w->held = true;
        me.has_turn = true;
    } else if (!is_full) {
        pthread_cond_init(&me.turn, NULL);
        *w->tail = &me;
        w->tail = &me.next;
        w->n_waiting++;
        while (!me.has_turn && in_time)
            in_time = cond_wait_until(&me.turn, &w->m, until) || me.has_turn;
        if (!me.has_turn)
            forget_waiter(w, &me);
        pthread_cond_destroy(&me.turn);
    }
    pthread_mutex_unlock(&w->m);
    if (me.has_turn)
        return ERR_OK;
    return ctx_fail(c, ERR_BUSY, is_full ? "too many writers are waiting" : "the writer did not come free in time");
}

/* ---- between processes --------------------------------------------------------------------------------------- */

static bool
file_lock(struct db_writer *w, short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

    return fcntl(w->lock_fd, F_OFD_SETLK, &lock) == 0;
}

static bool
file_lock_wait(struct db_writer *w, int64_t until_mono_ms)
{
    struct timespec pause = { .tv_nsec = LOCK_POLL_NS };

    while (!file_lock(w, F_WRLCK)) {
        if (clock_mono_ms() > until_mono_ms)
            return false;
        nanosleep(&pause, NULL);
    }
    return true;
}

/* ---- groups -------------------------------------------------------------------------------------------------- */

/* m is held. */
static void
group_unref(struct group *g)
{
    if (--g->refs > 0)
        return;
    pthread_cond_destroy(&g->over);
    free(g);
}

static enum err
group_open(struct ctx *c, struct db_writer *w)
{
    struct group *g;
    enum err e;

    if (!file_lock_wait(w, db_wait_until(c)))
        return ctx_fail(c, ERR_BUSY, "another process is writing to the database");
    e = w->conn->db->engine->step(w->conn, STEP_BEGIN_WRITE);
    if (e != ERR_OK) {
        file_lock(w, F_UNLCK);
        return db_fail(c, w->conn, e);
    }
    g = calloc(1, sizeof(*g));
    if (g == NULL)
        BUG("out of memory");
    pthread_cond_init(&g->over, NULL);
    g->refs = 1;
    g->born_ns = clock_mono_ns();
    w->group = g;
    return ERR_OK;
}

/* Commit, or roll back when nobody kept anything or the transaction is lost already; wake the group; pass the writer on. */
static void
group_close(struct db_writer *w, enum err lost)
{
    const struct db_engine *engine = w->conn->db->engine;
    struct group *g = w->group;
    enum err e = lost;

    if (e == ERR_OK && g->members > 0)
        e = engine->step(w->conn, STEP_COMMIT);
    if (db_sqlite_in_tx(w->conn)) {
        char why[sizeof(w->conn->why)];

        memcpy(why, w->conn->why, sizeof(why));
        if (engine->step(w->conn, STEP_ROLLBACK) != ERR_OK)
            BUG("cannot roll back: %s", w->conn->why);
        memcpy(w->conn->why, why, sizeof(why));
    }
    pthread_mutex_lock(&w->m);
    w->group = NULL;
    g->is_over = true;
    g->result = e;
    if (e != ERR_OK)
        memcpy(g->why, w->conn->why, sizeof(g->why));
    pthread_cond_broadcast(&g->over);
    group_unref(g);
    pthread_mutex_unlock(&w->m);

    /* The group has its answer; the upkeep is at the cost of the next writers. */
    db_sqlite_checkpoint(w->conn, false);
    file_lock(w, F_UNLCK);
    pthread_mutex_lock(&w->m);
    pass_on(w);
    pthread_mutex_unlock(&w->m);
}

/* m is held: another operation may join this transaction. */
static bool
may_grow(const struct db_writer *w)
{
    return w->head != NULL && w->group->members < GROUP_MAX && clock_mono_ns() - w->group->born_ns < w->group_ns;
}

enum err
db_writer_begin(struct ctx *c)
{
    struct db_writer *w = c->env->db->writer;
    struct db_conn *conn = w->conn;
    enum err e;

    TRY(wait_turn(c, w));
    conn->doomed = ERR_OK;
    e = w->group != NULL ? ERR_OK : group_open(c, w);
    if (e != ERR_OK) {
        pthread_mutex_lock(&w->m);
        pass_on(w);
        pthread_mutex_unlock(&w->m);
        return e;
    }
    e = conn->db->engine->step(conn, STEP_MARK);
    if (e != ERR_OK) {
        db_fail(c, conn, e);
        group_close(w, db_sqlite_in_tx(conn) ? ERR_OK : e);
        return e;
    }
    c->conn = conn;
    return ERR_OK;
}

enum err
db_writer_end(struct ctx *c, bool keep)
{
    struct db_writer *w = c->env->db->writer;
    struct db_conn *conn = w->conn;
    struct group *g = w->group;
    enum err e = ERR_OK;
    bool has_stake;

    CHECK(c->conn == conn);
    c->conn = NULL;
    if (!db_sqlite_in_tx(
            conn)) { /* the disk is full, say: everything in this transaction is gone, for everybody in it */
        e = conn->doomed != ERR_OK ? conn->doomed : ERR_INTERNAL;
    } else {
        e = conn->db->engine->step(conn, keep ? STEP_KEEP : STEP_UNDO);
        if (e == ERR_OK && keep)
            g->members++;
    }
    has_stake = g->members > 0; /* ours, or something uncommitted that we may have read */
    pthread_mutex_lock(&w->m);
    g->refs++;
    if (e == ERR_OK && may_grow(w)) {
        pass_on(w);
        while (!g->is_over && has_stake)
            pthread_cond_wait(&g->over, &w->m);
    } else {
        pthread_mutex_unlock(&w->m);
        group_close(w, e);
        pthread_mutex_lock(&w->m);
    }
    e = g->is_over ? g->result : ERR_OK;
    if (e != ERR_OK)
        ctx_fail(c, e, "%s", g->why);
    group_unref(g);
    pthread_mutex_unlock(&w->m);
    return e;
}

/* ---- life ---------------------------------------------------------------------------------------------------- */

static const char *
prepare_file(const char *file)
{
    struct statfs fs;
    int fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0)
        return strerror(errno);
    if (fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == NFS_MAGIC) {
        close(fd);
        return "SQLite needs a local file system; this is NFS";
    }
    close(fd);
    return NULL;
}

enum err
db_writer_open(struct db *db, char *why, size_t why_n)
{
    struct db_writer *w = calloc(1, sizeof(*w));
    const char *trouble = prepare_file(db->target);
    char lock_name[4096];
    enum err e;

    if (w == NULL)
        BUG("out of memory");
    pthread_mutex_init(&w->m, NULL);
    w->tail = &w->head;
    w->conn = db_conn_new(db, true);
    w->lock_fd = -1;
    w->group_ns = GROUP_MS * INT64_C(1000000);
    db->writer = w;
    if (trouble == NULL) {
        snprintf(lock_name, sizeof(lock_name), "%s-writer", db->target);
        w->lock_fd = open(lock_name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (w->lock_fd < 0)
            trouble = strerror(errno);
        else if (!file_lock_wait(w, clock_mono_ms() + DB_WAIT_MS))
            trouble = "another process is writing to it";
    }
    if (trouble != NULL) {
        snprintf(why, why_n, "%s: %s", db->target, trouble);
        return ERR_INVALID;
    }
    e = db->engine->connect(w->conn);
    file_lock(w, F_UNLCK);
    if (e != ERR_OK)
        snprintf(why, why_n, "%s: %s", db->target, w->conn->why);
    return e;
}

void
db_writer_close(struct db *db)
{
    struct db_writer *w = db->writer;

    if (w == NULL)
        return;
    CHECK(!w->held && w->group == NULL);
    if (w->lock_fd >= 0 && file_lock(w, F_WRLCK))
        db_sqlite_checkpoint(w->conn, true);
    db_conn_free(w->conn);
    if (w->lock_fd >= 0)
        close(w->lock_fd); /* gives the lock back */
    pthread_mutex_destroy(&w->m);
    free(w);
    db->writer = NULL;
}

/* ---- for tests ----------------------------------------------------------------------------------------------- */

int
db_writer_waiting(struct db *db)
{
    int n;

    pthread_mutex_lock(&db->writer->m);
    n = db->writer->n_waiting;
    pthread_mutex_unlock(&db->writer->m);
    return n;
}

void
db_writer_set_group_ms(struct db *db, int64_t ms)
{
    db->writer->group_ns = ms * 1000000;
}

struct db_conn *
db_writer_conn(struct db *db)
{
    return db->writer->conn;
}
