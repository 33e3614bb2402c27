/* What an operator thinks of other servers. */
#ifndef SERVICE_DOMAIN_H
#define SERVICE_DOMAIN_H

#include "base/ctx.h"
#include "model/instance.h"
#include "store/federation.h"

extern const char *const domain_severity_names[]; /* noop, silence, suspend; ends with NULL */

NODISCARD enum err service_domain_list(struct ctx *c, struct domain_policies *out);
/* What is limited or suspended, as the settings let the caller see it.  NOT_FOUND: nothing is, UNAUTHORIZED: our people only. */
NODISCARD enum err service_domain_published(struct ctx *c, struct published_blocks *out);
/*
 * Put a policy in the place of what held for the domain and those below it.  Accounts that are here already are limited or suspended, or
 * are no longer when only the policy did that; nothing is deleted.  INVALID with a public text: no domain, or our own.
 */
NODISCARD enum err service_domain_set(struct ctx *c, const struct domain_policy *p);
/* No policy any more.  NOT_FOUND with a public text. */
NODISCARD enum err service_domain_allow(struct ctx *c, struct str domain);

#endif
