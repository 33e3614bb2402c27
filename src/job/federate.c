/* The job `federate`: an action becomes an activity with a delivery for each inbox.  Again: the same activity, what is missing is added. */
#include "job/job.h"

#include "ap/vocab.h"
#include "service/federate.h"
#include "service/outgoing.h"
#include "service/relay.h"

/* Relays that want to hear from the server itself. */
static enum err
tell_relays(struct ctx *c, const struct fed_action *a)
{
    if (a->kind == FED_STATUS_CREATE)
        return service_relay_announce(c, a->status_id);
    if (a->kind == FED_STATUS_DELETE && strs_has(&a->to, S(AP_PUBLIC_ID)))
        return service_relay_withdraw(c, a->object_uri);
    return ERR_OK;
}

enum err
job_federate(struct ctx *c, const struct job *job)
{
    struct fed_action a;
    struct outgoing out;

    TRY(service_federate_read(c, job->args, &a));
    TRY(service_outgoing_build(c, &a, job->id, &out));
    TRY(tell_relays(c, &a));
    if (out.activity.body.n == 0 || out.inboxes.n == 0)
        return ERR_OK;
    return service_delivery_send(c, &out.activity, &out.inboxes, out.priority);
}
