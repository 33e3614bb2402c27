/* What the services share and nobody else needs. */
#ifndef SERVICE_INTERNAL_H
#define SERVICE_INTERNAL_H

#include "base/conf.h"
#include "base/ctx.h"
#include "model/status.h"
#include "service/preferences.h"
#include "text/format.h"

/* Text of a local account made into HTML with people resolved from the store (and `known` first). */
struct formatted {
    struct str html;
    struct mention_ref *mentions;
    size_t n_mentions;
    struct tag_ref *tags; /* folded and shown names; ids 0 */
    size_t n_tags;
    struct strs shortcodes;
};

enum compose_kind { COMPOSE_PLAIN, COMPOSE_MARKDOWN, COMPOSE_LINE };
/*
 * Format text of ours.  Unknown remote mentions are looked up over the network when resolve is set (no transaction open then);
 * those that nobody knows stay text.
 */
NODISCARD enum err service_compose(
    struct ctx *c, struct str text, enum compose_kind kind, bool resolve, struct formatted *out);

/* The caller's account; UNAUTHORIZED when there is none. */
NODISCARD enum err service_me(struct ctx *c, struct account **out);
/* The same in a write transaction, to write it: store_account_hold. */
NODISCARD enum err service_me_held(struct ctx *c, struct account **out);

/* Those of these accounts who are not suspended, in the order of the ids, filled. */
NODISCARD enum err service_accounts_present(struct ctx *c, const struct ids *ids, struct accounts *out);

/* The status that an act of the caller on id means: the original of a reblog. */
NODISCARD enum err service_act_target(struct ctx *c, int64_t id, struct status **out);
/*
 * Taking one's own act back never needs to see the post: its author may have blocked the caller, or made it private.  What is known of
 * an invisible post is that it is there; *out has nothing that was written.  Without the act it is as unknown as any.
 */
NODISCARD enum err service_act_target_of_own(
    struct ctx *c, int64_t id, bool (*did)(const struct status *s), bool *hidden, struct status **out);

/* In a write transaction: keep a filled status as it is now in its history, before it is edited. */
NODISCARD enum err service_status_keep_version(struct ctx *c, const struct status *s);

#endif
