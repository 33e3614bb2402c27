/* What a user chose for new posts. */
#ifndef SERVICE_PREFERENCES_H
#define SERVICE_PREFERENCES_H

#include "base/ctx.h"
#include "model/status.h"

struct post_defaults {
    enum visibility visibility;
    bool sensitive;
    enum quote_choice quote; /* who may quote public posts */
    struct str language;     /* empty: unknown */
};

/* Of the caller's user. */
NODISCARD enum err service_post_defaults(struct ctx *c, struct post_defaults *out);
/* In a write transaction. */
NODISCARD enum err service_post_defaults_put(struct ctx *c, const struct post_defaults *d);

#endif
