/* What the parts of media share. */
#ifndef SERVICE_MEDIA_INTERNAL_H
#define SERVICE_MEDIA_INTERNAL_H

#include "media/media.h"
#include "model/media.h"

/* What was made, onto the row. */
void media_apply_result(struct media_row *m, const struct media_result *r);
/* What cannot be had or decoded today cannot tomorrow. */
bool media_is_final(enum err e);

#endif
