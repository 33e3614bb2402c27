/* Everything somebody has, as one file. */
#ifndef MODEL_ARCHIVE_H
#define MODEL_ARCHIVE_H

#include "base/str.h"

enum archive_state { ARCHIVE_WAITING, ARCHIVE_READY, ARCHIVE_FAILED };
extern const char *const archive_state_names[]; /* NULL-terminated */

struct archive {
    int64_t id, account_id;
    enum archive_state state;
    struct str place; /* key in the media store */
    int64_t bytes, posts, files;
    int64_t left_out; /* files that had no room, or are gone */
    int64_t created_ms, expires_ms;
};

struct archives {
    struct archive *v;
    size_t n;
};

#endif
