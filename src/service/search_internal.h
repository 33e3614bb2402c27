/* What the files of the search share. */
#ifndef SERVICE_SEARCH_INTERNAL_H
#define SERVICE_SEARCH_INTERNAL_H

#include "service/search.h"

/* Posts of the index that the caller may find; nothing for who is not logged in.  BUSY with a public text when it takes too long. */
NODISCARD enum err search_statuses(struct ctx *c, const struct search_params *p, struct statuses *out);

#endif
