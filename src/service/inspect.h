/* Looking at something of another server as a fetch would, step by step, for an operator who wonders.  Nothing is kept. */
#ifndef SERVICE_INSPECT_H
#define SERVICE_INSPECT_H

#include "base/ctx.h"

enum { INSPECT_STEPS_MAX = 40 };
enum inspect_result { INSPECT_OK, INSPECT_FAIL, INSPECT_NOTE };
struct inspect_step {
    const char *name; /* address, policy, webfinger, request, type, document, id, owner, keys, … */
    enum inspect_result result;
    struct str text;
};
struct inspection {
    struct inspect_step v[INSPECT_STEPS_MAX];
    size_t n;
    bool accepted; /* it would be */
};

/* what: a web address, or user@domain.  Uses the network; what is wrong with the thing is a step, not an error. */
NODISCARD enum err service_inspect(struct ctx *c, struct str what, struct inspection *out);

#endif
