/* Favourites, replies and boosts that need consent: asking for it, and answering others (GoToSocial's interaction requests). */
#include "service/outgoing_internal.h"

#include "service/document.h"
#include "store/interaction.h"
#include "store/status.h"

/* type, instrument and target are set: to the author alone. */
static enum err
ask(struct ctx *c, struct build *b, enum ap_uri_kind id, int64_t number)
{
    b->act.id = ap_uri(c->mem, b->site.origin, id, b->by->id, number);
    b->act.object = b->a->object_uri;
    outgoing_address(b, outgoing_one(c, b->target->uri), (struct strs){ 0 });
    return outgoing_finish_to_target(c, b);
}

enum err
outgoing_like_request(struct ctx *c, struct build *b)
{
    struct ap_activity_out like = { .type = AP_LIKE, .actor = b->act.actor, .object = b->a->object_uri };
    int64_t account_id, status_id;
    struct str uri;

    TRY(store_favourite_get(c, b->a->row_id, &account_id, &status_id, &uri)); /* taken back: NOT_FOUND */
    like.id = ap_uri(c->mem, b->site.origin, AP_URI_LIKE, b->by->id, b->a->row_id);
    like.to = outgoing_one(c, b->target->uri);
    like.addressed = true;
    b->act.type = AP_LIKE_REQUEST;
    b->act.instrument_act = &like;
    return ask(c, b, AP_URI_LIKE_REQUEST, b->a->row_id);
}

/* The post is in the request: nobody else may have it yet, not even on asking. */
enum err
outgoing_reply_request(struct ctx *c, struct build *b)
{
    struct ap_note_out note;

    if (b->s->approval != APPROVAL_WAITING)
        return ERR_OK;
    TRY(service_document_note(c, b->s, &note));
    b->act.type = AP_REPLY_REQUEST;
    b->act.instrument_note = &note;
    return ask(c, b, AP_URI_REPLY_REQUEST, b->s->id);
}

enum err
outgoing_announce_request(struct ctx *c, struct build *b)
{
    struct ap_announce_out x;
    struct ap_activity_out boost;

    if (b->s->approval != APPROVAL_WAITING || b->s->reblog == NULL)
        return ERR_OK;
    TRY(service_document_announce(c, b->s, &x));
    ap_announce_of(c->mem, &b->site, &x, &boost);
    b->act.type = AP_ANNOUNCE_REQUEST;
    b->act.instrument_act = &boost;
    return ask(c, b, AP_URI_ANNOUNCE_REQUEST, b->s->id);
}

static const struct {
    enum ap_type request;
    enum ap_uri_kind stamp;
} kinds[INTERACT_COUNT] = {
    [INTERACT_LIKE] = { AP_LIKE_REQUEST, AP_URI_LIKE_AUTHORIZATION },
    [INTERACT_REPLY] = { AP_REPLY_REQUEST, AP_URI_REPLY_AUTHORIZATION },
    [INTERACT_ANNOUNCE] = { AP_ANNOUNCE_REQUEST, AP_URI_ANNOUNCE_AUTHORIZATION },
};

/* The request is given back whole. */
static enum err
answer(struct ctx *c, struct build *b, enum ap_type type, enum ap_uri_kind id)
{
    const struct ap_activity_out inner = { .type = kinds[b->a->interaction].request,
        .id = b->a->uri,
        .actor = b->target->uri,
        .object = b->a->object_uri,
        .instrument = b->a->instrument };

    b->act.type = type;
    b->act.id = outgoing_uri(c, b, id);
    b->act.inner = &inner;
    outgoing_address(b, outgoing_one(c, b->target->uri), (struct strs){ 0 });
    return outgoing_finish_to_target(c, b);
}

enum err
outgoing_interaction_accept(struct ctx *c, struct build *b)
{
    b->act.result = ap_uri(c->mem, b->site.origin, kinds[b->a->interaction].stamp, b->by->id, b->a->row_id);
    return answer(c, b, AP_ACCEPT, AP_URI_INTERACTION_ACCEPT);
}

enum err
outgoing_interaction_reject(struct ctx *c, struct build *b)
{
    return answer(c, b, AP_REJECT, AP_URI_INTERACTION_REJECT);
}
