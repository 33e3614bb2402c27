/* Keys of hashes that outlive a process: of rate limits, of addresses. */
#ifndef SERVICE_SEED_H
#define SERVICE_SEED_H

#include "base/ctx.h"

/*
 * The seed of that name ("limit_seed"), made at the first start and sealed with the server key; all processes on one database have the
 * same.  With another server key a new one is made.
 */
NODISCARD enum err service_seed(struct ctx *c, const char *name, uint64_t seed[2]);

#endif
