/*
 * What is fetched because somebody looked: `fetch_thread` (again: what is here is not stored twice, what was asked is not asked again),
 * `backfill` and `refresh_status` (again: the same posts and numbers).
 */
#include "job/job.h"

#include "service/backfill.h"
#include "service/refresh.h"
#include "service/thread.h"

enum err
job_fetch_thread(struct ctx *c, const struct job *job)
{
    return service_thread_fetch(c, job->arg_id);
}

enum err
job_backfill(struct ctx *c, const struct job *job)
{
    return service_backfill(c, job->arg_id, val_bool(val_get(job->args, S("posts")), false));
}

enum err
job_refresh_status(struct ctx *c, const struct job *job)
{
    return service_refresh_status(c, job->arg_id);
}
