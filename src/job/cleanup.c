/* The job `cleanup`, every few minutes.  Again: what is gone is not found again. */
#include "job/job.h"

#include "service/cleanup.h"

enum err
job_cleanup(struct ctx *c, const struct job *job)
{
    return service_cleanup_run(c);
}
