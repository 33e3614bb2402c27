/* The job `open_host`: an operator takes a host for up, and the delivery loop of this process hears it.  Again: it is up. */
#include "job/job.h"

#include "service/delivery_queue.h"

enum err
job_open_host(struct ctx *c, const struct job *job)
{
    return service_delivery_host_open(c, val_str(val_get(job->args, S("host"))));
}
