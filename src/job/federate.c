/* The job `federate`: an action becomes an activity with a delivery for each inbox.  Again: the same activity, what is missing is added. */
#include "job/job.h"

#include "service/federate.h"
#include "service/outgoing.h"

enum err
job_federate(struct ctx *c, const struct job *job)
{
    struct fed_action a;
    struct outgoing out;

    TRY(service_federate_read(c, job->args, &a));
    TRY(service_outgoing_build(c, &a, job->id, &out));
    if (out.activity.body.n == 0 || out.inboxes.n == 0)
        return ERR_OK;
    return service_delivery_send(c, &out.activity, &out.inboxes, out.priority);
}
