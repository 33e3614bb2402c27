/* What the documents share: who asks, how they are answered, and how long they keep (FEDERATION, "URL map and caching"). */
#ifndef INBOX_DOCUMENT_H
#define INBOX_DOCUMENT_H

#include "ap/write_collection.h"
#include "http/respond.h"
#include "http/route.h"
#include "model/status.h"

/* All routes of documents: ActivityPub, WebFinger, host-meta, NodeInfo. */
void inbox_document_routes(struct router *r);

extern struct route document_actor_routes[], document_status_routes[], document_collection_routes[],
    document_featured_routes[], document_open_routes[];
extern const size_t document_actor_routes_n, document_status_routes_n, document_collection_routes_n,
    document_featured_routes_n, document_open_routes_n;

/*
 * Before each document: who signed?  Without secure mode a request without a good signature is anonymous; with it, and where only
 * allowed servers are exchanged with, it is refused: UNAUTHORIZED, BUSY (the signer's server cannot be asked now).  A signature by
 * somebody of a suspended domain is always FORBIDDEN.
 */
NODISCARD enum err document_before(struct ctx *c, struct req *r);
/* The account that signed, 0: nobody. */
int64_t document_viewer(const struct req *r);
/* The same as an account, not filled; NULL: nobody signed. */
const struct account *document_signer(const struct req *r);

enum document_varies {
    VARIES_NOT,    /* the same for everybody */
    VARIES_SIGNER, /* somebody else may see more or less */
};
/*
 * Answer with an ActivityPub document and `cache` as Cache-Control (a literal).  What depends on the signer is never kept when there
 * was a signature.
 */
void document_answer(struct ctx *c, struct req *r, struct str body, enum document_varies varies, const char *cache);
/* Ids as the items of a collection. */
struct ap_item_out *document_id_items(struct ctx *c, const struct strs *ids);
/* HTML wanted: 302 to the page, and true. */
bool document_prefers_page(struct ctx *c, struct req *r, struct str page_url);

/* "?page=true" was given (any value). */
NODISCARD enum err document_wants_page(struct ctx *c, struct req *r, bool *out);
/* A number of the query; 0 when it is absent or junk. */
int64_t document_number(const struct req *r, const char *name);

#endif
