/*
 * Quotes between servers.  A remote post that quotes is stored as pending; a job finds what it quotes and whether consent was given.
 * Requests to quote our posts are answered with a stamp of ours, and only those of our table count for our posts.
 */
#include "service/receive_internal.h"
#include "service/receive_quote.h"

#include "ap/read_collection.h"
#include "ap/read_note.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/json.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/delivery.h"
#include "service/event.h"
#include "service/federate.h"
#include "service/notification.h"
#include "service/quote_internal.h"
#include "service/resolve_internal.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/quote.h"
#include "store/status.h"

enum { RECHECK_MS = 7 * DAY_MS };

/* NULL in *out for NOT_FOUND. */
static enum err
maybe(struct ctx *c, enum err e, bool *found)
{
    *found = e == ERR_OK;
    if (e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* End of a transaction; a row that has gone meanwhile is no failure. */
static enum err
finish(struct ctx *c, enum err e)
{
    bool found;

    e = db_end(c, e);
    return maybe(c, e, &found);
}

/* The author of a post of ours looks at it now: what changed is no edit. */
static void
tell_author(struct ctx *c, const struct quote *q)
{
    int64_t author = q->account_id;

    service_event(
        c, &(struct event){
               .kind = EVENT_STATUS_UPDATE, .id = q->status_id, .account_id = author, .readers = { &author, 1 } });
}

/* ---- storing ---------------------------------------------------------------------------------------------------- */

int
receive_quote_policy(const struct ap_note *x)
{
    if (!x->can_quote.present)
        return 0;
    return quote_policy_bits(x->can_quote.automatic, x->can_quote.manual);
}

static enum err
find_quoted(struct ctx *c, struct str uri, struct status **out)
{
    int64_t local = ap_uri_local_status(c->mem, c->env->conf->origin, uri);
    bool found;

    TRY(maybe(c, local != 0 ? store_status_get(c, local, out) : store_status_by_uri(c, uri, out), &found));
    if (!found || (*out)->reblog_of_id != 0 || (*out)->local != (local != 0))
        *out = NULL;
    return ERR_OK;
}

/* levels: how many quotes inside quotes may still be fetched. */
static enum err
put_verify(struct ctx *c, int64_t id, struct str approval, int levels, int64_t at_ms)
{
    struct job_opts opts = { .run_at_ms = at_ms };
    struct buf b;
    struct json j;

    buf_init(&b, c->mem, KB(16));
    json_init(&j, &b);
    json_obj(&j, NULL);
    json_id(&j, "id", id);
    json_str(&j, "approval", approval.n == 0 ? S("") : approval);
    json_int(&j, "levels", levels);
    json_end(&j);
    return json_done(&j) ? queue_put(c, J_VERIFY_QUOTE, buf_str(&b), &opts) : ERR_OK;
}

static enum err
insert(struct ctx *c, const struct ap_note *x, const struct status *s, struct quote *q)
{
    struct status *quoted;

    TRY(find_quoted(c, x->quote, &quoted));
    *q = (struct quote){ .id = id_new(),
        .status_id = s->id,
        .account_id = s->account_id,
        .quoted_uri = x->quote,
        .state = QUOTE_PENDING,
        .legacy = x->quote_is_legacy,
        .approval_uri = S(""),
        .request_uri = S(""),
        .checked_ms = clock_ms(),
        .created_ms = clock_ms() };
    if (quoted != NULL) {
        q->quoted_id = quoted->id;
        q->quoted_account_id = quoted->account_id;
        q->quoted_local = quoted->local;
        if (quoted->account_id == s->account_id)
            q->state = QUOTE_ACCEPTED;
    }
    return store_quote_insert(c, q);
}

/* A row that is there: consent that the author does not show any more is none; one who asks properly now is no legacy. */
static enum err
renew(struct ctx *c, const struct ap_note *x, struct quote *q)
{
    bool had = q->state == QUOTE_ACCEPTED && q->approval_uri.n > 0, changed = q->legacy && !x->quote_is_legacy;

    q->legacy = q->legacy && x->quote_is_legacy;
    if (had && x->quote_authorization.n == 0) {
        q->state = QUOTE_PENDING;
        q->approval_uri = S("");
        changed = true;
    }
    return changed ? store_quote_set(c, q) : ERR_OK;
}

enum err
receive_quote(struct ctx *c, const struct ap_note *x, const struct status *s, int levels)
{
    bool wanted = x->quote.n > 0 && x->quote.n <= URL_BYTES_MAX && receive_url_ok(c, x->quote), found;
    struct quote *old, q;

    TRY(maybe(c, store_quote_of(c, s->id, true, &old), &found));
    if (x->quote_is_deleted && (found || wanted)) {
        if (!found)
            TRY(insert(c, x, s, &q));
        old = found ? old : &q;
        old->state = QUOTE_DELETED;
        return store_quote_set(c, old);
    }
    if (found && (!wanted || !str_eq(old->quoted_uri, x->quote))) { /* an edit; a stamp of ours goes with it */
        TRY(store_quote_delete(c, old));
        found = false;
    }
    if (!wanted)
        return ERR_OK;
    if (found) {
        q = *old;
        TRY(renew(c, x, &q));
    } else {
        TRY(insert(c, x, s, &q));
    }
    if (levels <= 0 || q.quoted_local) /* of ours only a request is answered */
        return ERR_OK;
    if (q.state == QUOTE_ACCEPTED && (x->quote_authorization.n == 0 || str_eq(q.approval_uri, x->quote_authorization)))
        return ERR_OK;
    if (x->quote_authorization.n == 0 &&
        !url_same_origin(c->mem, x->quote, s->uri)) /* neither consent nor the same author */
        return ERR_OK;
    return put_verify(c, q.id, x->quote_authorization, levels, 0);
}

/* ---- verifying -------------------------------------------------------------------------------------------------- */

/* All equalities byte by byte: the stamp is the author's, and about these two posts.  NOT_FOUND: it is not. */
static enum err
check_stamp(struct ctx *c, struct budget *b, struct str uri, const struct status *s, const struct status *quoted)
{
    struct account *author;
    struct ap_stamp stamp;
    struct fetched f;
    const char *why = "";

    TRY(store_account_get(c, quoted->account_id, &author));
    if (uri.n > URL_BYTES_MAX || !url_same_origin(c->mem, uri, author->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "stamp %.*s is not on its author's server", (int)MIN(uri.n, 200), uri.p);
    TRY(resolve_fetch(c, b, uri, AP_DOC_OBJECT, FETCH_AGAIN, &f));
    if (ap_stamp_read(c->mem, f.doc, &stamp, &why) != ERR_OK || stamp.type != AP_QUOTE_AUTHORIZATION ||
        !str_eq(stamp.id, uri) || !str_eq(stamp.attributed_to, author->uri) ||
        !str_eq(stamp.interacting_object, s->uri) || !str_eq(stamp.interaction_target, quoted->uri))
        return ctx_fail(c, ERR_NOT_FOUND, "stamp %.*s does not say so", STR_ARG(uri));
    return ERR_OK;
}

static bool
is_theirs(enum err e)
{
    return e == ERR_NOT_FOUND || e == ERR_GONE || e == ERR_FORBIDDEN || e == ERR_INVALID;
}

/* What is quoted, from here or from its server; NULL when it cannot be had. */
static enum err
fetch_quoted(struct ctx *c, struct budget *b, const struct quote *q, struct status **out)
{
    enum err e =
        q->quoted_id != 0 ? store_status_get(c, q->quoted_id, out) : service_resolve_status(c, b, q->quoted_uri, out);

    if (e == ERR_OK || !is_theirs(e))
        return e;
    ctx_ok(c);
    *out = NULL;
    return ERR_OK;
}

/* The state that the quote gets; approval: of a stamp that was found good. */
static enum err
judge(struct ctx *c, struct budget *b, struct quote *q, const struct status *s, const struct status *quoted,
    struct str claimed)
{
    struct str uri = claimed.n > 0 ? claimed : q->approval_uri;
    enum err e;

    if (quoted->reblog_of_id != 0)
        q->state = QUOTE_REJECTED;
    else if (quoted->account_id == s->account_id)
        q->state = QUOTE_ACCEPTED;
    if (quoted->reblog_of_id != 0 || quoted->account_id == s->account_id || quoted->local || uri.n == 0)
        return ERR_OK;
    e = check_stamp(c, b, uri, s, quoted);
    if (e == ERR_OK) {
        q->state = QUOTE_ACCEPTED;
        q->approval_uri = uri;
    } else if (!is_theirs(e)) {
        return e;
    } else if (str_eq(uri, q->approval_uri) && e != ERR_FORBIDDEN) { /* it was there, and is no more */
        ctx_ok(c);
        q->state = QUOTE_REVOKED;
        q->approval_uri = S("");
    } else {
        ctx_ok(c);
    }
    return ERR_OK;
}

static enum err
store_judgement(struct ctx *c, enum quote_state before, const struct quote *q)
{
    struct quote *now;

    TRY(store_quote_get(c, q->id, true, &now));
    if (now->state != before) /* something else happened meanwhile */
        return ERR_OK;
    TRY(store_quote_set(c, q));
    if (now->state != q->state)
        tell_author(c, q);
    return ERR_OK;
}

enum err
service_quote_verify(struct ctx *c, int64_t id, struct str approval, int levels)
{
    struct budget b = budget_in_turn();
    struct status *s, *quoted;
    enum quote_state before;
    struct quote *q;
    bool found;

    b.quotes = levels - 1;
    TRY(maybe(c, store_quote_get(c, id, false, &q), &found));
    if (!found)
        return ERR_OK;
    TRY(store_status_get(c, q->status_id, &s));
    TRY(fetch_quoted(c, &b, q, &quoted));
    if (quoted == NULL)
        return ERR_OK;
    before = q->state;
    q->quoted_id = quoted->id;
    q->quoted_account_id = quoted->account_id;
    TRY(judge(c, &b, q, s, quoted, approval));
    q->checked_ms = clock_ms();
    TRY(db_begin(c, DB_WRITE));
    return finish(c, store_judgement(c, before, q));
}

enum err
service_quote_recheck(struct ctx *c, const struct status *s)
{
    struct quote *q;

    if (s->quote == NULL || s->quote->state != QUOTE_ACCEPTED || s->quote->approval_uri.n == 0 ||
        s->quote->checked_ms > clock_ms() - RECHECK_MS)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(store_quote_get(c, s->quote->id, true, &q));
    q->checked_ms = clock_ms(); /* who looks next does not ask again */
    TRY(store_quote_set(c, q));
    TRY(put_verify(c, q->id, S(""), 1, 0));
    return db_commit(c);
}

/* ---- we are quoted ---------------------------------------------------------------------------------------------- */

enum err
service_receive_quote_asked(
    struct ctx *c, const struct account *from, struct str status_uri, struct status **out, enum quote_answer *answer)
{
    int64_t id = ap_uri_local_status(c->mem, c->env->conf->origin, status_uri);
    bool found, visible;

    *out = NULL;
    *answer = QUOTE_ANSWER_DENIED;
    if (id == 0)
        return ERR_OK;
    TRY(maybe(c, store_status_get(c, id, out), &found));
    if (!found || !(*out)->local || (*out)->reblog_of_id != 0) {
        *out = NULL;
        return ERR_OK;
    }
    TRY(store_status_fill(c, out, 1, 0));
    TRY(service_visible(c, from->id, VIEW_DIRECT, out, 1, &visible));
    if (visible)
        TRY(receive_wanted_by(c, (*out)->account_id, from, &visible));
    if (!visible) { /* not even that it is there */
        *out = NULL;
        return ERR_OK;
    }
    return service_quote_answer_for(c, from->id, *out, answer);
}

static enum err
answer_request(struct ctx *c, const struct quote_request *r, bool yes)
{
    return service_federate(c, &(struct fed_action){ .kind = yes ? FED_QUOTE_ACCEPT : FED_QUOTE_REJECT,
                                   .account_id = r->quoted->account_id,
                                   .target_id = r->from->id,
                                   .status_id = yes ? r->status->id : 0,
                                   .uri = r->uri,
                                   .object_uri = r->quoted->uri,
                                   .instrument = r->instrument });
}

/* In a write transaction. */
static enum err
decide(struct ctx *c, const struct quote_request *r)
{
    bool found = false;
    struct quote *q;

    if (r->status != NULL && r->status->account_id == r->from->id)
        TRY(maybe(c, store_quote_of(c, r->status->id, true, &q), &found));
    if (!found || q->quoted_id != r->quoted->id ||
        q->state == QUOTE_REVOKED) /* it quotes something else, or once too often */
        return answer_request(c, r, false);
    if (q->state == QUOTE_ACCEPTED)
        return answer_request(c, r, true);
    if (r->answer == QUOTE_ANSWER_MANUAL) /* the author is to say */
        return ERR_OK;
    q->state = r->answer == QUOTE_ANSWER_AUTOMATIC ? QUOTE_ACCEPTED : QUOTE_REJECTED;
    q->request_uri = r->uri;
    q->legacy = false;
    q->checked_ms = clock_ms();
    TRY(store_quote_set(c, q));
    if (q->state == QUOTE_ACCEPTED)
        TRY(service_notify(c, r->quoted->account_id, NOTIFY_QUOTE, r->from->id, r->status->id));
    return answer_request(c, r, q->state == QUOTE_ACCEPTED);
}

enum err
service_receive_quote_request(struct ctx *c, const struct quote_request *r)
{
    TRY(db_begin(c, DB_WRITE));
    return finish(c, decide(c, r));
}

/* ---- ours quote ------------------------------------------------------------------------------------------------- */

/* A quote by one of ours, of a post of `from`.  NOT_FOUND: it is none. */
static enum err
ours_of(struct ctx *c, const struct account *from, int64_t id, struct quote **out)
{
    struct account *author;

    TRY(store_quote_get(c, id, true, out));
    TRY(store_account_get(c, (*out)->account_id, &author));
    if ((*out)->quoted_account_id != from->id || !account_is_local(author))
        return ctx_fail(c, ERR_NOT_FOUND, "quote %lld is not asked of the sender", (long long)id);
    return ERR_OK;
}

static enum err
update_ours(struct ctx *c, struct quote *q)
{
    q->checked_ms = clock_ms();
    TRY(store_quote_set(c, q));
    tell_author(c, q);
    return service_federate(
        c, &(struct fed_action){ .kind = FED_QUOTE_UPDATE, .account_id = q->account_id, .status_id = q->status_id });
}

static enum err
answered(struct ctx *c, const struct account *from, int64_t id, bool yes, struct str stamp)
{
    struct quote *q;

    TRY(ours_of(c, from, id, &q));
    if (yes) {
        if (q->state != QUOTE_PENDING || stamp.n > URL_BYTES_MAX || !receive_url_ok(c, stamp) ||
            !url_same_origin(c->mem, stamp, from->uri))
            return ERR_OK;
        q->state = QUOTE_ACCEPTED;
        q->approval_uri = stamp;
    } else {
        if (q->state != QUOTE_PENDING && q->state != QUOTE_ACCEPTED)
            return ERR_OK;
        q->state = q->state == QUOTE_PENDING ? QUOTE_REJECTED : QUOTE_REVOKED;
        q->approval_uri = S("");
    }
    return update_ours(c, q);
}

enum err
service_receive_quote_answer(
    struct ctx *c, const struct account *from, const struct ap_uri *request, bool yes, struct str stamp)
{
    TRY(db_begin(c, DB_WRITE));
    return finish(c, answered(c, from, request->b, yes, stamp));
}

/* ---- consent taken back ----------------------------------------------------------------------------------------- */

/* Readers of a post of ours have the stamp too: they get what its author said, as it is. */
static enum err
forward(struct ctx *c, const struct quote *q, struct str activity_uri, struct str raw)
{
    struct activity a = {
        .id = id_new(), .uri = activity_uri, .account_id = q->account_id, .body = raw, .created_ms = clock_ms()
    };
    struct strs inboxes;
    struct status *s;

    TRY(store_status_get(c, q->status_id, &s));
    TRY(store_status_fill(c, &s, 1, 0));
    if (!s->local)
        return ERR_OK;
    TRY(service_audience_status(c, s, true, &inboxes));
    return inboxes.n == 0 ? ERR_OK : service_delivery_send(c, &a, &inboxes, DELIVERY_NORMAL);
}

static enum err
revoke(struct ctx *c, const struct account *from, struct str stamp, struct quotes *out)
{
    struct quotes all;

    *out = (struct quotes){ 0 };
    TRY(store_quote_by_approval(c, stamp, &all));
    out->v = arena_vec(c->mem, struct quote, all.n);
    for (size_t i = 0; i < all.n; i++) {
        struct quote *q = &all.v[i];

        if (q->quoted_account_id != from->id || q->state != QUOTE_ACCEPTED)
            continue;
        q->state = QUOTE_REVOKED;
        q->approval_uri = S("");
        q->checked_ms = clock_ms();
        TRY(store_quote_set(c, q));
        tell_author(c, q);
        out->v[out->n++] = *q;
    }
    return ERR_OK;
}

enum err
service_receive_quote_revoked(
    struct ctx *c, const struct account *from, struct str stamp, struct str activity_uri, struct str raw, bool *known)
{
    struct quotes gone;

    TRY(db_begin(c, DB_WRITE));
    TRY(finish(c, revoke(c, from, stamp, &gone)));
    *known = gone.n > 0;
    for (size_t i = 0; i < gone.n; i++) {
        bool found;

        TRY(maybe(c, forward(c, &gone.v[i], activity_uri, raw), &found));
    }
    return ERR_OK;
}

enum err
service_quote_recheck_stamp(struct ctx *c, struct budget *b, struct str stamp, bool *known)
{
    struct quotes all;

    TRY(store_quote_by_approval(c, stamp, &all));
    *known = all.n > 0;
    if (all.n == 0)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    for (size_t i = 0; i < all.n; i++)
        TRY(put_verify(c, all.v[i].id, S(""), MAX(b->quotes, 1), 0));
    return db_commit(c);
}
