/* Ids of accounts or statuses, each with the cursor of the row that lists it (mastodon.md 4.1: the cursor is often not the id). */
#ifndef STORE_CURSOR_H
#define STORE_CURSOR_H

#include "base/def.h"

struct cursor_ids {
    int64_t *id, *cursor;
    size_t n;
};

#endif
