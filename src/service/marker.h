/*
 * How far the caller has read: the same on all devices.  Timelines are "home" and "notifications", as clients know them, and for those
 * that know more "public", "local", "conversations", "list:ID" and "tag:NAME".
 */
#ifndef SERVICE_MARKER_H
#define SERVICE_MARKER_H

#include "base/ctx.h"
#include "store/notification.h"

enum { MARKERS_MAX = 250 }; /* of an account */

/* Is it the name of a timeline?  *out is the one form of it, in c->mem: hashtags as they are looked up. */
bool service_marker_name(struct ctx *c, struct str name, struct str *out);

/* Those of these timelines that were marked; names by service_marker_name. */
NODISCARD enum err service_marker_get(struct ctx *c, const struct strs *names, struct markers *out);

struct marker_change {
    struct str timeline; /* by service_marker_name */
    int64_t last_read_id;
    int64_t version; /* what the client saw, -1: it does not say */
};
/* All or none; out in the same order.  CONFLICT: another device was faster than `version`.  NOT_FOUND: no such list of the caller's. */
NODISCARD enum err service_marker_put(struct ctx *c, const struct marker_change *v, size_t n, struct markers *out);

#endif
