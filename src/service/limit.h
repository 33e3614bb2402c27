/* What a process that counts rate limits leaves to the next one.  doc/design/limits.md */
#ifndef SERVICE_LIMIT_H
#define SERVICE_LIMIT_H

#include "base/ctx.h"
#include "base/limit_count.h"

/*
 * The seed of the keys, made at the first start and sealed with the server key; and the windows that still run.  With another server
 * key a new seed is made, and what was kept means nothing any more.
 */
NODISCARD enum err service_limit_load(struct ctx *c, uint64_t seed[2], struct limit_count **out, size_t *n);
/* Durable when it returns OK; one transaction. */
NODISCARD enum err service_limit_keep(struct ctx *c, const struct limit_count *v, size_t n);

#endif
