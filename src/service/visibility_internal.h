/* The parts of the visibility function, for what stands inside other posts (quote_view.c). */
#ifndef SERVICE_VISIBILITY_INTERNAL_H
#define SERVICE_VISIBILITY_INTERNAL_H

#include "model/relation.h"
#include "service/visibility.h"

/* What the viewer is to each author and to each reblogged author, found once for the whole batch; sorted by target. */
NODISCARD enum err visible_relations(struct ctx *c, int64_t viewer, struct status **v, size_t n, struct relations *out);
/* To one of them; never NULL. */
const struct relation *visible_relation(const struct relations *all, int64_t account_id);
/* One status by itself, whatever it reblogs. */
bool visible_alone(int64_t viewer, enum view_purpose purpose, const struct status *s, const struct relation *r);

#endif
