/* The job `fetch_card`: the page behind a link.  Again: a card that is fresh is left alone. */
#include "job/job.h"

#include "service/card.h"

enum err
job_fetch_card(struct ctx *c, const struct job *job)
{
    return service_card_fetch(c, job->arg_id);
}
