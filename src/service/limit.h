/* What a process that counts rate limits leaves to the next one.  doc/design/limits.md */
#ifndef SERVICE_LIMIT_H
#define SERVICE_LIMIT_H

#include "base/ctx.h"
#include "base/limit_count.h"

/* The windows that still run; *out in c->mem. */
NODISCARD enum err service_limit_load(struct ctx *c, struct limit_count **out, size_t *n);
/* Durable when it returns OK; one transaction. */
NODISCARD enum err service_limit_keep(struct ctx *c, const struct limit_count *v, size_t n);

#endif
