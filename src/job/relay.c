/* The job `relay`: ask a relay, or leave it.  Again: the same Follow, which is there already; a relay that was left is gone. */
#include "job/job.h"

#include "service/relay.h"

enum err
job_relay(struct ctx *c, const struct job *job)
{
    return service_relay_run(c, job->arg_id);
}
