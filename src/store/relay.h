/* Relays: servers that pass on the public posts of many, and ours to them. */
#ifndef STORE_RELAY_H
#define STORE_RELAY_H

#include "base/ctx.h"

enum relay_kind { RELAY_MASTODON, RELAY_LITEPUB };
enum relay_state {
    RELAY_NEW,   /* to be asked */
    RELAY_ASKED, /* our Follow is on its way, or waits for the answer */
    RELAY_ON,
    RELAY_REFUSED,
    RELAY_LEAVING, /* the Undo is to be sent */
};

struct relay {
    int64_t id;
    enum relay_kind kind;
    enum relay_state state;
    struct str url, inbox, actor_uri, follow_uri;
    int64_t posts, heard_ms, created_ms;
    struct str last_error;
};
struct relays {
    struct relay *v;
    size_t n;
};

NODISCARD enum err store_relay_list(struct ctx *c, struct relays *out);
NODISCARD enum err store_relay_get(struct ctx *c, int64_t id, struct relay **out); /* NOT_FOUND */
/* CONFLICT: the url is there. */
NODISCARD enum err store_relay_insert(struct ctx *c, const struct relay *r);
/* state, inbox, actor_uri, last_error. */
NODISCARD enum err store_relay_update(struct ctx *c, const struct relay *r);
NODISCARD enum err store_relay_delete(struct ctx *c, int64_t id);
/* One more post of the minute that began at window_ms, when there are fewer than max; *ok false: too many. */
NODISCARD enum err store_relay_take(
    struct ctx *c, int64_t id, int64_t window_ms, int64_t max, int64_t now_ms, bool *ok);
/* A post came in by it. */
NODISCARD enum err store_relay_counted(struct ctx *c, int64_t id);

#endif
