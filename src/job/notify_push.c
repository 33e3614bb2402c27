/* The job `notify_push`: one notification to one subscription.  Again: the device is told twice, and shows one, as the id is the same. */
#include "job/job.h"

#include "base/buf.h"
#include "base/json.h"
#include "service/push.h"
#include "view/view.h"

enum { PAYLOAD_BYTES_MAX = 3800 };

enum err
job_notify_push(struct ctx *c, const struct job *job)
{
    struct push_subscription *p;
    struct push_message m;
    struct buf b;
    struct json j;
    int64_t notification_id;
    enum err e;

    if (!str_int(val_str(val_get(job->args, S("notification"))), &notification_id))
        return ctx_fail(c, ERR_INVALID, "no notification");
    TRY(service_push_load(c, job->arg_id, notification_id, &p, &m));
    if (m.notification == NULL)
        return ERR_OK;
    buf_init(&b, c->mem, PAYLOAD_BYTES_MAX);
    json_init(&j, &b);
    view_push_message(c, &j, &m);
    if (!json_done(&j))
        return ctx_fail(c, ERR_TOO_LARGE, "a message of more than %d bytes", PAYLOAD_BYTES_MAX);
    e = service_push_send(c, p, m.notification, buf_str(&b));
    if (e != ERR_REMOTE || job->tries < job->tries_max)
        return e;
    ctx_ok(c); /* no work for an operator: the service was told to be failing */
    return ERR_OK;
}
