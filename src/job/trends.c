/* The job `trends`, every few minutes.  Again: the same numbers give the same trends. */
#include "job/job.h"

#include "service/trend.h"

enum err
job_trends(struct ctx *c, const struct job *job)
{
    return service_trend_refresh(c);
}
