/* The PostgreSQL engine: arrives with the next change. */
#include "db/internal.h"

static enum err
pg_connect(struct db_conn *conn)
{
    return db_why(conn, ERR_INVALID, "PostgreSQL is not supported yet");
}

static void
pg_disconnect(struct db_conn *conn UNUSED)
{
}

const struct db_engine db_postgres = { .name = "postgresql", .connect = pg_connect, .disconnect = pg_disconnect };
