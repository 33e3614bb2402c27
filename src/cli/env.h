/* Opening what a command or the server needs, in the order of struct env; implemented in src/env.c, where everything may be seen. */
#ifndef CLI_ENV_H
#define CLI_ENV_H

#include "base/ctx.h"

struct config;

enum env_parts {
    ENV_DATA,    /* data directory, server key, database and its schema, media */
    ENV_NETWORK, /* and the outbound client */
    ENV_SERVER,  /* and all threads but the server's and the queue's: passwords, outbound client */
};

/* There is a server where conf says: its key, and its database when that is a file.  Else NOT_FOUND, and *why for the operator. */
NODISCARD enum err env_there(struct arena *a, const struct config *conf, struct str *why);
/*
 * env_open — everything in a lives as long as the process.  *why gets a sentence for the operator.
 *
 * Makes the data directory, the key and the database when they are missing, and brings the schema up to date.
 */
NODISCARD enum err env_open(
    struct arena *a, const struct config *conf, enum env_parts parts, struct env *out, struct str *why);
/* One more database, migrated; closed by the caller. */
NODISCARD enum err env_open_other(
    struct arena *a, const struct config *conf, struct str url, struct db **out, struct str *why);
/* In the reverse order; also after env_open failed. */
void env_close(struct env *env);

#endif
