/* Answers of the translation service. */
#ifndef STORE_TRANSLATION_H
#define STORE_TRANSLATION_H

#include "base/ctx.h"

/* What was answered after that moment; p NULL in *out: nothing. */
NODISCARD enum err store_translation_get(struct ctx *c, struct str digest, int64_t after_ms, struct str *out);
/* In a write transaction. */
NODISCARD enum err store_translation_put(struct ctx *c, struct str digest, struct str body);
NODISCARD enum err store_translation_prune(struct ctx *c, int64_t before_ms);

#endif
