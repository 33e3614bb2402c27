/* Link previews: which link of a post, reading its page once for the whole server.  doc/design/cards.md */
#ifndef SERVICE_CARD_H
#define SERVICE_CARD_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/*
 * The fan_out job: tie a new or edited post to the card of its first link, and have that read when it is new or older than two
 * weeks; for posts of others after a random delay, as all their readers' servers do the same.  s is filled.
 */
NODISCARD enum err service_card_attach(struct ctx *c, const struct status *s);
/* How a page is looked up: the host as an A-label, no fragment.  False for what is no page of somebody else. */
bool service_card_url(struct ctx *c, struct str href, struct str *out);
/* The job: read the page.  Network.  Errors: REMOTE (not now). */
NODISCARD enum err service_card_fetch(struct ctx *c, int64_t id);
/* Public posts with that link, of authors who want to be discovered.  NOT_FOUND: nobody posted it. */
NODISCARD enum err service_card_timeline(struct ctx *c, struct str url, const struct page *p, struct statuses *out);

#endif
