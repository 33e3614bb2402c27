/* Posts that delete themselves. */
#ifndef SERVICE_EXPIRY_H
#define SERVICE_EXPIRY_H

#include "base/ctx.h"
#include "model/post.h"
#include "model/status.h"

/* The time from the parameters, 0: never.  INVALID: sooner than five minutes or later than five years. */
NODISCARD enum err service_expiry_draft(struct ctx *c, const struct post_params *p, int64_t *out);
/* In the write transaction of a post or edit: its job, moved or taken away. */
NODISCARD enum err service_expiry_put(struct ctx *c, const struct status *s);
/* The job: the post goes, here and elsewhere. */
NODISCARD enum err service_expiry_run(struct ctx *c, int64_t status_id);

#endif
