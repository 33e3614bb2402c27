/* Pictures of the server itself: the one that stands for it in lists and links, and the icon of apps. */
#ifndef SERVICE_SERVER_PICTURE_H
#define SERVICE_SERVER_PICTURE_H

#include "base/ctx.h"
#include "model/instance.h"

enum { SERVER_PICTURE_CHARS_MAX = 1500 };

extern const char *const server_picture_names[]; /* thumbnail, icon; ends with NULL */
/* Decode and keep in place of what was there; no bytes: none any more.  INVALID, NOT_FOUND (no such name): with a public text. */
NODISCARD enum err service_server_picture_set(struct ctx *c, struct str name, struct str bytes, struct str description);
NODISCARD enum err service_server_pictures(struct ctx *c, struct server_picture out[SERVER_PICTURE_COUNT]);

#endif
