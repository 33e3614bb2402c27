/* The job `sever_domain`: somebody blocked a domain.  Again: there is less to do. */
#include "job/job.h"

#include "service/domain_block.h"

enum err
job_sever_domain(struct ctx *c, const struct job *job)
{
    return service_domain_block_sever(c, job->arg_id, val_str(val_get(job->args, S("domain"))));
}
