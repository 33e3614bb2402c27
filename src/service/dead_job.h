/* Jobs that were given up, for the operator. */
#ifndef SERVICE_DEAD_JOB_H
#define SERVICE_DEAD_JOB_H

#include "queue/queue.h"

NODISCARD enum err service_dead_job_list(struct ctx *c, struct dead_job **out, size_t *n);
/* From the beginning; or forget it.  NOT_FOUND with a public text. */
NODISCARD enum err service_dead_job_retry(struct ctx *c, int64_t id);
NODISCARD enum err service_dead_job_drop(struct ctx *c, int64_t id);

#endif
