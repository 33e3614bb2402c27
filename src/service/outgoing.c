/* Actions to activities.  One function for each kind, in one table. */
#include "service/outgoing_internal.h"

#include "ap/proof.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/account.h"
#include "service/collection_internal.h"
#include "service/document.h"
#include "service/sync.h"
#include "store/account.h"
#include "store/collection.h"
#include "store/emoji.h"
#include "text/unicode.h"
#include "store/poll.h"
#include "store/relation.h"
#include "store/report.h"
#include "store/status.h"

struct strs
outgoing_one(struct ctx *c, struct str id)
{
    struct strs v = { arena_vec(c->mem, struct str, 1), 1 };

    v.v[0] = id;
    return v;
}

struct str
outgoing_uri(struct ctx *c, const struct build *b, enum ap_uri_kind kind)
{
    return ap_uri(c->mem, b->site.origin, kind, b->by->id, b->number);
}

void
outgoing_address(struct build *b, struct strs to, struct strs cc)
{
    b->act.to = to;
    b->act.cc = cc;
    b->act.addressed = true;
}

static bool
is_public(const struct ap_activity_out *a)
{
    for (size_t i = 0; i < a->to.n + a->cc.n; i++)
        if (str_eqz(i < a->to.n ? a->to.v[i] : a->cc.v[i - a->to.n], AP_PUBLIC_ID))
            return true;
    return false;
}

/*
 * What anybody may see has a proof, so that it can be passed on; a proof of anything else would prove a leak.  The news of a new key
 * is signed with the old one, and has none.
 */
static enum err
find_proof_key(struct ctx *c, struct build *b, struct private_key **key, struct str *id)
{
    const struct activity *a = &b->out->activity;
    enum err e = ERR_NOT_FOUND;

    b->act.proven = false;
    if (b->act.addressed && is_public(&b->act) && a->account_id != 0 && (a->flags & ACTIVITY_OLD_KEY) == 0)
        e = service_account_proof_key(c, a->account_id, key, id);
    b->act.proven = e == ERR_OK;
    if (e == ERR_NOT_FOUND)
        ctx_ok(c);
    return e == ERR_NOT_FOUND ? ERR_OK : e;
}

enum err
outgoing_finish(struct ctx *c, struct build *b)
{
    struct private_key *key;
    struct str id;

    TRY(find_proof_key(c, b, &key, &id));
    b->out->activity.uri = b->act.id;
    b->out->activity.body = ap_activity_write(c->mem, &b->site, &b->act);
    if (!b->act.proven)
        return ERR_OK;
    return ap_proof_add(c->mem, b->out->activity.body, id, key, b->out->activity.created_ms, &b->out->activity.body);
}

enum err
outgoing_finish_to_target(struct ctx *c, struct build *b)
{
    if (b->target->inbox.n > 0 && (b->target->suspended_ms == 0 || b->a->farewell))
        b->out->inboxes = outgoing_one(c, b->target->inbox);
    b->out->priority = b->a->farewell ? DELIVERY_FAREWELL : DELIVERY_URGENT;
    return outgoing_finish(c, b);
}

/* ---- statuses -------------------------------------------------------------------------------------------------- */

static enum err
announce(struct ctx *c, struct build *b)
{
    struct ap_announce_out *x = arena_new(c->mem, struct ap_announce_out);

    TRY(service_document_announce(c, b->s, x));
    ap_announce_of(c->mem, &b->site, x, &b->act);
    return outgoing_finish(c, b);
}

static enum err
status_create(struct ctx *c, struct build *b)
{
    struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);

    b->out->activity.status_id = b->s->id;
    b->out->priority = b->s->visibility >= VIS_DIRECT ? DELIVERY_URGENT : DELIVERY_NORMAL;
    TRY(service_audience_status(c, b->s, false, &b->out->inboxes));
    if (b->out->inboxes.n == 0)
        return ERR_OK; /* body stays empty */
    if (b->s->reblog != NULL)
        return announce(c, b);
    TRY(service_document_note(c, b->s, note));
    ap_create_of(c->mem, &b->site, note, &b->act);
    return outgoing_finish(c, b);
}

static enum err
status_update(struct ctx *c, struct build *b)
{
    struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);
    int64_t seconds = b->s->edited_ms / SECOND_MS;

    b->out->activity.status_id = b->s->id;
    TRY(service_audience_status(c, b->s, true, &b->out->inboxes));
    TRY(service_document_note(c, b->s, note));
    ap_create_of(c->mem, &b->site, note, &b->act);
    b->act.type = AP_UPDATE;
    b->act.id = ap_uri3(c->mem, b->site.origin, AP_URI_STATUS_UPDATE, b->by->id, b->s->id, seconds);
    b->act.published_ms = 0;
    b->act.updated_ms = seconds * SECOND_MS;
    return outgoing_finish(c, b);
}

enum { VOTERS_MAX = 10000 };

/* Whoever voted elsewhere waits for the result too. */
static enum err
add_voters(struct ctx *c, const struct build *b, struct strs *inboxes)
{
    struct strs people;
    struct ids voters;

    TRY(store_poll_voters(c, b->s->poll->id, false, 0, VOTERS_MAX, &voters));
    TRY(service_audience_people(c, &voters, b->s->visibility <= VIS_PRIVATE, &people));
    *inboxes = strs_cat(c->mem, inboxes, &people, NULL);
    return service_audience_drop_suspended(c, inboxes);
}

/* New tallies, which are no edit: `updated` of the post stays. */
static enum err
poll_update(struct ctx *c, struct build *b)
{
    struct ap_note_out *note = arena_new(c->mem, struct ap_note_out);

    if (b->s->poll == NULL)
        return ERR_OK;
    b->out->activity.status_id = b->s->id;
    TRY(service_audience_status(c, b->s, true, &b->out->inboxes));
    TRY(add_voters(c, b, &b->out->inboxes));
    TRY(service_document_note(c, b->s, note));
    ap_create_of(c->mem, &b->site, note, &b->act);
    b->act.type = AP_UPDATE;
    b->act.id = ap_uri3(c->mem, b->site.origin, AP_URI_STATUS_UPDATE, b->by->id, b->s->id, b->number);
    b->act.published_ms = 0;
    return outgoing_finish(c, b);
}

static enum err
vote(struct ctx *c, struct build *b)
{
    struct ap_vote_out *v = arena_new(c->mem, struct ap_vote_out);
    struct poll_vote row;
    struct poll *p;

    TRY(store_poll_vote_get(c, b->a->row_id, &row));
    TRY(store_poll_get(c, row.poll_id, &p));
    if (row.choice >= (int64_t)p->n)
        return ERR_OK;
    *v = (struct ap_vote_out){ .id = row.id,
        .account_id = b->by->id,
        .option = p->options[row.choice].title,
        .question = b->a->object_uri,
        .author = b->target->uri };
    b->act.type = AP_CREATE;
    b->act.id = ap_uri(c->mem, b->site.origin, AP_URI_VOTE_CREATE, b->by->id, row.id);
    b->act.vote = v;
    outgoing_address(b, outgoing_one(c, b->target->uri), (struct strs){ 0 });
    return outgoing_finish_to_target(c, b);
}

static enum err
status_delete(struct ctx *c, struct build *b)
{
    b->act.type = AP_DELETE;
    b->act.id = str_cat(c->mem, b->a->object_uri, S("#delete"), STR_NONE);
    b->act.tombstone = b->a->object_uri;
    b->out->inboxes = b->a->inboxes;
    outgoing_address(b, b->a->to, b->a->cc);
    return outgoing_finish(c, b);
}

static enum err
undo_reblog(struct ctx *c, struct build *b)
{
    struct ap_activity_out inner = { .type = AP_ANNOUNCE,
        .id = b->a->uri,
        .actor = b->act.actor,
        .object = b->a->object_uri,
        .to = b->a->to,
        .cc = b->a->cc,
        .addressed = true };

    b->act.type = AP_UNDO;
    b->act.id = ap_uri(c->mem, b->site.origin, AP_URI_STATUS_UNDO, b->by->id, b->a->status_id);
    b->act.inner = &inner;
    b->out->inboxes = b->a->inboxes;
    outgoing_address(b, b->a->to, b->a->cc);
    return outgoing_finish(c, b);
}

/* In the name of the server: who reports is nobody's business elsewhere. */
static enum err
flag(struct ctx *c, struct build *b)
{
    struct collections collections;
    struct statuses posts;
    struct report *r;

    TRY(store_report_get(c, b->a->row_id, &r));
    TRY(store_status_list(c, &r->status_ids, &posts));
    TRY(store_collection_list(c, &r->collection_ids, &collections));
    b->act.objects = (struct strs){ arena_vec(c->mem, struct str, posts.n + collections.n + 1), 0 };
    b->act.objects.v[b->act.objects.n++] = b->target->uri;
    for (size_t i = 0; i < posts.n; i++)
        b->act.objects.v[b->act.objects.n++] = posts.v[i]->uri;
    for (size_t i = 0; i < collections.n; i++)
        b->act.objects.v[b->act.objects.n++] = collection_uri(c, &collections.v[i]);
    b->act.type = AP_FLAG;
    b->act.actor = ap_uri(c->mem, b->site.origin, AP_URI_SITE_ACTOR, 0, 0);
    b->act.id = ap_uri(c->mem, b->site.origin, AP_URI_SITE_FLAG, 0, r->id);
    b->act.content = r->comment;
    b->out->activity.account_id = 0;
    b->out->inboxes = b->a->inboxes;
    return outgoing_finish(c, b);
}

/* ---- between two people ---------------------------------------------------------------------------------------- */

/* Follow, Like, Block: their object is the other, or a post of the other. */
static enum err
act_on(struct ctx *c, struct build *b, enum ap_type type, bool undo)
{
    struct ap_activity_out inner = { .type = type,
        .id = b->a->uri,
        .actor = b->act.actor,
        .object = type == AP_LIKE ? b->a->object_uri : b->target->uri,
        .content = b->content,
        .reaction = b->emoji };

    if (type == AP_BLOCK) {
        inner.to = outgoing_one(c, b->target->uri);
        inner.addressed = true;
    }
    if (!undo) {
        b->act = inner;
        return outgoing_finish_to_target(c, b);
    }
    b->act.type = AP_UNDO;
    b->act.id = str_cat(c->mem, b->a->uri, S("/undo"), STR_NONE);
    b->act.inner = &inner;
    return outgoing_finish_to_target(c, b);
}

static enum err
follow(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_FOLLOW, false);
}

static enum err
undo_follow(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_FOLLOW, true);
}

static enum err
like(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_LIKE, false);
}

static enum err
undo_like(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_LIKE, true);
}

/* A Like that says an emoji; of a shortcode the picture too, as far as it is still here. */
static enum err
act_reaction(struct ctx *c, struct build *b, bool undo)
{
    struct str rest = b->a->reaction, code;
    struct ap_emoji_out *emoji = arena_new(c->mem, struct ap_emoji_out);
    struct emoji_refs found;

    b->content = b->a->reaction;
    if (!text_is_emoji(b->a->reaction)) {
        (void)str_cut(&rest, '@', &code);
        b->content = str_cat(c->mem, S(":"), code, S(":"), STR_NONE);
        TRY(store_emoji_by_codes(c, rest, &(struct strs){ &code, 1 }, &found));
        if (found.n > 0 && found.v[0].file.n > 0) {
            service_document_emoji(c, &found.v[0], emoji);
            b->emoji = emoji;
        }
    }
    return act_on(c, b, AP_LIKE, undo);
}

static enum err
reaction(struct ctx *c, struct build *b)
{
    return act_reaction(c, b, false);
}

static enum err
undo_reaction(struct ctx *c, struct build *b)
{
    return act_reaction(c, b, true);
}

static enum err
block(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_BLOCK, false);
}

static enum err
undo_block(struct ctx *c, struct build *b)
{
    return act_on(c, b, AP_BLOCK, true);
}

/* The Follow is given back whole: some servers have forgotten its id. */
static enum err
answer(struct ctx *c, struct build *b, enum ap_type type, enum ap_uri_kind id)
{
    const struct ap_activity_out inner = {
        .type = AP_FOLLOW, .id = b->a->uri, .actor = b->target->uri, .object = b->act.actor
    };

    b->act.type = type;
    b->act.id = outgoing_uri(c, b, id);
    b->act.inner = &inner;
    return outgoing_finish_to_target(c, b);
}

static enum err
accept_follow(struct ctx *c, struct build *b)
{
    return answer(c, b, AP_ACCEPT, AP_URI_FOLLOW_ACCEPT);
}

static enum err
reject_follow(struct ctx *c, struct build *b)
{
    return answer(c, b, AP_REJECT, AP_URI_FOLLOW_REJECT);
}

/* ---- all ------------------------------------------------------------------------------------------------------- */

static const struct {
    enum err (*build)(struct ctx *c, struct build *b);
    bool needs_status, needs_target;
    bool of_waiting;   /* also while the post waits for consent: nobody else hears of it then */
    bool of_suspended; /* goes out although the account is suspended: what takes something back */
    /* Says how things are and not what happened: of those about the same, an older one must not arrive after a newer one. */
    const char *topic;
} builders[FED_COUNT] = {
    [FED_STATUS_CREATE] = { status_create, .needs_status = true, .topic = "reblog" },
    [FED_STATUS_UPDATE] = { status_update, .needs_status = true },
    [FED_STATUS_DELETE] = { status_delete, .of_suspended = true, .of_waiting = true },
    [FED_UNDO_REBLOG] = { undo_reblog, .of_suspended = true, .topic = "reblog" },
    [FED_FOLLOW] = { follow, .needs_target = true, .topic = "follow" },
    [FED_UNDO_FOLLOW] = { undo_follow, .needs_target = true, .of_suspended = true, .topic = "follow" },
    [FED_ACCEPT_FOLLOW] = { accept_follow, .needs_target = true },
    [FED_REJECT_FOLLOW] = { reject_follow, .needs_target = true, .of_suspended = true },
    [FED_LIKE] = { like, .needs_target = true, .topic = "like" },
    [FED_UNDO_LIKE] = { undo_like, .needs_target = true, .of_suspended = true, .topic = "like" },
    [FED_REACTION] = { reaction, .needs_target = true, .topic = "reaction" },
    [FED_UNDO_REACTION] = { undo_reaction, .needs_target = true, .of_suspended = true, .topic = "reaction" },
    [FED_BLOCK] = { block, .needs_target = true, .topic = "block" },
    [FED_UNDO_BLOCK] = { undo_block, .needs_target = true, .of_suspended = true, .topic = "block" },
    [FED_ACTOR_UPDATE] = { outgoing_actor_update, .of_suspended = true, .topic = "actor" },
    [FED_ACTOR_KEYS] = { outgoing_actor_keys, .of_suspended = true },
    [FED_ACTOR_DELETE] = { outgoing_actor_delete, .of_suspended = true },
    [FED_MOVE] = { outgoing_move },
    [FED_PIN] = { outgoing_pin, .topic = "pin" },
    [FED_UNPIN] = { outgoing_unpin, .of_suspended = true, .topic = "pin" },
    [FED_FEATURE_TAG] = { outgoing_feature_tag, .topic = "tag" },
    [FED_UNFEATURE_TAG] = { outgoing_unfeature_tag, .of_suspended = true, .topic = "tag" },
    [FED_FLAG] = { flag, .needs_target = true, .of_suspended = true },
    [FED_VOTE] = { vote, .needs_target = true },
    [FED_POLL_UPDATE] = { poll_update, .needs_status = true },
    [FED_POLL_CLOSE] = { poll_update, .needs_status = true },
    [FED_QUOTE_REQUEST] = { outgoing_quote_request, .needs_status = true, .needs_target = true },
    [FED_QUOTE_ACCEPT] = { outgoing_quote_accept, .needs_status = true, .needs_target = true },
    [FED_QUOTE_REJECT] = { outgoing_quote_reject, .needs_target = true },
    [FED_QUOTE_REVOKE] = { outgoing_quote_revoke, .of_suspended = true },
    [FED_QUOTE_UPDATE] = { outgoing_quote_update, .needs_status = true },
    [FED_COLLECTION_ADD] = { outgoing_collection_add },
    [FED_COLLECTION_UPDATE] = { outgoing_collection_update },
    [FED_COLLECTION_REMOVE] = { outgoing_collection_remove, .of_suspended = true },
    [FED_ITEM_ADD] = { outgoing_item_add },
    [FED_ITEM_REMOVE] = { outgoing_item_remove, .of_suspended = true },
    [FED_FEATURE_REQUEST] = { outgoing_feature_request, .needs_target = true },
    [FED_FEATURE_ACCEPT] = { outgoing_feature_accept, .needs_target = true },
    [FED_FEATURE_REJECT] = { outgoing_feature_reject, .needs_target = true },
    [FED_FEATURE_REVOKE] = { outgoing_feature_revoke, .of_suspended = true },
    [FED_LIKE_REQUEST] = { outgoing_like_request, .needs_target = true, .topic = "like" },
    [FED_REPLY_REQUEST] = { outgoing_reply_request, .needs_status = true, .needs_target = true, .of_waiting = true },
    [FED_ANNOUNCE_REQUEST] = { outgoing_announce_request, .needs_status = true, .needs_target = true,
        .of_waiting = true, .topic = "reblog" },
    [FED_INTERACTION_ACCEPT] = { outgoing_interaction_accept, .needs_target = true },
    [FED_INTERACTION_REJECT] = { outgoing_interaction_reject, .needs_target = true },
};

/* NOT_FOUND is no failure here: what is gone needs no words. */
static enum err
load(struct ctx *c, struct build *b)
{
    const struct fed_action *a = b->a;

    TRY(store_account_get(c, a->account_id, &b->by));
    TRY(store_account_fill(c, &b->by, 1));
    if (builders[a->kind].needs_target)
        TRY(store_account_get(c, a->target_id, &b->target));
    if (!builders[a->kind].needs_status)
        return ERR_OK;
    TRY(store_status_get(c, a->status_id, &b->s));
    return store_status_fill(c, &b->s, 1, 0);
}

static struct str
topic(struct ctx *c, const struct build *b)
{
    const char *name = builders[b->a->kind].topic;
    struct str about = b->a->object_uri;

    if (name == NULL || (b->s != NULL && b->s->reblog == NULL)) /* a post is news */
        return STR_NONE;
    if (b->s != NULL)
        about = b->s->reblog->uri;
    else if (about.n == 0 && b->target != NULL)
        about = b->target->uri;
    return str_fmt(c->mem, "%lld %s %.*s%.*s", (long long)b->by->id, name, STR_ARG(b->a->reaction), STR_ARG(about));
}

enum err
service_outgoing_build(struct ctx *c, const struct fed_action *a, int64_t number, struct outgoing *out)
{
    struct build b = { .a = a, .number = number, .site = service_site(c), .out = out };
    enum err e = load(c, &b);

    *out = (struct outgoing){ .priority = a->slow ? DELIVERY_SLOW : DELIVERY_NORMAL,
        .activity = { .id = number, .account_id = a->account_id, .created_ms = clock_ms() } };
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    if (e != ERR_OK)
        return e;
    if (b.by->suspended_ms != 0 && !builders[a->kind].of_suspended)
        return ERR_OK;
    if (b.s != NULL && (b.s->local_only || (!approval_is_open(b.s->approval) && !builders[a->kind].of_waiting)))
        return ERR_OK;
    b.act.actor = ap_uri(c->mem, b.site.origin, AP_URI_ACTOR, b.by->id, 0);
    if (b.s != NULL && b.s->visibility == VIS_PRIVATE && b.s->account_id == b.by->id &&
        b.by->followers < SYNC_FOLLOWERS_MAX)
        out->activity.flags |= ACTIVITY_SYNC;
    out->activity.topic = topic(c, &b);
    e = builders[a->kind].build(c, &b);
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c); /* what it tells of went away while this ran: body stays empty */
    return ERR_OK;
}
