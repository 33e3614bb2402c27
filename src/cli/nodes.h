/*
 * This process among others on the same database: starting the bridge (hub/bridge.h), and what of the memory of each the others must hear
 * of: rings of homes and rate limits; and its number among them, which stands in its ids (base/id.h).  Implemented in src/nodes.c, where everything may be seen.  doc/design/growing.md
 */
#ifndef CLI_NODES_H
#define CLI_NODES_H

#include "base/ctx.h"

/* Sets env->bridge, unless the configuration or SQLite says that there is nobody.  Before anybody publishes.  INTERNAL: no thread. */
NODISCARD enum err nodes_join(struct env *env);
/* After everybody who publishes or makes ids has ended. */
void nodes_leave(struct env *env);
/* Tell the others what was counted here; once a second. */
void nodes_tell_limits(const struct env *env);
/* Keep our number, or look for one; before the first id is made, and once a second. */
void nodes_keep_number(const struct env *env);

#endif
