/* LISTEN and NOTIFY, apart from the pool: its connection waits for others most of the time. */
#include "db/channel.h"

#include "base/arena.h"
#include "base/buf.h"
#include "db/internal.h"

#include <libpq-fe.h>

struct db_channel {
    PGconn *h;
    char name[64];
};

/* No reply for so long: the link is cut.  Texts that were lost with a crash of the server are no loss, so commits need no disk. */
static const char setup[] =
    "SET synchronous_commit = off; SET statement_timeout = '5s'; SET client_min_messages = error";

static PGconn *
dial(const struct db *db)
{
    static const char *const keys[] = { "dbname", "connect_timeout", "client_encoding", "fallback_application_name",
        "tcp_user_timeout", "keepalives_idle", "keepalives_interval", "keepalives_count", NULL };
    const char *const values[] = { db->target, "5", "UTF8", "dassie bus", "5000", "5", "2", "3", NULL };

    return PQconnectdbParams(keys, values, 1);
}

static enum err
run(PGconn *h, const char *text)
{
    PGresult *r = PQexec(h, text);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK || PQresultStatus(r) == PGRES_TUPLES_OK;

    PQclear(r);
    return ok ? ERR_OK : ERR_BUSY;
}

enum err
db_channel_open(struct db *db, const char *name, struct db_channel **out, char *why, size_t why_n)
{
    struct db_channel *ch;
    char listen[96];

    if (db_is_sqlite(db)) {
        snprintf(why, why_n, "SQLite has no channels");
        return ERR_FORBIDDEN;
    }
    ch = calloc(1, sizeof(*ch));
    if (ch == NULL)
        BUG("out of memory");
    CHECK((size_t)snprintf(ch->name, sizeof(ch->name), "%s", name) < sizeof(ch->name));
    snprintf(listen, sizeof(listen), "LISTEN %s", ch->name);
    ch->h = dial(db);
    if (PQstatus(ch->h) == CONNECTION_OK && run(ch->h, setup) == ERR_OK && run(ch->h, listen) == ERR_OK) {
        *out = ch;
        return ERR_OK;
    }
    snprintf(why, why_n, "%s", ch->h != NULL ? PQerrorMessage(ch->h) : "out of memory");
    db_channel_close(ch);
    return ERR_BUSY;
}

void
db_channel_close(struct db_channel *ch)
{
    if (ch == NULL)
        return;
    PQfinish(ch->h);
    free(ch);
}

int
db_channel_fd(const struct db_channel *ch)
{
    return PQsocket(ch->h);
}

/* {"one","two"}, as the server reads an array. */
static const char *
array_text(struct arena *a, const struct str *v, size_t n)
{
    size_t bytes = 3;
    struct buf b;

    for (size_t i = 0; i < n; i++)
        bytes += v[i].n * 2 + 3;
    buf_init(&b, a, bytes);
    buf_putc(&b, '{');
    for (size_t i = 0; i < n; i++) {
        buf_putz(&b, i == 0 ? "\"" : ",\"");
        for (size_t k = 0; k < v[i].n; k++) {
            if (v[i].p[k] == '"' || v[i].p[k] == '\\')
                buf_putc(&b, '\\');
            buf_putc(&b, v[i].p[k]);
        }
        buf_putc(&b, '"');
    }
    buf_putc(&b, '}');
    buf_putc(&b, '\0');
    CHECK(buf_ok(&b));
    return b.p;
}

enum err
db_channel_send(struct db_channel *ch, const struct str *texts, size_t n)
{
    struct arena *mem = arena_new_heap();
    const char *const values[] = { ch->name, array_text(mem, texts, n) };
    PGresult *r = PQexecParams(
        ch->h, "SELECT count(pg_notify($1, t)) FROM unnest($2::text[]) AS t", 2, NULL, values, NULL, NULL, 0);
    enum err e = PQresultStatus(r) == PGRES_TUPLES_OK ? ERR_OK : ERR_BUSY;

    PQclear(r);
    arena_free(mem);
    return e;
}

enum err
db_channel_take(struct db_channel *ch, void (*fn)(void *arg, struct str text), void *arg)
{
    PGnotify *note;

    if (PQconsumeInput(ch->h) == 0)
        return ERR_BUSY;
    while ((note = PQnotifies(ch->h)) != NULL) {
        fn(arg, str_z(note->extra));
        PQfreemem(note);
    }
    return PQstatus(ch->h) == CONNECTION_OK ? ERR_OK : ERR_BUSY;
}
