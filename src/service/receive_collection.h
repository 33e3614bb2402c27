/* Collections of accounts of other servers, and consent asked of ours and given by theirs (FEP-7aa9).  doc/design/collections.md */
#ifndef SERVICE_RECEIVE_COLLECTION_H
#define SERVICE_RECEIVE_COLLECTION_H

#include "base/ctx.h"
#include "model/account.h"
#include "model/collection.h"

struct ap_featured;
struct ap_uri;
struct budget;
struct val;

enum { REMOTE_COLLECTIONS_MAX = 50 }; /* of one account elsewhere; items: AP_FEATURED_ITEMS_MAX */

/* ---- documents: `from` is the owner, and proven to be ------------------------------------------------------------ */

/* A document that its owner sent or that came from its own id: *ok false when it is not one, or of somebody else. */
NODISCARD enum err service_receive_collection_doc(
    struct ctx *c, const struct account *from, const struct val *doc, struct ap_featured *out, bool *ok);
/*
 * Keep what the owner says; who is in it is found out by a job.  keep: also when it is not known yet.  *id 0: not kept.
 * No transaction may be open.
 */
NODISCARD enum err service_receive_collection(
    struct ctx *c, const struct account *from, const struct ap_featured *x, bool keep, int64_t *id);
/* Another member, said by the owner: the job looks.  Members that are gone, and the whole; unknown ones are no failure. */
NODISCARD enum err service_receive_collection_grew(struct ctx *c, const struct account *from, struct str uri);
NODISCARD enum err service_receive_collection_item_gone(
    struct ctx *c, const struct account *from, struct str uri, struct str item_uri);
NODISCARD enum err service_receive_collection_gone(
    struct ctx *c, const struct account *from, struct str uri, bool *known);

/* ---- the jobs: network ------------------------------------------------------------------------------------------- */

/* Read a collection again, and check members from that one on, a few at a time.  Errors: REMOTE (not now). */
NODISCARD enum err service_collection_read(struct ctx *c, int64_t id, int64_t first);
/* Read the list of an account. */
NODISCARD enum err service_collections_read(struct ctx *c, int64_t account_id);
/* A collection by its URI, fetched when it is not known.  NOT_FOUND: it is none.  Network. */
NODISCARD enum err service_resolve_collection(struct ctx *c, struct budget *b, struct str uri, struct collection **out);
/* A fetched document, from its own id. */
NODISCARD enum err service_resolve_collection_doc(struct ctx *c, struct budget *b, const struct val *doc, int64_t *id);

/* ---- consent ------------------------------------------------------------------------------------------------------- */

struct feature_request {
    struct account *from;   /* the owner */
    struct account *member; /* of ours */
    struct str uri;         /* of the request */
    struct str collection;
};
/* Somebody puts one of ours into a collection: decided and answered; a repeated request gets the same answer.  Network. */
NODISCARD enum err service_receive_feature_request(struct ctx *c, struct budget *b, const struct feature_request *r);
/* The answer to a request of ours; stamp: of an Accept, on the origin of `from`. */
NODISCARD enum err service_receive_feature_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *request, bool yes, struct str stamp);
/* A stamp that its author deleted.  *known false: none of this author that is here. */
NODISCARD enum err service_receive_feature_revoked(
    struct ctx *c, const struct account *from, struct str stamp, bool *known);

#endif
