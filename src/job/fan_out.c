/* The job `fan_out`: a new or edited status reaches homes and the people it concerns.  Again: telling the same twice changes nothing. */
#include "job/job.h"

#include "service/search_index.h"
#include "service/timeline.h"

enum err
job_fan_out(struct ctx *c, const struct job *job)
{
    TRY(service_timeline_fan_out(c, job->arg_id));
    return service_index_pending(c); /* this post, and what came with it */
}
