/*
 * LISTEN and NOTIFY of PostgreSQL, on a connection of its own: short texts from process to process, in the order of sending of each.
 * Whoever sends hears itself.  What was sent while nobody listened is gone.  One thread at a time; calls may block as long as the
 * server or the network does, some seconds at most when it is gone.
 *
 * https://www.postgresql.org/docs/current/sql-notify.html
 */
#ifndef DB_CHANNEL_H
#define DB_CHANNEL_H

#include "db/db.h"

struct db_channel;

enum { DB_CHANNEL_TEXT_MAX = 7900 }; /* bytes; the server refuses 8,000 */

/*
 * Connect and listen; name is an identifier.  BUSY with a sentence in why when the server cannot be reached, FORBIDDEN on SQLite.
 * Through a pooler that gives sessions to transactions (pgbouncer) this succeeds, but nothing is ever heard.
 */
NODISCARD enum err db_channel_open(struct db *db, const char *name, struct db_channel **out, char *why, size_t why_n);
void db_channel_close(struct db_channel *ch); /* accepts NULL */
/* To poll for reading before db_channel_take; what came with the answer to a send is not seen there, so take after a send too. */
int db_channel_fd(const struct db_channel *ch);
/*
 * One transaction for all, so each is UTF-8 without NUL, DB_CHANNEL_TEXT_MAX at most, and no two are alike.  After an error it is not
 * known whether it took place.  Errors: BUSY.
 */
NODISCARD enum err db_channel_send(struct db_channel *ch, const struct str *texts, size_t n);
/* fn for each text that came; it must not call the channel.  BUSY: the connection is gone. */
NODISCARD enum err db_channel_take(struct db_channel *ch, void (*fn)(void *arg, struct str text), void *arg);

#endif
