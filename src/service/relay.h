/*
 * Relays (FEP-ae0c, doc/design/relays.md): an operator subscribes the server to them.  What they name is fetched from where it belongs; a
 * relay has no say in anything.
 */
#ifndef SERVICE_RELAY_H
#define SERVICE_RELAY_H

#include "model/status.h"
#include "service/resolve.h"
#include "store/relay.h"

enum { RELAYS_MAX = 50, RELAY_POSTS_A_MINUTE = 300 };

extern const char *const relay_kind_names[], *const relay_state_names[];

/* ---- the operator ------------------------------------------------------------------------------------------------ */

/* url is an inbox, or for LitePub an actor.  INVALID with a public text: no address, closed here, there already, too many. */
NODISCARD enum err service_relay_add(struct ctx *c, struct str url, enum relay_kind kind);
NODISCARD enum err service_relay_list(struct ctx *c, struct relays *out);
NODISCARD enum err service_relay_remove(struct ctx *c, struct str url); /* NOT_FOUND with a public text */
/* The job: ask, or leave.  Uses the network. */
NODISCARD enum err service_relay_run(struct ctx *c, int64_t id);

/* ---- what comes in: from is the proven sender -------------------------------------------------------------------- */

/* The answer to our Follow with that id; *ours false: it is about something else. */
NODISCARD enum err service_relay_answered(
    struct ctx *c, const struct account *from, struct str follow_uri, bool yes, bool *ours);
/* A Follow of the server itself: yes to a relay that we follow, no to everybody else. */
NODISCARD enum err service_relay_followed(struct ctx *c, const struct account *from, struct str follow_uri);
/* May this sender, named by its actor id, bring one more post?  False too when it is no relay of ours, with *is_relay false. */
NODISCARD enum err service_relay_may_bring(struct ctx *c, struct str actor_uri, bool *is_relay, bool *may);
/*
 * A post that a relay names: fetched and kept when it is new, shown as boosted by nobody; changed (it is said to be edited or deleted):
 * read again when it is here.  *is_relay false: nothing was done.
 */
NODISCARD enum err service_relay_take(
    struct ctx *c, struct budget *b, const struct account *from, struct str uri, bool changed, bool *is_relay);

/* ---- what goes out ------------------------------------------------------------------------------------------------ */

/* Is it a post of ours that relays get? */
bool service_relay_wants(const struct status *s);
/* Inboxes of those that take a new post as it is, or with change its edit or Delete, which all do. */
NODISCARD enum err service_relay_inboxes(struct ctx *c, bool change, struct strs *out);
/* To those that take Announces of the server (LitePub): a new post; the same twice is sent once. */
NODISCARD enum err service_relay_announce(struct ctx *c, int64_t status_id);
/* And that it is gone. */
NODISCARD enum err service_relay_withdraw(struct ctx *c, struct str status_uri);

#endif
