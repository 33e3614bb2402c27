/*
 * All rows of one database into another with the same schema, whatever the engines: for `dassie convert`.  One of both is SQLite, which
 * knows the tables, their columns and who refers to whom; what only one engine has (a search index) is left out.
 */
#ifndef DB_COPY_H
#define DB_COPY_H

#include "db/db.h"

struct db_copied {
    int64_t tables, rows;
    struct strs left_out; /* tables of the SQLite database that the other does not have, in to->mem */
};

/*
 * db_copy — as of one moment of `from`, in portions, each in a transaction of `to`; the counts of all tables are compared in the end.
 *
 * derived    tables that are made anew and not copied; ends with NULL
 * from, to   ctxs on two databases, nothing open; both migrated to the same version
 * errors     CONFLICT (public text): `to` is not empty, but for what the migrations put; INVALID (public text): versions or both
 *            engines; those of queries.  After an error `to` has a part, and must be emptied by hand.
 * thread     any; takes as long as it takes: deadlines are off
 */
NODISCARD enum err db_copy(struct ctx *from, struct ctx *to, const char *const *derived, struct db_copied *out);

#endif
