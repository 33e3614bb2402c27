/*
 * The jobs `publish` (again: the draft goes with the posts in one transaction, so it is gone) and `expire_status` (again: the post is
 * gone).
 */
#include "job/job.h"

#include "service/draft.h"
#include "service/expiry.h"

enum err
job_publish(struct ctx *c, const struct job *job)
{
    return service_scheduled_run(c, job->arg_id, job->tries >= job->tries_max);
}

enum err
job_expire_status(struct ctx *c, const struct job *job)
{
    return service_expiry_run(c, job->arg_id);
}
