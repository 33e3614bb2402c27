/* The schema's history: every migration, embedded, in order.  Never edited after a release. */
#ifndef STORE_MIGRATIONS_H
#define STORE_MIGRATIONS_H

#include "db/db.h"

extern const struct db_migration store_migrations[];
extern const size_t store_migrations_n;

#endif
