/* Links of profiles: verified when the page links back with rel="me". */
#ifndef SERVICE_LINKS_H
#define SERVICE_LINKS_H

#include "base/ctx.h"

/*
 * Fetch what the fields of a local account link to and note which pages link back to the profile.  A field that was verified stays so
 * when its page cannot be reached now; it loses it when the page came without the link.  Other servers are told of changes.  Network.
 */
NODISCARD enum err service_account_verify_links(struct ctx *c, int64_t id);

#endif
