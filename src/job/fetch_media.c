/* The jobs `fetch_media`, `fetch_account` and `fetch_emoji`: pictures of other servers into the cache.  Again: what is there already is left alone. */
#include "job/job.h"

#include "service/media.h"

enum err
job_fetch_media(struct ctx *c, const struct job *job)
{
    return service_media_fetch(c, job->arg_id);
}

enum err
job_fetch_account(struct ctx *c, const struct job *job)
{
    return service_media_fetch_account(c, job->arg_id);
}

enum err
job_fetch_emoji(struct ctx *c, const struct job *job)
{
    return service_media_fetch_emoji(c, job->arg_id);
}
