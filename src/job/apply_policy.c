/* The job `apply_policy`: what a policy for a domain means for what is here.  Again: it compares, and there is less to do. */
#include "job/job.h"

#include "service/domain.h"

enum err
job_apply_policy(struct ctx *c, const struct job *job)
{
    return service_domain_apply(c, val_str(val_get(job->args, S("domain"))));
}
