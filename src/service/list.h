/* The caller's lists.  NOT_FOUND: no such list, or somebody else's.  Their timelines are in timeline.h. */
#ifndef SERVICE_LIST_H
#define SERVICE_LIST_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/account.h"
#include "model/list.h"

enum {
    LISTS_MAX = 50,
    LIST_MEMBERS_MAX = 7500, /* as many as one may follow */
    LIST_TITLE_CHARS_MAX = 256,
};

struct list_params {
    struct str title; /* p NULL: unchanged */
    int replies;      /* enum list_replies, -1: unchanged */
    int exclusive;    /* -1: unchanged */
};

NODISCARD enum err service_list_all(struct ctx *c, struct lists *out);
NODISCARD enum err service_list_get(struct ctx *c, int64_t id, struct list **out);
NODISCARD enum err service_list_create(struct ctx *c, const struct list_params *p, struct list **out);
NODISCARD enum err service_list_update(struct ctx *c, int64_t id, const struct list_params *p, struct list **out);
NODISCARD enum err service_list_delete(struct ctx *c, int64_t id);
/* Those that this account is in. */
NODISCARD enum err service_list_with(struct ctx *c, int64_t account_id, struct lists *out);

/* Newest member first; limit 0: all of them. */
NODISCARD enum err service_list_members(
    struct ctx *c, int64_t id, const struct page *p, struct accounts *out, struct cursor_ids *cursors);
/* All or none.  NOT_FOUND: one is neither followed, nor asked to be, nor the caller; INVALID: one is a member already. */
NODISCARD enum err service_list_add(struct ctx *c, int64_t id, const struct ids *accounts);
NODISCARD enum err service_list_remove(struct ctx *c, int64_t id, const struct ids *accounts);

#endif
