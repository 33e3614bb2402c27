/* The job `sync_followers`.  Again: what was settled is equal now. */
#include "job/job.h"

#include "service/sync.h"

enum err
job_sync_followers(struct ctx *c, const struct job *job)
{
    return service_sync_run(
        c, job->arg_id, val_str(val_get(job->args, S("url"))), val_str(val_get(job->args, S("digest"))));
}
