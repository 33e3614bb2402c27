/* What people do with a post, and what its author says about that.  doc/design/interaction-policy.md */
#ifndef MODEL_INTERACTION_H
#define MODEL_INTERACTION_H

#include "base/str.h"

enum interaction { INTERACT_LIKE, INTERACT_REPLY, INTERACT_ANNOUNCE, INTERACT_COUNT };
extern const char *const interaction_names[]; /* as clients get them: favourite, reply, reblog; NULL-terminated */

/* The consent that a reply or boost needs; the number is stored. */
enum approval {
    APPROVAL_FREE,    /* none is needed */
    APPROVAL_WAITING, /* asked for, or not proven: only its author sees it */
    APPROVAL_REFUSED, /* the same for good */
    APPROVAL_GIVEN,
};
extern const char *const approval_names[]; /* NULL-terminated */

static inline bool
approval_is_open(enum approval a)
{
    return a == APPROVAL_FREE || a == APPROVAL_GIVEN;
}

/*
 * A policy of a post: 16 bits for each kind, 0 for everybody; else INTERACT_SAID, the groups to whom it is granted at once and,
 * shifted, those about whom the author decides (bits QUOTE_BY_*).
 */
enum { INTERACT_BITS = 16, INTERACT_SAID = 1 << 15, INTERACT_MANUAL_SHIFT = 8 };

static inline int
interaction_part(int64_t policy, enum interaction kind)
{
    return (int)(policy >> (INTERACT_BITS * (int)kind) & 0xffff);
}

/* Whom the policy names one by one, by the ids of their actors. */
struct interaction_people {
    struct strs v[INTERACT_COUNT];
};

#endif
