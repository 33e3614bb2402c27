/* The job `refresh_inbox`: an inbox is gone, says its server; the actors behind it are read again.  Again: they are fresh. */
#include "job/job.h"

#include "service/refresh.h"

enum err
job_refresh_inbox(struct ctx *c, const struct job *job)
{
    return service_refresh_inbox(c, val_str(val_get(job->args, S("inbox"))));
}
