/* Cursor paging and lists of ids: read by http/params, used by services and stores. */
#ifndef BASE_PAGE_H
#define BASE_PAGE_H

#include "base/def.h"

struct arena;

/* Cursors (docs.joinmastodon.org/api/guidelines/#pagination).  0: not given.  With min_id the page next to it, else the newest; always newest first in the answer. */
struct page {
    int64_t max_id, since_id, min_id;
    int64_t limit;
};

struct ids {
    int64_t *v;
    size_t n;
};

/* A set: room for `max`, filled with ids_add, then sorted. */
struct ids ids_new(struct arena *mem, size_t max);
void ids_add(struct ids *ids, int64_t id); /* 0 is left out */
void ids_sort(struct ids *ids);            /* and make unique */
/* Where id stands in a sorted one; NULL: not there. */
const int64_t *ids_find(const struct ids *ids, int64_t id);
bool ids_has(const struct ids *ids, int64_t id);

/* Ids of accounts or statuses, each with the cursor of the row that lists it (often not the id). */
struct cursor_ids {
    int64_t *id, *cursor;
    size_t n;
};

#endif
