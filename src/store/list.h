/* Lists and their members.  What belongs into the timeline of a list is in home.h. */
#ifndef STORE_LIST_H
#define STORE_LIST_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/list.h"

NODISCARD enum err store_list_all(struct ctx *c, int64_t account_id, struct lists *out);             /* oldest first */
NODISCARD enum err store_list_get(struct ctx *c, int64_t account_id, int64_t id, struct list **out); /* NOT_FOUND */
/* Those of account_id that have this member. */
NODISCARD enum err store_list_with(struct ctx *c, int64_t account_id, int64_t member_id, struct lists *out);
/* In a write transaction: inserts, or changes the one with this id. */
NODISCARD enum err store_list_put(struct ctx *c, const struct list *l);
NODISCARD enum err store_list_delete(struct ctx *c, int64_t id);

NODISCARD enum err store_list_members(struct ctx *c, int64_t id, const struct page *p, struct cursor_ids *out);
NODISCARD enum err store_list_member_count(struct ctx *c, int64_t id, int64_t *out);
NODISCARD enum err store_list_member_add(struct ctx *c, int64_t id, int64_t member_id); /* CONFLICT */
NODISCARD enum err store_list_member_remove(struct ctx *c, int64_t id, const struct ids *members);
/* From all lists of account_id: when the follow ends. */
NODISCARD enum err store_list_forget(struct ctx *c, int64_t account_id, int64_t member_id);
/* Members of the exclusive lists of account_id, sorted. */
NODISCARD enum err store_list_exclusive(struct ctx *c, int64_t account_id, struct ids *out);

#endif
