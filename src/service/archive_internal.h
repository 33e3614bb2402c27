/* What the files about archives share. */
#ifndef SERVICE_ARCHIVE_INTERNAL_H
#define SERVICE_ARCHIVE_INTERNAL_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/archive.h"
#include "media/zip.h"

/* All that the account has, as entries; counts into *r.  c->who is the owner.  TOO_LARGE: even the posts have no room. */
NODISCARD enum err archive_write(struct ctx *c, struct zip *z, struct account *a, struct archive *r);

#endif
