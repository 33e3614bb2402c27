/* The handlers of all kinds of jobs (queue/kinds.def); each says how it may run twice.  Those of src/inbox/ are declared here too. */
#ifndef JOB_JOB_H
#define JOB_JOB_H

#include "queue/queue.h"

#define JOB(id, name, lane, tries, backoff, lease_s, unique)                                                           \
    NODISCARD enum err job_##name(struct ctx *c, const struct job *job);
#include "queue/kinds.def"
#undef JOB

#endif
