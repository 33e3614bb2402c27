/*
 * Consent for replies and boosts between servers.  A reply that needs it is stored but shown to nobody; a job looks whether its author
 * has a stamp of who is answered.  A boost without consent is not stored.  Our own posts are open: requests are answered by what
 * became of the thing itself.
 */
#include "service/receive_interaction.h"

#include "ap/check.h"
#include "ap/read_collection.h"
#include "ap/read_note.h"
#include "ap/uri.h"
#include "base/conf.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/event.h"
#include "service/federate.h"
#include "service/interaction.h"
#include "service/receive_internal.h"
#include "service/resolve_internal.h"
#include "service/status.h"
#include "store/account.h"
#include "store/approval.h"
#include "store/interaction.h"
#include "store/status.h"

enum { REPLIES_LOOKED_AT = 200 };

/* ---- policies ------------------------------------------------------------------------------------------------------- */

int64_t
receive_interaction_policy(const struct ap_note *x, struct interaction_people *people)
{
    const struct ap_policy *const parts[] = { &x->can_like, &x->can_reply, &x->can_announce };
    int64_t policy = 0;

    *people = (struct interaction_people){ 0 };
    for (size_t i = 0; i < INTERACT_COUNT; i++) {
        int64_t bits = INTERACT_SAID | (parts[i]->automatic & QUOTE_BY_ALL) |
                       (parts[i]->manual & QUOTE_BY_ALL) << INTERACT_MANUAL_SHIFT;

        if (!parts[i]->present || (parts[i]->automatic & QUOTE_BY_PUBLIC) != 0)
            continue;
        policy |= bits << (INTERACT_BITS * i);
        people->v[i] = parts[i]->automatic_ids;
    }
    return policy;
}

/* NULL in *out: not here. */
static enum err
load(struct ctx *c, int64_t id, struct status **out)
{
    enum err e = id != 0 ? store_status_get(c, id, out) : ERR_NOT_FOUND;

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        *out = NULL;
        return ERR_OK;
    }
    TRY(e);
    return store_status_fill(c, out, 1, 0);
}

/* Of a reply by somebody else: does what it answers let it be seen without a stamp? */
static enum err
is_free(struct ctx *c, const struct status *s, const struct status *parent, bool *out)
{
    enum quote_answer answer;

    *out = approval_is_open(parent->approval);
    if (!*out || parent->interaction_policy == 0)
        return ERR_OK;
    TRY(service_interaction_answer(c, s->account_id, parent, INTERACT_REPLY, &answer));
    *out = answer == QUOTE_ANSWER_AUTOMATIC;
    return ERR_OK;
}

enum err
receive_approval_draft(struct ctx *c, struct status *s)
{
    struct status *parent;
    bool free;

    s->approval = APPROVAL_FREE;
    TRY(load(c, s->in_reply_to_id, &parent));
    if (parent == NULL || parent->local)
        return ERR_OK;
    TRY(is_free(c, s, parent, &free));
    s->approval = free ? APPROVAL_FREE : APPROVAL_WAITING;
    return ERR_OK;
}

/* What hangs on a post is judged again. */
static enum err
look_at_replies(struct ctx *c, int64_t id)
{
    struct ids replies;

    TRY(store_approval_replies(c, id, 0, REPLIES_LOOKED_AT, &replies));
    for (size_t i = 0; i < replies.n; i++)
        TRY(queue_put_id(c, J_VERIFY_APPROVAL, replies.v[i]));
    return ERR_OK;
}

/*
 * It claims this stamp.  One that was taken back counts no more; another may, when it was looked at: or whoever has consent could put
 * another one in its place, and nobody could take it back.
 */
static enum err
claim(struct ctx *c, const struct status *s, struct str stamp)
{
    bool judged = s->approval == APPROVAL_REFUSED || s->approval == APPROVAL_GIVEN;
    struct str before;

    if (judged) {
        TRY(store_approval_stamp(c, s->id, &before));
        if (str_eq(before, stamp))
            return ERR_OK;
        TRY(store_approval_set(c, s, APPROVAL_WAITING));
    }
    TRY(store_approval_stamp_put(c, s->id, stamp));
    return judged || !approval_is_open(s->approval) ? queue_put_id(c, J_VERIFY_APPROVAL, s->id) : ERR_OK;
}

enum err
receive_approval_put(struct ctx *c, const struct ap_note *x, const struct status *s)
{
    struct interaction_people people;
    int64_t policy = receive_interaction_policy(x, &people);

    if (policy != 0 || s->interaction_policy != 0)
        TRY(store_interaction_policy_set(c, s->id, policy, &people));
    if (policy != s->interaction_policy || policy != 0 || s->approval == APPROVAL_WAITING)
        TRY(look_at_replies(c, s->id)); /* also those that were here before what they answer */
    if (x->in_reply_to.n == 0 || x->approved_by.n == 0 || x->approved_by.n > URL_BYTES_MAX ||
        !receive_url_ok(c, x->approved_by))
        return ERR_OK;
    return claim(c, s, x->approved_by);
}

/* ---- stamps ----------------------------------------------------------------------------------------------------------- */

/* All equalities byte by byte.  NOT_FOUND: that is no consent. */
static enum err
check_stamp(struct ctx *c, struct budget *b, struct str uri, enum ap_type type, const struct status *target,
    struct str interacting)
{
    struct account *author;
    struct ap_stamp stamp;
    struct fetched f;
    const char *why = "";

    TRY(store_account_get(c, target->account_id, &author));
    if (uri.n == 0 || uri.n > URL_BYTES_MAX || !url_same_origin(c->mem, uri, author->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "the stamp is not on the server of who is answered");
    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f));
    if (ap_stamp_read(c->mem, f.doc, &stamp, &why) != ERR_OK || stamp.type != type || !str_eq(stamp.id, uri) ||
        !str_eq(stamp.attributed_to, author->uri) || !str_eq(stamp.interacting_object, interacting) ||
        (stamp.interaction_target.n > 0 && !str_eq(stamp.interaction_target, target->uri)))
        return ctx_fail(c, ERR_NOT_FOUND, "stamp %.*s does not say so", STR_ARG(uri));
    return ERR_OK;
}

static bool
is_theirs(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID;
}

/* In a write transaction. */
static enum err
set(struct ctx *c, int64_t id, enum approval a)
{
    struct status *s;

    TRY(store_status_lock(c, id, &s));
    if (s->approval == a || (!approval_is_open(a) && s->approval == APPROVAL_REFUSED))
        return ERR_OK;
    TRY(store_status_fill(c, &s, 1, 0));
    TRY(store_approval_set(c, s, a));
    if (approval_is_open(a) == approval_is_open(s->approval))
        return ERR_OK;
    TRY(look_at_replies(c, id));
    return approval_is_open(a) ? service_interaction_open(c, s) : ERR_OK;
}

/* What was looked up of the post as it was; when something else happened meanwhile, like a refusal, that is newer. */
static enum err
put_unless_changed(struct ctx *c, const struct status *was, enum approval a)
{
    struct status *now;

    TRY(store_status_lock(c, was->id, &now));
    return now->approval == was->approval ? set(c, was->id, a) : ERR_OK;
}

static enum err
put(struct ctx *c, const struct status *was, enum approval a)
{
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, put_unless_changed(c, was, a));
}

enum err
service_interaction_verify(struct ctx *c, int64_t id)
{
    struct budget b = budget_in_turn();
    struct status *s, *parent;
    struct str stamp;
    bool free;
    enum err e;

    TRY(load(c, id, &s));
    if (s == NULL || s->local || s->approval == APPROVAL_REFUSED)
        return ERR_OK;
    TRY(load(c, s->in_reply_to_id, &parent));
    if (parent == NULL || parent->local)
        return ERR_OK;
    TRY(is_free(c, s, parent, &free));
    if (free)
        return put(c, s, APPROVAL_FREE);
    TRY(store_approval_stamp(c, id, &stamp));
    if (!approval_is_open(parent->approval))
        return put(c, s, APPROVAL_WAITING);
    e = check_stamp(c, &b, stamp, AP_REPLY_AUTHORIZATION, parent, s->uri);
    if (e == ERR_OK)
        return put(c, s, APPROVAL_GIVEN);
    if (!is_theirs(e) && e != ERR_REMOTE)
        return e;
    ctx_ok(c);
    if (e != ERR_REMOTE || s->approval != APPROVAL_GIVEN) /* no answer takes nothing back */
        TRY(put(c, s, APPROVAL_WAITING));
    return e == ERR_REMOTE ? ctx_fail(c, ERR_REMOTE, "the stamp of %lld cannot be had now", (long long)id) : ERR_OK;
}

enum err
service_interaction_boost_ok(struct ctx *c, struct budget *b, const struct account *from, const struct status *original,
    struct str uri, struct str stamp, bool *ok)
{
    enum quote_answer answer;
    enum err e;

    *ok = approval_is_open(original->approval);
    if (!*ok || original->local || original->interaction_policy == 0)
        return ERR_OK;
    TRY(service_interaction_answer(c, from->id, original, INTERACT_ANNOUNCE, &answer));
    *ok = answer == QUOTE_ANSWER_AUTOMATIC;
    if (*ok)
        return ERR_OK;
    e = check_stamp(c, b, stamp, AP_ANNOUNCE_AUTHORIZATION, original, uri);
    *ok = e == ERR_OK;
    if (!is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
vouched(struct ctx *c, const struct account *from, struct str reply_uri, struct str stamp)
{
    struct status *s, *parent;

    TRY(store_status_by_uri(c, reply_uri, &s));
    TRY(load(c, s->in_reply_to_id, &parent));
    if (s->local || approval_is_open(s->approval) || parent == NULL || parent->account_id != from->id)
        return ERR_OK;
    return claim(c, s, stamp);
}

enum err
service_receive_interaction_vouched(struct ctx *c, const struct account *from, struct str reply_uri, struct str stamp)
{
    if (stamp.n == 0 || stamp.n > URL_BYTES_MAX || !receive_url_ok(c, stamp))
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, vouched(c, from, reply_uri, stamp));
}

/* ---- ours asked --------------------------------------------------------------------------------------------------------- */

static bool
stamp_ok(struct ctx *c, const struct account *from, struct str stamp)
{
    return stamp.n > 0 && stamp.n <= URL_BYTES_MAX && receive_url_ok(c, stamp) &&
           url_same_origin(c->mem, stamp, from->uri);
}

/* A favourite that is refused goes; one that is permitted is there already. */
static enum err
like_answered(struct ctx *c, const struct account *from, const struct ap_uri *at, bool yes, struct str stamp)
{
    int64_t account_id, status_id, id;
    struct status *s;
    struct str uri;
    bool removed;

    TRY(store_favourite_get(c, at->b, &account_id, &status_id, &uri));
    TRY(store_status_get(c, status_id, &s));
    if (account_id != at->a || s->account_id != from->id)
        return ERR_OK;
    if (yes)
        return stamp_ok(c, from, stamp) ? store_like_stamp_put(c, at->b, stamp) : ERR_OK;
    return store_favourite_delete(c, account_id, status_id, &id, &removed);
}

static void
tell_author(struct ctx *c, const struct status *s)
{
    int64_t author = s->account_id;

    service_event(c,
        &(struct event){ .kind = EVENT_STATUS_UPDATE, .id = s->id, .account_id = author, .readers = { &author, 1 } });
}

/* What was permitted is no longer: a boost goes, a reply stays with its author.  s filled. */
static enum err
withdraw(struct ctx *c, struct status *s)
{
    if (s->reblog_of_id != 0)
        return service_status_remove(c, s, true);
    TRY(service_status_tell_gone(c, s));
    TRY(store_approval_set(c, s, APPROVAL_REFUSED));
    TRY(look_at_replies(c, s->id));
    service_event_deleted(c, s);
    if (s->local)
        tell_author(c, s);
    return ERR_OK;
}

static enum err
post_answered(struct ctx *c, const struct account *from, const struct ap_uri *at, bool yes, struct str stamp)
{
    struct status *s, *target;

    TRY(store_status_lock(c, at->b, &s));
    TRY(store_status_fill(c, &s, 1, 0));
    TRY(load(c, s->reblog_of_id != 0 ? s->reblog_of_id : s->in_reply_to_id, &target));
    if (!s->local || s->account_id != at->a || target == NULL || target->account_id != from->id)
        return ERR_OK;
    if (!yes && s->approval == APPROVAL_GIVEN)
        return withdraw(c, s);
    if (s->approval != APPROVAL_WAITING)
        return ERR_OK;
    if (!yes && s->reblog_of_id != 0)
        return service_status_remove(c, s, false); /* nobody else heard of it */
    if (yes && !stamp_ok(c, from, stamp))
        return ERR_OK;
    if (yes)
        TRY(store_approval_stamp_put(c, s->id, stamp));
    TRY(store_approval_set(c, s, yes ? APPROVAL_GIVEN : APPROVAL_REFUSED));
    tell_author(c, s);
    return yes ? service_interaction_open(c, s) : ERR_OK;
}

enum err
service_receive_interaction_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *at, bool yes, struct str stamp)
{
    bool like = at->kind == AP_URI_LIKE_REQUEST || at->kind == AP_URI_LIKE;

    TRY(receive_begin(c, from));
    return receive_finish(c, like ? like_answered(c, from, at, yes, stamp) : post_answered(c, from, at, yes, stamp));
}

/* ---- taken back ----------------------------------------------------------------------------------------------------------- */

/* Of a reply or boost: when `from` is who is answered or boosted. */
static enum err
withdraw_of(struct ctx *c, const struct account *from, int64_t id, bool *done)
{
    struct status *s, *target;

    *done = false;
    TRY(store_status_lock(c, id, &s));
    TRY(store_status_fill(c, &s, 1, 0));
    TRY(load(c, s->reblog_of_id != 0 ? s->reblog_of_id : s->in_reply_to_id, &target));
    if (target == NULL || target->account_id != from->id)
        return ERR_OK;
    *done = true;
    return s->approval == APPROVAL_REFUSED ? ERR_OK : withdraw(c, s);
}

static enum err
withdraw_like(struct ctx *c, const struct account *from, int64_t favourite_id, bool *done)
{
    int64_t account_id, status_id, id;
    struct status *s;
    struct str uri;

    TRY(store_favourite_get(c, favourite_id, &account_id, &status_id, &uri));
    TRY(store_status_get(c, status_id, &s));
    *done = s->account_id == from->id;
    return *done ? store_favourite_delete(c, account_id, status_id, &id, done) : ERR_OK;
}

static enum err
stamp_gone(struct ctx *c, const struct account *from, struct str stamp, bool *known)
{
    int64_t status_id, favourite_id;

    *known = false;
    TRY(store_approval_by_stamp(c, stamp, &status_id, &favourite_id));
    if (status_id != 0)
        return withdraw_of(c, from, status_id, known);
    return favourite_id != 0 ? withdraw_like(c, from, favourite_id, known) : ERR_OK;
}

enum err
service_receive_interaction_withdrawn(struct ctx *c, const struct account *from, struct str stamp, bool *known)
{
    *known = false;
    if (stamp.n == 0 || stamp.n > URL_BYTES_MAX || !url_same_origin(c->mem, stamp, from->uri))
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, stamp_gone(c, from, stamp, known));
}

/* Only what needed consent is the author's to refuse. */
static enum err
refused(struct ctx *c, const struct account *from, struct str uri)
{
    struct status *s;
    struct str stamp;
    bool done;

    TRY(store_status_by_uri(c, uri, &s));
    TRY(store_approval_stamp(c, s->id, &stamp));
    if (s->local || (s->approval == APPROVAL_FREE && stamp.n == 0))
        return ERR_OK;
    return withdraw_of(c, from, s->id, &done);
}

enum err
service_receive_interaction_refused(struct ctx *c, const struct account *from, struct str uri)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, refused(c, from, uri));
}

/* ---- ours are asked ------------------------------------------------------------------------------------------------------- */

enum err
service_receive_interaction_asked(struct ctx *c, const struct account *from, struct str uri, struct status **out)
{
    TRY(receive_our_status(c, from, uri, out));
    if (*out != NULL && (*out)->reblog_of_id != 0)
        *out = NULL;
    return ERR_OK;
}

/* The number of what was asked for; 0: it was not taken. */
static enum err
find_taken(struct ctx *c, const struct interaction_request *r, int64_t *out)
{
    struct status *s = NULL;
    enum err e = ERR_OK;

    *out = 0;
    if (r->kind == INTERACT_LIKE)
        return store_favourite_id(c, r->from->id, r->target->id, out);
    if (r->kind == INTERACT_ANNOUNCE)
        e = store_status_reblog_by(c, r->from->id, r->target->id, &s);
    else
        e = store_status_by_uri(c, r->instrument, &s);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (s != NULL && s->account_id == r->from->id && str_eq(s->uri, r->instrument) &&
        (r->kind == INTERACT_ANNOUNCE || s->in_reply_to_id == r->target->id))
        *out = s->id;
    return ERR_OK;
}

static enum err
answer(struct ctx *c, const struct interaction_request *r)
{
    int64_t number;

    TRY(find_taken(c, r, &number));
    return service_federate(
        c, &(struct fed_action){ .kind = number != 0 ? FED_INTERACTION_ACCEPT : FED_INTERACTION_REJECT,
               .account_id = r->target->account_id,
               .target_id = r->from->id,
               .row_id = number,
               .interaction = (int)r->kind,
               .uri = r->uri,
               .object_uri = r->target->uri,
               .instrument = r->instrument });
}

enum err
service_receive_interaction_request(struct ctx *c, const struct interaction_request *r)
{
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, answer(c, r));
}
