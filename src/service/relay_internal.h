/* What the files of relays share. */
#ifndef SERVICE_RELAY_INTERNAL_H
#define SERVICE_RELAY_INTERNAL_H

#include "ap/uri.h"
#include "service/relay.h"

/* Our Follow, or its Undo. */
NODISCARD enum err relay_send_follow(struct ctx *c, const struct relay *r, bool undo);
/* Accept or Reject of a Follow of the server. */
NODISCARD enum err relay_send_answer(struct ctx *c, const struct account *to, struct str follow_uri, bool yes);

#endif
