/* A list of people that somebody follows, with a timeline of its own. */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include "base/str.h"

/* Which replies of members are shown besides those to themselves and to the owner.  Stored as numbers. */
enum list_replies { REPLIES_LIST, REPLIES_FOLLOWED, REPLIES_NONE };
extern const char *const list_replies_names[]; /* NULL-terminated */

struct list {
    int64_t id, account_id;
    struct str title;
    enum list_replies replies;
    bool exclusive; /* what members write is not shown in the home */
    int64_t created_ms;
};

struct lists {
    struct list *v;
    size_t n;
};

#endif
