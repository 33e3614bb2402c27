/* Activities about consent: quotes (FEP-044f) and collections of accounts (FEP-7aa9). */
#include "service/outgoing_internal.h"

#include "base/id.h"
#include "service/document.h"
#include "service/collection_internal.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/relation.h"
#include "store/status.h"

/* ---- quotes ---------------------------------------------------------------------------------------------------- */

/* The post is in the request: who is asked need not be able to read it. */
enum err
outgoing_quote_request(struct ctx *c, struct build *b)
{
    const struct quote *q = b->s->quote;
    struct ap_note_out note;

    if (q == NULL || q->state != QUOTE_PENDING) /* taken back, or answered already */
        return ERR_OK;
    TRY(service_document_note(c, b->s, &note));
    b->act.type = AP_QUOTE_REQUEST;
    b->act.id = ap_uri(c->mem, b->site.origin, AP_URI_QUOTE_REQUEST, b->by->id, q->id);
    b->act.object = q->quoted_uri;
    b->act.instrument_note = &note;
    return outgoing_finish_to_target(c, b);
}

/* An answer to a request of the target, which is given back whole. */
static enum err
answer(struct ctx *c, struct build *b, enum ap_type request, enum ap_type type, struct str id)
{
    const struct ap_activity_out inner = { .type = request,
        .id = b->a->uri,
        .actor = b->target->uri,
        .object = b->a->object_uri,
        .instrument = b->a->instrument };

    b->act.type = type;
    b->act.id = id;
    b->act.inner = &inner;
    outgoing_address(b, outgoing_one(c, b->target->uri), (struct strs){ 0 });
    return outgoing_finish_to_target(c, b);
}

enum err
outgoing_quote_accept(struct ctx *c, struct build *b)
{
    const struct quote *q = b->s->quote;

    if (q == NULL || q->state != QUOTE_ACCEPTED || q->quoted_account_id != b->by->id)
        return ERR_OK;
    b->act.result = ap_uri(c->mem, b->site.origin, AP_URI_QUOTE_AUTHORIZATION, b->by->id, q->id);
    return answer(
        c, b, AP_QUOTE_REQUEST, AP_ACCEPT, ap_uri(c->mem, b->site.origin, AP_URI_QUOTE_ACCEPT, b->by->id, q->id));
}

enum err
outgoing_quote_reject(struct ctx *c, struct build *b)
{
    return answer(c, b, AP_QUOTE_REQUEST, AP_REJECT, outgoing_uri(c, b, AP_URI_QUOTE_REJECT));
}

enum err
outgoing_quote_revoke(struct ctx *c, struct build *b)
{
    b->act.type = AP_DELETE;
    b->act.id = str_cat(c->mem, b->a->uri, S("#delete"), STR_NONE);
    b->act.object = b->a->uri;
    b->act.stamp = AP_QUOTE_AUTHORIZATION;
    b->act.stamp_interacting = b->a->instrument;
    b->act.stamp_target = b->a->object_uri;
    b->out->inboxes = b->a->inboxes;
    b->out->priority = DELIVERY_URGENT;
    outgoing_address(b, outgoing_one(c, S(AP_PUBLIC_ID)), (struct strs){ 0 });
    return outgoing_finish(c, b);
}

/* The post as it is now; without a new `updated` in it, so nobody takes it for an edit. */
enum err
outgoing_quote_update(struct ctx *c, struct build *b)
{
    struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);

    TRY(service_audience_status(c, b->s, true, &b->out->inboxes));
    TRY(service_document_note(c, b->s, note));
    ap_create_of(c->mem, &b->site, note, &b->act);
    b->act.type = AP_UPDATE;
    b->act.id = ap_uri3(c->mem, b->site.origin, AP_URI_STATUS_UPDATE, b->by->id, b->s->id, b->number);
    b->act.published_ms = 0;
    b->act.updated_ms = id_ms(b->number);
    return outgoing_finish(c, b);
}

/* ---- collections ----------------------------------------------------------------------------------------------- */

/* Followers of the owner, and the servers of those in it. */
static enum err
collection_audience(struct ctx *c, struct build *b, const struct collection *k)
{
    struct strs *out = &b->out->inboxes, followers, people;
    struct ids ids = ids_new(c->mem, k->n);

    for (size_t i = 0; i < k->n; i++)
        ids_add(&ids, k->items[i].account_id);
    TRY(store_follower_inboxes(c, b->by->id, &followers));
    TRY(service_audience_people(c, &ids, true, &people));
    *out = strs_cat(c->mem, &followers, &people, &b->a->inboxes, NULL);
    return service_audience_drop_suspended(c, out);
}

/* type, id and object are set. */
static enum err
tell(struct ctx *c, struct build *b, const struct collection *k)
{
    outgoing_address(b, outgoing_one(c, S(AP_PUBLIC_ID)), outgoing_one(c, outgoing_uri(c, b, AP_URI_FOLLOWERS)));
    b->act.featured = true;
    TRY(collection_audience(c, b, k));
    return outgoing_finish(c, b);
}

static struct str
act_uri(struct ctx *c, const struct build *b, enum ap_uri_kind kind, int64_t collection_id)
{
    return ap_uri3(c->mem, b->site.origin, kind, b->by->id, collection_id, b->number);
}

static enum err
put_collection(struct ctx *c, struct build *b, struct collection **k)
{
    struct ap_featured_out out;

    TRY(store_collection_get(c, b->a->row_id, k));
    TRY(service_collection_document(c, *k, &out));
    b->act.object_json = ap_featured_json(c->mem, &b->site, &out);
    return ERR_OK;
}

enum err
outgoing_collection_add(struct ctx *c, struct build *b)
{
    struct collection *k;

    TRY(put_collection(c, b, &k));
    b->act.type = AP_ADD;
    b->act.id = act_uri(c, b, AP_URI_FEATURED_COLLECTION_ADD, k->id);
    b->act.target = outgoing_uri(c, b, AP_URI_FEATURED_COLLECTIONS);
    return tell(c, b, k);
}

enum err
outgoing_collection_update(struct ctx *c, struct build *b)
{
    struct collection *k;

    TRY(put_collection(c, b, &k));
    b->act.type = AP_UPDATE;
    b->act.id = act_uri(c, b, AP_URI_FEATURED_COLLECTION_UPDATE, k->id);
    return tell(c, b, k);
}

enum err
outgoing_collection_remove(struct ctx *c, struct build *b)
{
    const struct collection gone = { .account_id = b->by->id };

    b->act.type = AP_REMOVE;
    b->act.id = act_uri(c, b, AP_URI_FEATURED_COLLECTION_REMOVE, b->a->row_id);
    b->act.object = b->a->object_uri;
    b->act.target = outgoing_uri(c, b, AP_URI_FEATURED_COLLECTIONS);
    return tell(c, b, &gone);
}

enum err
outgoing_item_add(struct ctx *c, struct build *b)
{
    struct ap_featured_item_out out;
    struct collection_item item;
    struct collection *k;

    TRY(store_collection_item_get(c, b->a->row_id, &item));
    TRY(store_collection_get(c, item.collection_id, &k));
    if (item.state != ITEM_ACCEPTED || k->account_id != b->by->id)
        return ERR_OK;
    TRY(service_collection_item_document(c, &item, &out));
    b->act.type = AP_ADD;
    b->act.id = act_uri(c, b, AP_URI_FEATURED_COLLECTION_ADD, k->id);
    b->act.object_json = ap_featured_item_json(c->mem, &b->site, b->by->id, &out);
    b->act.target = collection_uri(c, k);
    return tell(c, b, k);
}

enum err
outgoing_item_remove(struct ctx *c, struct build *b)
{
    struct collection *k;

    TRY(store_collection_get(c, b->a->row_id, &k));
    b->act.type = AP_REMOVE;
    b->act.id = act_uri(c, b, AP_URI_FEATURED_COLLECTION_REMOVE, k->id);
    b->act.object = b->a->object_uri;
    b->act.target = collection_uri(c, k);
    return tell(c, b, k);
}

/* ---- consent to be in one ---------------------------------------------------------------------------------------- */

enum err
outgoing_feature_request(struct ctx *c, struct build *b)
{
    struct collection_item item;
    struct collection *k;

    TRY(store_collection_item_get(c, b->a->row_id, &item));
    TRY(store_collection_get(c, item.collection_id, &k));
    if (item.state != ITEM_PENDING || k->account_id != b->by->id)
        return ERR_OK;
    b->act.type = AP_FEATURE_REQUEST;
    b->act.id = ap_uri(c->mem, b->site.origin, AP_URI_FEATURE_REQUEST, b->by->id, item.id);
    b->act.object = b->target->uri;
    b->act.instrument = collection_uri(c, k);
    return outgoing_finish_to_target(c, b);
}

enum err
outgoing_feature_accept(struct ctx *c, struct build *b)
{
    struct collection_item item;

    TRY(store_collection_item_get(c, b->a->row_id, &item));
    if (item.state != ITEM_ACCEPTED || item.account_id != b->by->id)
        return ERR_OK;
    b->act.result = ap_uri(c->mem, b->site.origin, AP_URI_FEATURE_AUTHORIZATION, b->by->id, item.id);
    return answer(
        c, b, AP_FEATURE_REQUEST, AP_ACCEPT, ap_uri(c->mem, b->site.origin, AP_URI_FEATURE_ACCEPT, b->by->id, item.id));
}

enum err
outgoing_feature_reject(struct ctx *c, struct build *b)
{
    return answer(c, b, AP_FEATURE_REQUEST, AP_REJECT, outgoing_uri(c, b, AP_URI_FEATURE_REJECT));
}

/* To the followers of who leaves too: their servers may show the collection. */
enum err
outgoing_feature_revoke(struct ctx *c, struct build *b)
{
    const struct collection none = { .account_id = b->by->id };

    b->act.type = AP_DELETE;
    b->act.id = str_cat(c->mem, b->a->uri, S("#delete"), STR_NONE);
    b->act.object = b->a->uri;
    b->act.stamp = AP_FEATURE_AUTHORIZATION;
    b->act.stamp_interacting = b->a->instrument;
    b->act.stamp_target = b->a->object_uri;
    b->out->priority = DELIVERY_URGENT;
    outgoing_address(b, outgoing_one(c, S(AP_PUBLIC_ID)), (struct strs){ 0 });
    TRY(collection_audience(c, b, &none));
    return outgoing_finish(c, b);
}
