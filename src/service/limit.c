/* What a process that counts rate limits leaves to the next one. */
#include "service/limit.h"

#include "base/clock.h"
#include "db/db.h"
#include "store/limit.h"

enum err
service_limit_load(struct ctx *c, struct limit_count **out, size_t *n)
{
    return store_limit_list(c, clock_ms(), out, n);
}

enum err
service_limit_keep(struct ctx *c, const struct limit_count *v, size_t n)
{
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < n; i++)
        TRY(store_limit_put(c, &v[i]));
    return db_commit(c);
}
