/*
 * Collections: people whom somebody recommends.  Nobody is in one against their will: whoever is not discoverable cannot be put in,
 * whoever was put in is told, may leave, and is not put in again.  doc/design/collections.md
 */
#ifndef SERVICE_COLLECTION_H
#define SERVICE_COLLECTION_H

#include "base/ctx.h"
#include "base/page.h"
#include "model/account.h"
#include "model/collection.h"

enum {
    COLLECTION_ITEMS_MAX = 25,
    COLLECTION_NAME_CHARS_MAX = 40,
    COLLECTION_DESCRIPTION_CHARS_MAX = 100,
};

struct collection_params {
    struct str name, description, language, tag_name; /* p NULL: unchanged */
    int sensitive, discoverable;                      /* -1: unchanged */
    struct ids account_ids;                           /* only when it is made */
};

/* Errors of all: NOT_FOUND also for what the caller may not see; FORBIDDEN for what belongs to others; INVALID with a public text. */
NODISCARD enum err service_collection_create(struct ctx *c, const struct collection_params *p, struct collection **out);
NODISCARD enum err service_collection_update(
    struct ctx *c, int64_t id, const struct collection_params *p, struct collection **out);
NODISCARD enum err service_collection_delete(struct ctx *c, int64_t id);
/* With its owner and the people in it that the caller may see. */
NODISCARD enum err service_collection_get(struct ctx *c, int64_t id, struct collection **out, struct accounts *people);
/* Those of these ids that the caller may see. */
NODISCARD enum err service_collection_list(struct ctx *c, const struct ids *ids, struct collections *out);
/* Of an account: the discoverable ones, to their owner all.  Those that the caller's own account is in. */
NODISCARD enum err service_collection_page(
    struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out);
NODISCARD enum err service_collection_with(
    struct ctx *c, int64_t account_id, int64_t limit, int64_t offset, struct collections *out);

NODISCARD enum err service_collection_add(struct ctx *c, int64_t id, int64_t account_id, struct collection_item *out);
NODISCARD enum err service_collection_remove(struct ctx *c, int64_t id, int64_t item_id);
/* The caller leaves a collection of somebody else. */
NODISCARD enum err service_collection_revoke(struct ctx *c, int64_t id, int64_t item_id);
/* In a write transaction: me blocks the other.  Neither is in a collection of the other any more. */
NODISCARD enum err service_collection_end_between(struct ctx *c, int64_t me, int64_t other);

/* ---- what posts link to: collection_tag.c -------------------------------------------------------------------------- */

/*
 * In a write transaction, for a post that was just stored or edited: remember the collections that its links and `named` (ids from
 * elsewhere, may be empty) mean, at most STATUS_COLLECTIONS_MAX.  Only what is known here; nothing is fetched.
 */
struct status;
NODISCARD enum err service_collection_tag(struct ctx *c, const struct status *s, const struct strs *named);
/*
 * Fill s->collections of these, of what they boost and of what they quote, as the viewer (0: nobody) may see them: by the rules of
 * service_collection_page, long ones without their later members.  One query when no post links to any.
 */
NODISCARD enum err service_collection_show_tagged(struct ctx *c, int64_t viewer, struct status **v, size_t n);
/* The ids of those that everybody may see. */
NODISCARD enum err service_collection_tag_uris(struct ctx *c, int64_t status_id, struct strs *out);
/* Who made what this post links to or quotes with links: for them and across their blocks it looks different. */
NODISCARD enum err service_collection_tag_owners(struct ctx *c, const struct ids *statuses, struct ids *owners);

/* ---- as other servers read them: collection_document.c ------------------------------------------------------------ */

/* Ours, for viewer (an account, 0: nobody).  NOT_FOUND, FORBIDDEN (a suspended owner), GONE. */
struct ap_featured_out;
struct ap_featured_item_out;
struct ap_stamp_out;
NODISCARD enum err service_published_collection(
    struct ctx *c, int64_t account_id, int64_t id, int64_t viewer, struct ap_featured_out *out);
NODISCARD enum err service_published_collection_item(
    struct ctx *c, int64_t account_id, int64_t item_id, int64_t viewer, struct ap_featured_item_out *out);
/* The discoverable ones; *total of all. */
NODISCARD enum err service_published_collections(struct ctx *c, int64_t account_id, int64_t viewer, int64_t limit,
    int64_t offset, struct ap_featured_out **out, size_t *n, int64_t *total);
/* The consent of one of ours to be in a collection, by the number of the item. */
NODISCARD enum err service_published_feature_stamp(
    struct ctx *c, int64_t account_id, int64_t item_id, struct ap_stamp_out *out);

#endif
