/* Link previews, and which posts show them. */
#ifndef STORE_CARD_H
#define STORE_CARD_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

/* NOT_FOUND. */
NODISCARD enum err store_card_get(struct ctx *c, int64_t id, struct card **out);
/* The same in a write transaction, held until its end. */
NODISCARD enum err store_card_hold(struct ctx *c, int64_t id, struct card **out);
NODISCARD enum err store_card_by_url(struct ctx *c, struct str url, struct card **out);
/* The card of a post, whatever its state; 0 in *out: none. */
NODISCARD enum err store_card_of(struct ctx *c, int64_t status_id, int64_t *out);
/* Sets s->card of all where it is ready, with its creator when that agrees; at most three queries. */
NODISCARD enum err store_card_fill(struct ctx *c, const struct ids *ids, struct status **v, size_t n);

/* In the order of ids, with their creators; those that are gone are left out. */
NODISCARD enum err store_card_list(struct ctx *c, const struct ids *ids, struct cards *out);

/* In a write transaction.  make: the row of that URL, waiting when it is new. */
NODISCARD enum err store_card_make(struct ctx *c, struct str url, struct card **out);
NODISCARD enum err store_card_set(struct ctx *c, const struct card *card);
NODISCARD enum err store_card_attach(struct ctx *c, int64_t status_id, int64_t card_id);
NODISCARD enum err store_card_detach(struct ctx *c, int64_t status_id);
/* Those that no post shows any more, read before that moment; a portion.  Their pictures die. */
NODISCARD enum err store_card_prune(struct ctx *c, int64_t before_ms);

/* Public posts that show it, of authors who want to be discovered; ids only. */
NODISCARD enum err store_card_page(struct ctx *c, int64_t card_id, const struct page *p, struct ids *out);

#endif
