/* The job `delete_account`.  Again: it goes on where it was. */
#include "job/job.h"

#include "base/clock.h"
#include "service/prune.h"

enum err
job_delete_account(struct ctx *c, const struct job *job)
{
    struct job_opts opts = { 0 };
    int64_t later_ms;
    enum err e = service_account_erase(c, job->arg_id, &later_ms);

    if (e != ERR_OK || later_ms == 0)
        return e;
    opts.run_at_ms = clock_ms() + later_ms;
    TRY(db_begin(c, DB_WRITE));
    TRY(queue_put(c, J_DELETE_ACCOUNT, str_fmt(c->mem, "{\"id\":\"%lld\"}", (long long)job->arg_id), &opts));
    return db_commit(c);
}
