/* Connections: opened when first needed, at most as many as configured, the one given back last is used first. */
#include "db/internal.h"

#include "base/clock.h"

#include <stdarg.h>

int64_t
db_wait_until(const struct ctx *c)
{
    return c->deadline_mono_ms != 0 ? c->deadline_mono_ms : clock_mono_ms() + DB_WAIT_MS;
}

enum err
db_why(struct db_conn *conn, enum err e, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(conn->why, sizeof(conn->why), fmt, ap);
    va_end(ap);
    conn->raced = false;
    return e;
}

struct db_conn *
db_conn_new(struct db *db, bool writer)
{
    struct db_conn *conn = calloc(1, sizeof(*conn));

    if (conn == NULL)
        BUG("out of memory");
    conn->db = db;
    conn->writer = writer;
    return conn;
}

void
db_conn_free(struct db_conn *conn)
{
    if (conn == NULL)
        return;
    conn->db->engine->disconnect(conn);
    free(conn);
}

void
db_pool_init(struct db_pool *p, int max)
{
    *p = (struct db_pool){ .max = MAX(max, 1) };
    pthread_mutex_init(&p->m, NULL);
}

void
db_pool_done(struct db_pool *p)
{
    struct db_conn *conn;
    int n = 0;

    while ((conn = p->free) != NULL) {
        p->free = conn->next;
        db_conn_free(conn);
        n++;
    }
    if (n != p->open)
        BUG("%d database connections are still in use", p->open - n);
    pthread_mutex_destroy(&p->m);
}

/* A free one, or a new one that is not connected yet. */
static enum err
take(struct ctx *c, struct db *db, struct db_conn **out)
{
    struct db_pool *p = &db->pool;
    int64_t until = db_wait_until(c);
    bool in_time = true, may_open;

    pthread_mutex_lock(&p->m);
    while (p->free == NULL && p->open == p->max && in_time)
        in_time = cond_queue_wait(&p->given_back, &p->m, until);
    *out = p->free;
    may_open = *out == NULL && p->open < p->max;
    if (*out != NULL)
        p->free = (*out)->next;
    else if (may_open)
        p->open++;
    pthread_mutex_unlock(&p->m);
    if (may_open) {
        *out = db_conn_new(db, false);
        (*out)->broken = true;
    }
    return *out != NULL ? ERR_OK : ctx_fail(c, ERR_BUSY, "no database connection came free in time");
}

enum err
db_pool_get(struct ctx *c, struct db_conn **out)
{
    struct db *db = c->env->db;
    struct db_conn *conn;
    enum err e;

    TRY(take(c, db, &conn));
    if (conn->broken) {
        db->engine->disconnect(conn);
        e = db->engine->connect(conn);
        if (e != ERR_OK) {
            ctx_fail(c, e, "%s", conn->why);
            db_pool_put(conn);
            return e;
        }
        conn->broken = false;
    }
    *out = conn;
    return ERR_OK;
}

void
db_pool_put(struct db_conn *conn)
{
    struct db_pool *p = &conn->db->pool;

    CHECK(!conn->writer);
    conn->doomed = ERR_OK;
    pthread_mutex_lock(&p->m);
    conn->next = p->free;
    p->free = conn;
    cond_queue_call(&p->given_back);
    pthread_mutex_unlock(&p->m);
}
