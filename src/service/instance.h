/* What the server says about itself. */
#ifndef SERVICE_INSTANCE_H
#define SERVICE_INSTANCE_H

#include "base/ctx.h"
#include "model/instance.h"

/* Everything; the counts may be a minute old. */
NODISCARD enum err service_instance_get(struct ctx *c, struct instance_info *out);
/*
 * What was answered within the last minute, if no setting, rule or text was changed since; STR_NONE: make it and keep it, with this version,
 * which was read before.  The same bytes for everybody.
 */
enum instance_answer { INSTANCE_V1, INSTANCE_V2, INSTANCE_ANSWERS };
NODISCARD enum err service_instance_answer(
    struct ctx *c, enum instance_answer which, struct str *out, int64_t *version);
void service_instance_answer_keep(enum instance_answer which, int64_t version, struct str bytes);
/* What an admin set, without contact, rules and counts. */
NODISCARD enum err service_instance_settings(struct ctx *c, struct instance_info *out);
enum { INSTANCE_WEEKS = 12 };
struct instance_week {
    int64_t begin_ms; /* Monday, midnight UTC */
    int64_t statuses, logins, registrations;
};
/* Activity of our people, newest week first. */
NODISCARD enum err service_instance_activity(struct ctx *c, struct instance_week out[INSTANCE_WEEKS]);
/* Domains of known accounts. */
NODISCARD enum err service_instance_peers(struct ctx *c, struct strs *out);
/* At most ten of them that begin with q, in any case. */
NODISCARD enum err service_instance_peers_like(struct ctx *c, struct str q, struct strs *out);
/* Custom emoji of ours. */
NODISCARD enum err service_instance_emojis(struct ctx *c, struct emoji_refs *out);

#endif
