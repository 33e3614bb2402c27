/*
 * What the web client keeps for its person on every device: how it looks, which columns.  Opaque: one object whose members the client
 * names.  The server's own settings are in service/preferences.h.
 */
#ifndef SERVICE_CLIENT_SETTINGS_H
#define SERVICE_CLIENT_SETTINGS_H

#include "base/ctx.h"
#include "base/val.h"

enum {
    CLIENT_SETTINGS_BYTES_MAX = 16 * 1024, /* of the whole as JSON */
    CLIENT_SETTINGS_MAX = 50,              /* members */
    CLIENT_SETTINGS_NAME_BYTES_MAX = 50,
    CLIENT_SETTINGS_DEPTH_MAX = 8,
};

/* Of the caller: JSON text of an object, {} for nothing. */
NODISCARD enum err service_client_settings(struct ctx *c, struct str *out);
/*
 * The members of `change` take the place of those with their names, null takes one away, the others stay: so two devices that change
 * different things lose nothing.  *out is the whole.  Other devices are told.  INVALID with a public text: not an object, a limit.
 */
NODISCARD enum err service_client_settings_change(struct ctx *c, const struct val *change, struct str *out);

#endif
