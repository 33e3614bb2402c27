/* The job `import`.  Again: rows that are done stay done, and the verbs of the others may be repeated. */
#include "job/job.h"

#include "service/exchange.h"

enum err
job_import(struct ctx *c, const struct job *job)
{
    return service_import_run(c, job->arg_id);
}
