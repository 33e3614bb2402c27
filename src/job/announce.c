/* The job `announce`.  Again: streams hear twice of what is there, which changes nothing. */
#include "job/job.h"

#include "service/announcement.h"

enum err
job_announce(struct ctx *c, const struct job *job)
{
    return service_announcement_tell(c, job->arg_id);
}
