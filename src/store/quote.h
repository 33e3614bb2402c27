/* Quotes.  Who may see what is quoted is decided in service/quote_view.c, never here. */
#ifndef STORE_QUOTE_H
#define STORE_QUOTE_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/status.h"

struct quotes {
    struct quote *v;
    size_t n;
};

/*
 * In a write transaction.  An accepted quote counts in quotes_count of what is quoted: insert, set and delete move the counter.
 * insert: CONFLICT when the post has a quote.  set writes what may change: quoted ids, state, stamp, request, times; the row is locked.
 */
NODISCARD enum err store_quote_insert(struct ctx *c, const struct quote *q);
NODISCARD enum err store_quote_set(struct ctx *c, const struct quote *q);
NODISCARD enum err store_quote_delete(struct ctx *c, const struct quote *q);
/* Before a status is deleted: its own quote is counted no more, those of it become DELETED. */
NODISCARD enum err store_quote_status_gone(struct ctx *c, int64_t status_id);

/* One by its id, or by the post that quotes; as filled.  lock: in a write transaction, nobody changes it until the end.  NOT_FOUND. */
NODISCARD enum err store_quote_get(struct ctx *c, int64_t id, bool lock, struct quote **out);
NODISCARD enum err store_quote_of(struct ctx *c, int64_t status_id, bool lock, struct quote **out);
/* Sets s->quote of all; one query. */
NODISCARD enum err store_quote_fill(struct ctx *c, const struct ids *ids, struct status **v, size_t n);

/* Accepted quotes of a status: ids of the posts, cursors are ids of quotes. */
NODISCARD enum err store_quote_page(struct ctx *c, int64_t quoted_id, const struct page *p, struct cursor_ids *out);
/* Accepted quotes of a status by local accounts: at most limit above after (id of a quote), ascending. */
NODISCARD enum err store_quote_local(
    struct ctx *c, int64_t quoted_id, int64_t after, int64_t limit, struct quotes *out);
/* Accepted quotes by account_id of posts of quoted_account_id: at most limit. */
NODISCARD enum err store_quote_between(
    struct ctx *c, int64_t quoted_account_id, int64_t account_id, int64_t limit, struct quotes *out);
/* Quotes that show a stamp with that URI. */
NODISCARD enum err store_quote_by_approval(struct ctx *c, struct str uri, struct quotes *out);

/* In a write transaction. */
NODISCARD enum err store_status_set_quote_policy(struct ctx *c, int64_t status_id, int policy);

#endif
