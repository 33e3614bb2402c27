/* What move.c and move_out.c share. */
#ifndef SERVICE_MOVE_INTERNAL_H
#define SERVICE_MOVE_INTERNAL_H

#include "base/ctx.h"
#include "model/account.h"

/* Does `of` say that uri is another account of the same person? */
bool move_is_alias(const struct account *of, struct str uri);
/* In a write transaction: `from` points at `to`. */
NODISCARD enum err move_put(struct ctx *c, struct account *from, const struct account *to);
/* In a write transaction: remembered for the pause, and whoever is concerned here follows by a job. */
NODISCARD enum err move_people(struct ctx *c, const struct account *from, const struct account *to);

#endif
