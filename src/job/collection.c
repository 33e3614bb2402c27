/* The jobs `read_collection` and `read_collections`: what another server says now.  Again: the same, or what is newer. */
#include "job/job.h"

#include "service/receive_collection.h"

enum err
job_read_collection(struct ctx *c, const struct job *job)
{
    return service_collection_read(c, job->arg_id, val_int(val_get(job->args, S("first")), 0));
}

enum err
job_read_collections(struct ctx *c, const struct job *job)
{
    return service_collections_read(c, job->arg_id);
}
