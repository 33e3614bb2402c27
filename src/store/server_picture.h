/* Pictures of the server itself, by name. */
#ifndef STORE_SERVER_PICTURE_H
#define STORE_SERVER_PICTURE_H

#include "base/ctx.h"
#include "model/instance.h"

NODISCARD enum err store_server_picture_get(struct ctx *c, struct str name, struct server_picture *out); /* NOT_FOUND */
/* In place of the one that was there, whose files go; p->file empty: none any more.  Write transaction. */
NODISCARD enum err store_server_picture_put(struct ctx *c, struct str name, const struct server_picture *p);

#endif
