/* Effects of remote people on what is here: set operations, guarded by unique constraints, in any order (doc/design/inbox.md). */
#include "service/receive.h"

#include "ap/read_note.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/url.h"
#include "crypto/digest.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/notification.h"
#include "service/reaction.h"
#include "service/receive_internal.h"
#include "service/status.h"
#include "service/timeline.h"
#include "service/visibility.h"
#include "store/account.h"
#include "store/approval.h"
#include "store/federation.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum {
    DELETE_FIRST_MS = 8 * DAY_MS, /* a Create may be retried for a week */
    REMOTE_PINS_MAX = 50,
};

enum err
receive_begin(struct ctx *c, const struct account *from)
{
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = store_account_lock(c, from->id);
    return e == ERR_OK ? ERR_OK : db_end(c, e);
}

enum err
receive_finish(struct ctx *c, enum err e)
{
    e = db_end(c, e);
    if ((e == ERR_CONFLICT || e == ERR_NOT_FOUND) && !ctx_is_raced(c, e)) {
        ctx_ok(c);
        return ERR_OK;
    }
    return e;
}

/* ---- at the door ---------------------------------------------------------------------------------------------------- */

enum err
service_receive_accept(
    struct ctx *c, struct str actor_uri, struct str uri, int64_t inbox_account_id, struct str body, bool *added)
{
    struct sha256 sum = sha256(body);
    struct inbound in = { .id = id_new(),
        .actor_uri = actor_uri,
        .uri = uri,
        .inbox_account_id = inbox_account_id,
        .body = body,
        .digest = sha256_str(&sum),
        .created_ms = clock_ms() };
    enum err e;

    TRY(db_begin(c, DB_WRITE));
    e = store_inbound_insert(c, &in, added);
    if (e == ERR_OK && *added)
        e = queue_put_id(c, J_PROCESS_ACTIVITY, in.id);
    return db_end(c, e);
}

enum err
service_receive_next(struct ctx *c, int64_t id, struct str *signer, int64_t *inbox_account_id, struct str *body)
{
    struct inbound *in;

    TRY(store_inbound_get(c, id, &in));
    if (in->done)
        return ctx_fail(c, ERR_NOT_FOUND, "activity %lld is done", (long long)id);
    *signer = in->actor_uri;
    *inbox_account_id = in->inbox_account_id;
    *body = in->body;
    return ERR_OK;
}

enum err
service_receive_done(struct ctx *c, int64_t id)
{
    TRY(db_begin(c, DB_WRITE));
    return receive_finish(c, store_inbound_done(c, id));
}

/* ---- relevance (2.5) ------------------------------------------------------------------------------------------------ */

static bool
names_one_of_ours(struct ctx *c, const struct ap_note *x)
{
    struct str base = c->env->conf->origin;

    for (size_t i = 0; i < x->to.n; i++)
        if (ap_uri_local_account(c->mem, base, x->to.v[i]) != 0)
            return true;
    for (size_t i = 0; i < x->cc.n; i++)
        if (ap_uri_local_account(c->mem, base, x->cc.v[i]) != 0)
            return true;
    for (size_t i = 0; i < x->n_mentions; i++)
        if (ap_uri_local_account(c->mem, base, x->mentions[i].href) != 0)
            return true;
    return false;
}

/* A reply to a post of ours, or of somebody followed here; a quote of a post of ours. */
static enum err
answers_us(struct ctx *c, const struct ap_note *x, bool *out)
{
    struct status *parent;
    enum err e;

    *out = ap_uri_local_status(c->mem, c->env->conf->origin, x->in_reply_to) != 0 ||
           ap_uri_local_status(c->mem, c->env->conf->origin, x->quote) != 0;
    if (*out || x->in_reply_to.n == 0)
        return ERR_OK;
    e = store_status_by_uri(c, x->in_reply_to, &parent);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    return store_awaited_here(c, parent->account_id, out);
}

enum err
service_receive_relevant(
    struct ctx *c, const struct ap_note *x, struct account *author, int64_t inbox_account_id, bool *out)
{
    bool addressed = inbox_account_id != 0 || names_one_of_ours(c, x);

    *out = addressed;
    if (*out || x->visibility == VIS_DIRECT || x->visibility == VIS_LIMITED)
        return ERR_OK;
    TRY(store_awaited_here(c, author->id, out));
    if (*out || x->visibility == VIS_PRIVATE)
        return ERR_OK;
    return answers_us(c, x, out);
}

/* ---- delete --------------------------------------------------------------------------------------------------------- */

static enum err
delete_status(struct ctx *c, struct account *from, struct str uri)
{
    struct status *s;
    enum err e = store_status_by_uri(c, uri, &s);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return store_tombstone_put(c, uri, from->uri, clock_ms() + DELETE_FIRST_MS);
    }
    TRY(e);
    if (s->account_id != from->id) /* somebody else's: nothing happens */
        return ERR_OK;
    TRY(store_status_fill(c, &s, 1, 0));
    return service_status_remove(c, s, false);
}

enum err
service_receive_delete(struct ctx *c, struct account *from, struct str uri)
{
    if (!url_same_origin(c->mem, uri, from->uri)) /* nobody speaks for another origin (G3) */
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, delete_status(c, from, uri));
}

/* ---- likes ---------------------------------------------------------------------------------------------------------- */

enum err
receive_wanted_by(struct ctx *c, int64_t account_id, const struct account *from, bool *out)
{
    struct ids one = { arena_vec(c->mem, int64_t, 1), 1 };
    struct relations r;

    one.v[0] = from->id;
    TRY(store_relations_visible(c, account_id, &one, &r));
    *out = r.n == 0 || (!r.v[0].blocking && !(r.v[0].domain_blocking && !r.v[0].following));
    return ERR_OK;
}

enum err
receive_our_status(struct ctx *c, const struct account *from, struct str uri, struct status **out)
{
    int64_t id = ap_uri_local_status(c->mem, c->env->conf->origin, uri);
    struct status *s;
    bool ok;
    enum err e;

    *out = NULL;
    if (id == 0)
        return ERR_OK;
    e = store_status_get(c, id, &s);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    TRY(store_status_fill(c, &s, 1, 0));
    TRY(service_visible(c, from->id, VIEW_DIRECT, &s, 1, &ok));
    if (ok)
        TRY(receive_wanted_by(c, s->account_id, from, &ok));
    *out = ok && s->local ? s : NULL;
    return ERR_OK;
}

static enum err
like(struct ctx *c, struct account *from, const struct status *s, struct str uri)
{
    bool undone, added;
    struct str had;

    TRY(receive_undone(c, from, uri, &undone));
    if (undone)
        return ERR_OK;
    TRY(store_favourite_put(c, id_new(), from->id, s->id, uri, &added));
    if (added)
        return service_notify(c, s->account_id, NOTIFY_FAVOURITE, from->id, s->id);
    TRY(store_favourite_uri(c, from->id, s->id, &had));
    TRY(receive_replaces(c, from, had, uri));
    return store_favourite_set_uri(c, from->id, s->id, uri);
}

enum err
service_receive_like(struct ctx *c, struct account *from, struct str status_uri, struct str uri)
{
    struct status *s;

    TRY(receive_our_status(c, from, status_uri, &s));
    if (s == NULL || s->reblog_of_id != 0)
        return ERR_OK;
    TRY(receive_begin(c, from));
    return receive_finish(c, like(c, from, s, uri));
}

/* ---- announces ------------------------------------------------------------------------------------------------------ */

/* The consent that it came with, which may be taken back. */
static enum err
put_stamp(struct ctx *c, const struct status *original, const struct boost *b, int64_t id)
{
    return b->stamp.n > 0 && b->stamp.n <= URL_BYTES_MAX && original->interaction_policy != 0
               ? store_approval_stamp_put(c, id, b->stamp)
               : ERR_OK;
}

static enum err
announce(struct ctx *c, struct account *from, const struct status *original, const struct boost *b, struct status *r)
{
    int64_t now = clock_ms(), at = b->published_ms > 0 ? MIN(b->published_ms, now) : now;
    struct status *had;
    bool undone;

    *r = (struct status){ .id = at > now - SECOND_MS ? id_new() : id_at(at),
        .uri = b->uri,
        .url = b->uri,
        .account_id = from->id,
        .visibility = b->visibility,
        .reblog_of_id = original->id,
        .created_ms = at,
        .fetched_ms = now,
        .object_type = S("Announce") };
    TRY(receive_undone(c, from, b->uri, &undone));
    if (undone)
        return ERR_OK;
    TRY(store_status_reblog_by(c, from->id, original->id, &had));
    if (had != NULL) {
        TRY(receive_replaces(c, from, had->uri, b->uri));
        TRY(store_status_set_uri(c, had->id, b->uri));
        return put_stamp(c, original, b, had->id);
    }
    TRY(store_status_insert(c, r));
    TRY(put_stamp(c, original, b, r->id));
    if (b->history)
        return ERR_OK;
    TRY(service_notify(c, original->account_id, NOTIFY_REBLOG, from->id, original->id));
    return queue_put_id(c, J_FAN_OUT, r->id);
}

/* A boost that was refused because its id is that of another post, and not as its number was taken in this moment, stays refused. */
static enum err
refused_for_good(struct ctx *c, struct str uri, enum err e)
{
    struct failure why = c->fail;
    struct status *other;

    if (e != ERR_CONFLICT)
        return e;
    ctx_ok(c);
    e = store_status_by_uri(c, uri, &other);
    if (e != ERR_NOT_FOUND)
        return e;
    c->fail = why;
    return why.err;
}

enum err
service_receive_announce(struct ctx *c, struct account *from, struct status *original, const struct boost *b)
{
    bool ok, own = original->account_id == from->id;
    struct boost x = *b;
    struct status r;

    if (original->reblog_of_id != 0 || original->visibility > (own ? VIS_PRIVATE : VIS_UNLISTED))
        return ERR_OK;
    if (original->visibility == VIS_PRIVATE)
        x.visibility = MAX(x.visibility, VIS_PRIVATE);
    if (x.visibility > VIS_PRIVATE || !url_same_origin(c->mem, x.uri, from->uri))
        return ERR_OK;
    TRY(service_visible(c, from->id, VIEW_DIRECT, &original, 1, &ok)); /* a block in either direction */
    if (ok && original->local)
        TRY(receive_wanted_by(c, original->account_id, from, &ok));
    if (!ok)
        return ERR_OK;
    TRY(receive_begin(c, from));
    TRY(refused_for_good(c, x.uri, receive_finish(c, announce(c, from, original, &x, &r))));
    return x.history ? service_timeline_fill_in(c, &r) : ERR_OK; /* nobody's when it was not stored */
}

/* ---- pins ----------------------------------------------------------------------------------------------------------- */

static enum err
pin(struct ctx *c, const struct account *from, struct str uri, bool on)
{
    struct status *s;
    struct ids pins;
    bool changed;

    TRY(store_status_by_uri(c, uri, &s));
    if (s->account_id != from->id || s->reblog_of_id != 0 || s->visibility > VIS_PRIVATE)
        return ERR_OK;
    if (!on)
        return store_pin_delete(c, from->id, s->id, &changed);
    TRY(store_pin_list(c, from->id, &pins));
    return pins.n >= REMOTE_PINS_MAX ? ERR_OK : store_pin_put(c, from->id, s->id, &changed);
}

enum err
service_receive_pin(struct ctx *c, struct account *from, struct str status_uri, bool on)
{
    TRY(receive_begin(c, from));
    return receive_finish(c, pin(c, from, status_uri, on));
}
