/* The job `annual_report`.  Again: the same numbers are written again. */
#include "job/job.h"

#include "service/annual_report.h"

enum err
job_annual_report(struct ctx *c, const struct job *job)
{
    return service_annual_make(c, job->arg_id, val_int(val_get(job->args, S("year")), 0));
}
