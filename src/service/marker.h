/* How far the caller has read: the same on all devices. */
#ifndef SERVICE_MARKER_H
#define SERVICE_MARKER_H

#include "base/ctx.h"
#include "store/notification.h"

enum marker_timeline { MARKER_HOME, MARKER_NOTIFICATIONS, MARKER_COUNT };
extern const char *const marker_names[]; /* "home", "notifications", NULL */

/* out[i] is NULL where nothing was marked or wanted[i] is false. */
NODISCARD enum err service_marker_get(struct ctx *c, const bool wanted[MARKER_COUNT], struct marker *out[MARKER_COUNT]);
/* last_read_id[i] 0: left alone.  Both in one transaction.  CONFLICT: another device was writing. */
NODISCARD enum err service_marker_put(
    struct ctx *c, const int64_t last_read_id[MARKER_COUNT], struct marker *out[MARKER_COUNT]);

#endif
