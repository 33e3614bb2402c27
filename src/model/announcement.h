/* What the operators say to everybody. */
#ifndef MODEL_ANNOUNCEMENT_H
#define MODEL_ANNOUNCEMENT_H

#include "base/page.h"
#include "model/reaction.h"
#include "model/status.h"

struct announcement {
    int64_t id;
    struct str text, content; /* Markdown as typed; clean HTML */
    struct ids mention_ids, status_ids;
    struct strs tags, emoji_codes;
    int64_t starts_ms, ends_ms; /* 0: not said */
    bool all_day;
    int64_t published_ms, created_ms, updated_ms; /* published in the future: scheduled */

    /* filled for a viewer */
    bool has_viewer, read;
    struct accounts mentions;
    struct statuses statuses;
    struct emoji_refs emojis;
    struct reactions reactions;
};

struct announcements {
    struct announcement *v;
    size_t n;
};

#endif
