/* Old posts that go by themselves: which, and which stay. */
#ifndef MODEL_CLEANUP_H
#define MODEL_CLEANUP_H

#include "base/def.h"

struct cleanup {
    int64_t account_id;
    bool enabled;
    int64_t min_age_s;
    bool keep_direct, keep_pinned, keep_polls, keep_media, keep_own_favourites, keep_own_bookmarks;
    int64_t min_favourites, min_reblogs; /* kept from so many on; 0: never for that */
    int64_t after_id;                    /* posts up to it were looked at */
    int64_t next_ms;                     /* when it is looked at again */
};

struct cleanups {
    struct cleanup *v;
    size_t n;
};

#endif
