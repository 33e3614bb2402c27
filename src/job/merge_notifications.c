/* The job `merge_notifications`: a request was accepted.  Again: nothing is held back any more. */
#include "job/job.h"

#include "service/notification.h"

enum err
job_merge_notifications(struct ctx *c, const struct job *job)
{
    int64_t from;

    if (!str_int(val_str(val_get(job->args, S("from"))), &from))
        return ctx_fail(c, ERR_INVALID, "merge without a sender");
    return service_notification_merge(c, job->arg_id, from);
}
