/* The job `verify_approval`: may a reply of others be seen?  Again: the same answer, or a newer one. */
#include "job/job.h"

#include "service/receive_interaction.h"

enum err
job_verify_approval(struct ctx *c, const struct job *job)
{
    return service_interaction_verify(c, job->arg_id);
}
