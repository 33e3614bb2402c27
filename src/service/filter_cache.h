/* Compiled filters of those who read now.  Fixed size: who was not asked for longest goes first.  Any thread. */
#ifndef SERVICE_FILTER_CACHE_H
#define SERVICE_FILTER_CACHE_H

#include "model/filter.h"
#include "text/filter.h"

/* Immutable, in an arena of its own, freed with the last reference. */
struct filter_set {
    struct arena *mem;
    int64_t account_id, version;
    int refs;
    int64_t used;
    struct filters filters;
    struct text_filter *words;
    size_t n_words; /* the keywords of all filters in their order */
};

/* What was compiled of this version, with a reference for the caller; NULL: nothing. */
struct filter_set *filter_cache_get(int64_t account_id, int64_t version);
/* Keep a set, whose one reference stays the caller's; another version of the same account goes. */
void filter_cache_put(struct filter_set *s);
/* Give a reference back. */
void filter_cache_release(void *set);

#endif
