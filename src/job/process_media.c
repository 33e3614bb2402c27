/* The job `process_media`: an upload that waits becomes a film, a sound or a picture.  Again: only what still waits is decoded. */
#include "job/job.h"

#include "service/media.h"

enum err
job_process_media(struct ctx *c, const struct job *job)
{
    return service_media_process(c, job->arg_id, job->tries >= job->tries_max);
}
