/* Shared by the files of configuration: the table itself.  Only src/base includes this. */
#ifndef BASE_INTERNAL_H
#define BASE_INTERNAL_H

#include "base/conf.h"

enum conf_type { CONF_TYPE_STR, CONF_TYPE_STRS, CONF_TYPE_INT, CONF_TYPE_BOOL };

struct conf_key {
    const char *name;
    enum conf_type type;
    size_t offset;
    const char *dflt;
    int64_t min, max;
    const char *unit;
    bool secret;
    const char *text;
};

/* NULL when there is no such key. */
const struct conf_key *conf_key_find(struct str name);
/* The member of out that belongs to k; the caller knows its type. */
void *conf_key_value(const struct conf_key *k, struct config *out);

/* Judge the values and their combinations, then fill what is derived.  Errors: INVALID with *why filled. */
NODISCARD enum err conf_check(struct arena *a, struct config *out, struct conf_error *why);

#endif
