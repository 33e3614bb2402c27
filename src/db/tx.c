/* Transactions of a ctx: which connection, begin, commit, rollback, and giving back. */
#include "db/internal.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metric.h"

enum { TX_NONE = 0 };

enum err
db_fail(struct ctx *c, struct db_conn *conn, enum err e)
{
    ctx_fail(c, e, "%s", conn->why);
    c->fail.raced = conn->raced;
    return e;
}

enum err
db_ctx_conn(struct ctx *c, struct db_conn **out)
{
    if (c->env == NULL || c->env->db == NULL)
        BUG("this ctx has no database");
    if (c->conn == NULL)
        TRY(db_pool_get(c, &c->conn));
    if (!c->conn->writer)
        c->conn->deadline_mono_ms = c->deadline_mono_ms;
    *out = c->conn;
    return ERR_OK;
}

void
db_ctx_put(struct ctx *c)
{
    CHECK(c->tx == TX_NONE);
    if (c->conn != NULL)
        db_pool_put(c->conn);
    c->conn = NULL;
}

static bool
has_one_writer(const struct ctx *c)
{
    return c->env->db->writer != NULL;
}

enum err
db_begin(struct ctx *c, enum db_mode mode)
{
    struct db_conn *conn;
    int64_t start;
    enum err e;

    /* Whoever forgave an error left it open: nothing of it may be kept, and the program goes on. */
    if (c->tx != TX_NONE) {
        db_rollback(c);
        log_error(c, "db.nested", LOG_STR("why", S("a transaction was still open")));
        return ctx_fail(c, ERR_INTERNAL, "transactions do not nest");
    }
    if (c->env == NULL || c->env->db == NULL)
        BUG("this ctx has no database");
    c->after_commit = NULL;
    c->before_commit = NULL;
    start = clock_mono_ns();
    if (mode == DB_WRITE && has_one_writer(c)) {
        db_ctx_put(c); /* before waiting: nobody holds one connection while he waits for another */
        TRY(db_writer_begin(c));
        c->tx = DB_WRITE;
    } else {
        TRY(db_ctx_conn(c, &conn));
        e = conn->db->engine->step(conn, mode == DB_WRITE ? STEP_BEGIN_WRITE : STEP_BEGIN_READ);
        if (e != ERR_OK) {
            db_fail(c, conn, e);
            db_ctx_put(c);
            return e;
        }
        c->tx = (int)mode;
    }
    c->conn->began_ns = start;
    if (mode == DB_WRITE && (e = db_count(c->conn)) != ERR_OK) {
        db_rollback(c);
        return ctx_fail(c, e, "failure asked for by the test: begin");
    }
    return ERR_OK;
}

/* The transaction is over for the ctx, whatever came of it. */
static enum err
end(struct ctx *c, bool keep)
{
    struct db_conn *conn = c->conn;
    enum err e;

    if (c->tx == DB_WRITE && has_one_writer(c)) {
        c->tx = TX_NONE;
        return db_writer_end(c, keep);
    }
    e = conn->db->engine->step(conn, keep ? STEP_COMMIT : STEP_ROLLBACK);
    if (e != ERR_OK) {
        conn->broken = true; /* in an unknown state: the next user gets a new one */
        db_fail(c, conn, e);
    }
    c->tx = TX_NONE;
    db_ctx_put(c);
    return e;
}

struct db_last {
    struct db_last *next;
    enum err (*fn)(struct ctx *c, void *arg);
    void *arg;
};

void *
db_before_commit(struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), size_t size)
{
    struct db_last **at = &c->before_commit;

    CHECK(c->tx == DB_WRITE);
    while (*at != NULL && (*at)->fn != fn)
        at = &(*at)->next;
    if (*at == NULL) {
        *at = arena_new(c->mem, struct db_last);
        (*at)->fn = fn;
        (*at)->arg = arena_alloc(c->mem, size, _Alignof(max_align_t));
    }
    return (*at)->arg;
}

static enum err
run_last(struct ctx *c)
{
    if (c->conn->doomed != ERR_OK)
        return ERR_OK; /* nothing more can be written, and the commit says why */
    for (struct db_last *l = c->before_commit; l != NULL; l = l->next)
        TRY(l->fn(c, l->arg));
    c->before_commit = NULL;
    return ERR_OK;
}

enum err
db_commit(struct ctx *c)
{
    bool is_write = c->tx == DB_WRITE;
    int64_t start;
    enum err e;

    if (c->tx == TX_NONE)
        BUG("commit without a transaction");
    if ((e = run_last(c)) != ERR_OK) {
        db_rollback(c);
        return e;
    }
    e = c->conn->doomed;
    if (e != ERR_OK) {
        bool raced = c->conn->raced;

        db_rollback(c);
        if (c->fail.err != e)
            ctx_fail(c, e, "commit after a statement that failed");
        c->fail.raced = raced;
        return e;
    }
    if (is_write && (e = db_count(c->conn)) != ERR_OK) {
        db_rollback(c);
        return ctx_fail(c, e, "failure asked for by the test: commit");
    }
    start = c->conn->began_ns;
    e = end(c, true);
    if (e != ERR_OK || !is_write) {
        c->after_commit = NULL;
        return e;
    }
    metric_add(METRIC_DB_WRITES, 1);
    metric_observe(METRIC_DB_WRITE_SECONDS, clock_mono_ns() - start);
    ctx_run_after_commit(c);
    return ERR_OK;
}

void
db_rollback(struct ctx *c)
{
    struct failure why = c->fail;

    c->after_commit = NULL;
    c->before_commit = NULL;
    if (c->tx == TX_NONE)
        db_ctx_put(c);
    else
        (void)!end(c, false);
    c->fail = why; /* the reason to roll back is what the caller wants to report */
}

bool
db_in_write(const struct ctx *c)
{
    return c->tx == DB_WRITE;
}
