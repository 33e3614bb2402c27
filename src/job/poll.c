/*
 * The jobs `close_poll` (again: who was told is not told again, and the end is announced once) and `refresh_poll` (again: the same
 * tallies).
 */
#include "job/job.h"

#include "service/poll.h"

enum err
job_close_poll(struct ctx *c, const struct job *job)
{
    return service_poll_close(c, job->arg_id);
}

enum err
job_refresh_poll(struct ctx *c, const struct job *job)
{
    return service_poll_refresh(c, job->arg_id);
}
