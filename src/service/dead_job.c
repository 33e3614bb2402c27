/* Jobs that were given up, for the operator. */
#include "service/dead_job.h"

enum err
service_dead_job_list(struct ctx *c, struct dead_job **out, size_t *n)
{
    return queue_dead(c, QUEUE_DEAD_MAX, out, n);
}

static enum err
change(struct ctx *c, int64_t id, enum err (*fn)(struct ctx *c, int64_t id))
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = fn(c, id);
    if (e == ERR_NOT_FOUND)
        return ctx_fail_public(c, e, "There is no dead job %lld: see `dassie jobs list`", (long long)id);
    TRY(e);
    return db_commit(c);
}

enum err
service_dead_job_retry(struct ctx *c, int64_t id)
{
    return change(c, id, queue_dead_retry);
}

enum err
service_dead_job_drop(struct ctx *c, int64_t id)
{
    return change(c, id, queue_dead_delete);
}
