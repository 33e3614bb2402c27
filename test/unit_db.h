/*
 * Databases for unit tests: a fresh SQLite file, or a fresh schema on PostgreSQL.  The PostgreSQL server is the one of the URL in
 * DASSIE_TEST_POSTGRES; else a private one, started when the first test asks for it and stopped with this process; else the test
 * is skipped.
 *
 * UNIT_DB(name) { … } is a test that runs on both engines and gets `struct db *db`.
 */
#ifndef TEST_UNIT_DB_H
#define TEST_UNIT_DB_H

#include "db/db.h"
#include "unit.h"

enum unit_engine { UNIT_SQLITE, UNIT_POSTGRES };

/* Empty, without tables.  Closed and removed after the test; ctxs made by unit_db_ctx are ended before that. */
struct db *unit_db_open(enum unit_engine engine, int connections);
/* The URL it was opened with, to open it again. */
struct str unit_db_url(void);
/* A ctx with an arena of its own.  Any thread of the test, but begun on the test's thread. */
struct ctx *unit_db_ctx(struct db *db);
/* Run SQL with type macros as one migration. */
void unit_db_schema(struct db *db, const char *sql);

#define UNIT_DB(name)                                                                                                  \
    static void name(struct db *db);                                                                                   \
    UNIT(name##_sqlite)                                                                                                \
    {                                                                                                                  \
        name(unit_db_open(UNIT_SQLITE, 20));                                                                           \
    }                                                                                                                  \
    UNIT(name##_postgres)                                                                                              \
    {                                                                                                                  \
        name(unit_db_open(UNIT_POSTGRES, 20));                                                                         \
    }                                                                                                                  \
    static void name(struct db *db)

/* A call that must succeed; prints the failure's detail otherwise. */
#define assert_ok(c, expr)                                                                                             \
    do {                                                                                                               \
        enum err ok_err = (expr);                                                                                      \
        if (ok_err != ERR_OK) {                                                                                        \
            print_error("%s: %s: %.*s\n", #expr, err_name(ok_err), STR_ARG((c)->fail.detail));                         \
            _fail(__FILE__, __LINE__);                                                                                 \
        }                                                                                                              \
    } while (0)
#define assert_err(expr, want) assert_string_equal(err_name(expr), err_name(want))

#endif
