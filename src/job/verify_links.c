/* The job `verify_links`: do the pages in a profile link back?  Again: the same answer. */
#include "job/job.h"

#include "service/links.h"

enum err
job_verify_links(struct ctx *c, const struct job *job)
{
    return service_account_verify_links(c, job->arg_id);
}
