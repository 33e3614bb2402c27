/* What the parts of collections share: collection.c (ours), receive_collection.c (what others do), collection_document.c. */
#ifndef SERVICE_COLLECTION_INTERNAL_H
#define SERVICE_COLLECTION_INTERNAL_H

#include "ap/write_featured.h"
#include "base/ctx.h"
#include "model/account.h"
#include "model/collection.h"
#include "model/quote.h"
#include "model/relation.h"

struct str collection_uri(struct ctx *c, const struct collection *k);
struct str collection_item_uri(struct ctx *c, const struct collection *k, const struct collection_item *i);
/* The consent of a member: ours by number, another server's as it was given.  Empty: none, or none needed. */
struct str collection_stamp_uri(struct ctx *c, const struct collection_item *i, const struct account *member);

/* May the account behind r (relations to `a`) put `a` into a collection?  MANUAL: somebody there is asked. */
enum quote_answer collection_may_feature(const struct account *a, const struct relation *r);

/*
 * Leave of n filled collections the items that the viewer (0: nobody) may see, neither suspended nor across a block.  *people: these,
 * and of the owners those in sight.
 */
NODISCARD enum err collection_show(
    struct ctx *c, int64_t viewer, struct collection *v, size_t n, struct accounts *people);
bool collection_is_among(const struct accounts *people, int64_t id);

/* A collection of ours with the members whom others may see; one accepted item.  NOT_FOUND: the member is gone. */
NODISCARD enum err service_collection_document(struct ctx *c, const struct collection *k, struct ap_featured_out *out);
NODISCARD enum err service_collection_item_document(
    struct ctx *c, const struct collection_item *i, struct ap_featured_item_out *out);

/* In a write transaction: those in it hear of another name or purpose once; the newest change counts. */
NODISCARD enum err collection_tell_members(struct ctx *c, const struct collection *k);
/* In a write transaction: the tag of that name, made when nobody used it yet; n 0: none.  INVALID: not a tag. */
NODISCARD enum err collection_set_tag(struct ctx *c, struct str name, struct collection *k);
/* In a write transaction: what changed in a collection of ours is told, when it is one that others see. */
NODISCARD enum err collection_tell_item_removed(
    struct ctx *c, const struct collection *k, const struct collection_item *i);

/* ---- of others ------------------------------------------------------------------------------------------------------- */

/* One by its URI; NULL in *out: not known. */
NODISCARD enum err collection_find(struct ctx *c, struct str uri, struct collection **out);
/* Failures that another server is to blame for. */
bool collection_is_theirs(enum err e);
/* In a write transaction: put the job that reads one again, members from that one on. */
NODISCARD enum err collection_put_read(struct ctx *c, int64_t id, int64_t first, int64_t at_ms);
/* In a write transaction: a member goes, and the notification with it. */
NODISCARD enum err collection_drop_item(struct ctx *c, const struct collection *k, const struct collection_item *i);
/* In a write transaction: a document to the fields. */
struct ap_featured;
NODISCARD enum err collection_put_fields(struct ctx *c, const struct ap_featured *x, struct collection *k);
bool collection_same_words(const struct collection *a, const struct collection *b);

#endif
