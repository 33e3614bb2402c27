/* The list of all statements of the program, filled before main() by DB_STATEMENTS. */
#include "db/internal.h"

enum { TABLES_MAX = 256 };

static struct db_registered tables[TABLES_MAX];
static size_t n_tables;

void
db_register(const char *name, const struct db_sql *sql, size_t n)
{
    CHECK(n_tables < TABLES_MAX);
    tables[n_tables++] = (struct db_registered){ name, sql, n };
}

const struct db_registered *
db_registered(size_t *n)
{
    *n = n_tables;
    return tables;
}

enum err
db_test_prepare_all(struct ctx *c, struct str *why)
{
    struct db_conn *conn;

    *why = STR_NONE;
    TRY(db_ctx_conn(c, &conn));
    for (size_t i = 0; i < n_tables; i++)
        for (size_t j = 0; j < tables[i].n; j++) {
            const struct db_sql *sql = &tables[i].sql[j];
            enum err e;

            if (sql->sqlite == NULL && sql->postgres == NULL)
                continue; /* a hole in an enum of statements */
            e = conn->db->engine->prepare(conn, c->mem, sql);
            if (e != ERR_OK) {
                *why = str_fmt(c->mem, "%s[%zu]: %s", tables[i].name, j, conn->why);
                return ctx_fail(c, ERR_INTERNAL, "%.*s", STR_ARG(*why));
            }
        }
    return ERR_OK;
}

enum err
db_test_plans(struct ctx *c, void (*step)(void *arg, const char *name, struct str step), void *arg)
{
    struct db_conn *conn;
    struct db_rows rows;

    TRY(db_ctx_conn(c, &conn));
    for (size_t i = 0; i < n_tables; i++)
        for (size_t j = 0; j < tables[i].n; j++) {
            if (tables[i].sql[j].sqlite == NULL)
                continue;
            TRY(conn->db->engine->plan(conn, c->mem, &tables[i].sql[j], &rows));
            for (size_t k = 0; k < rows.n; k++)
                step(arg, tables[i].name, db_str(&rows.v[k], 3));
        }
    return ERR_OK;
}
