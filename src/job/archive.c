/* The job `archive`.  Again: the file is written anew; only one of two is kept. */
#include "job/job.h"

#include "service/archive.h"

enum err
job_archive(struct ctx *c, const struct job *job)
{
    return service_archive_build(c, job->arg_id, job->tries >= job->tries_max);
}
