/* The job `verify_quote`: what does a post quote, and was it allowed?  Again: the same answer, or a newer one. */
#include "job/job.h"

#include "service/receive_quote.h"

enum err
job_verify_quote(struct ctx *c, const struct job *job)
{
    struct str approval = val_str(val_get(job->args, S("approval")));
    int64_t levels = val_int(val_get(job->args, S("levels")), 1);

    return service_quote_verify(c, job->arg_id, approval, (int)levels);
}
