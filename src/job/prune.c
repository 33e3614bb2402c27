/* The hourly job `prune`.  Again: there is less to do. */
#include "job/job.h"

#include "service/prune.h"

enum err
job_prune(struct ctx *c, const struct job *job)
{
    return service_prune(c);
}
