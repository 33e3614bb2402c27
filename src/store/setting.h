/* Things an admin changes at run time: named settings, rules and terms.  Each change counts the version up. */
#ifndef STORE_SETTING_H
#define STORE_SETTING_H

#include "base/ctx.h"
#include "model/instance.h"

/* dflt when not set. */
NODISCARD enum err store_setting_get(struct ctx *c, const char *name, struct str dflt, struct str *out);
NODISCARD enum err store_setting_put(struct ctx *c, const char *name, struct str value);
/*
 * A number that is another one after each change of a setting, rule, translation or terms, by whatever process: what was made of them is
 * kept with it.  The first change makes it 1.
 */
NODISCARD enum err store_setting_version(struct ctx *c, int64_t *out);
/* Count it up: something changed that is shown with the settings and kept elsewhere.  Write transaction. */
NODISCARD enum err store_setting_touch(struct ctx *c);

/* With their translations, in two queries. */
NODISCARD enum err store_rule_list(struct ctx *c, struct rules *out);
NODISCARD enum err store_setting_delete(struct ctx *c, const char *name);
NODISCARD enum err store_rule_delete(struct ctx *c, int64_t id, bool *removed);
NODISCARD enum err store_rule_put(struct ctx *c, struct str text, struct str hint);
/* text empty: take the translation back. */
NODISCARD enum err store_rule_translate(struct ctx *c, int64_t id, const struct rule_text *t);

/* By day of effect, the first first. */
NODISCARD enum err store_terms_list(struct ctx *c, struct terms_list *out);
NODISCARD enum err store_terms_put(struct ctx *c, const struct terms *t);
NODISCARD enum err store_terms_delete(struct ctx *c, int64_t effective_ms, bool *removed);

#endif
