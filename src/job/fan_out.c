/* The job `fan_out`: a new or edited status reaches homes and the people it concerns.  Again: telling the same twice changes nothing. */
#include "job/job.h"

#include "service/timeline.h"

enum err
job_fan_out(struct ctx *c, const struct job *job)
{
    return service_timeline_fan_out(c, job->arg_id);
}
