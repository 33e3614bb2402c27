/* Work that goes on after an answer; clients ask until it is done.  https://docs.joinmastodon.org/methods/async_refreshes/ */
#ifndef SERVICE_ASYNC_REFRESH_H
#define SERVICE_ASYNC_REFRESH_H

#include "base/ctx.h"
#include "model/async_refresh.h"

/* Work of the caller's that goes on: NOT_FOUND when it is over for an hour. */
NODISCARD enum err service_async_get(struct ctx *c, int64_t id, struct async_refresh *out);

#endif
