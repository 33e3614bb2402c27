/* Looking again at remote accounts whose inbox does not answer as it should. */
#ifndef SERVICE_REFRESH_H
#define SERVICE_REFRESH_H

#include "base/ctx.h"

/*
 * Read again the actors with that inbox, personal or shared; those that are gone (410) are deleted.  At most 20: of a large server they
 * bring its new shared inbox.  Network.
 */
NODISCARD enum err service_refresh_inbox(struct ctx *c, struct str inbox);

#endif
