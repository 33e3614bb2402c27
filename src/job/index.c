/* The jobs that index posts for the search.  Again: a post that is indexed no longer waits, and indexing it twice gives the same. */
#include "job/job.h"

#include "service/search_index.h"

enum err
job_index_statuses(struct ctx *c, const struct job *job)
{
    return service_index_pending(c);
}

enum err
job_index_account(struct ctx *c, const struct job *job)
{
    return service_index_account(c, job->arg_id);
}
