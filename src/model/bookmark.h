/* A folder of bookmarks. */
#ifndef MODEL_BOOKMARK_H
#define MODEL_BOOKMARK_H

#include "base/str.h"

struct bookmark_folder {
    int64_t id, account_id;
    struct str title;
    int64_t created_ms;
    int64_t statuses; /* how many */
};

struct bookmark_folders {
    struct bookmark_folder *v;
    size_t n;
};

#endif
