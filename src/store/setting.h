/* Things an admin changes at run time: named settings and rules. */
#ifndef STORE_SETTING_H
#define STORE_SETTING_H

#include "base/ctx.h"
#include "model/instance.h"

/* dflt when not set. */
NODISCARD enum err store_setting_get(struct ctx *c, const char *name, struct str dflt, struct str *out);
NODISCARD enum err store_setting_put(struct ctx *c, const char *name, struct str value);

NODISCARD enum err store_rule_list(struct ctx *c, struct rules *out);
NODISCARD enum err store_setting_delete(struct ctx *c, const char *name);
NODISCARD enum err store_rule_delete(struct ctx *c, int64_t id, bool *removed);
NODISCARD enum err store_rule_put(struct ctx *c, struct str text, struct str hint);

#endif
