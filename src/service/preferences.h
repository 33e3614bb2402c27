/* What a user chose (model/preferences.h). */
#ifndef SERVICE_PREFERENCES_H
#define SERVICE_PREFERENCES_H

#include "base/ctx.h"
#include "base/val.h"
#include "model/preferences.h"

/* Of the caller's user; the defaults for nobody. */
NODISCARD enum err service_preferences(struct ctx *c, struct preferences *out);
/* In a write transaction. */
NODISCARD enum err service_preferences_put(struct ctx *c, const struct preferences *p);
/* Those that stand in v, by their names in the API; the others stay.  "locale" is the language of the interface.  INVALID. */
NODISCARD enum err service_preferences_change(struct ctx *c, const struct val *v, struct preferences *out);

#endif
