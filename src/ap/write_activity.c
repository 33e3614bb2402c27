/* Activities. */
#include "ap/write_activity.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"

static void
put_tombstone(struct json *j, struct str id)
{
    json_obj(j, "object");
    json_str(j, "id", id);
    json_str(j, "type", S("Tombstone"));
    json_end(j);
}

static void
put_stamp(struct json *j, const struct ap_activity_out *x)
{
    json_obj(j, "object");
    json_str(j, "id", x->object);
    json_str(j, "type", ap_type_name(x->stamp));
    json_str(j, "attributedTo", x->actor);
    json_str(j, "interactingObject", x->stamp_interacting);
    json_str(j, "interactionTarget", x->stamp_target);
    json_end(j);
}

static void
put_object(struct json *j, struct arena *a, const struct ap_site *site, const struct ap_activity_out *x)
{
    if (x->note != NULL)
        ap_note_write_in(j, a, site, "object", AP_CONTEXT_NONE, x->note);
    else if (x->person != NULL)
        ap_actor_write_in(j, a, site, "object", AP_CONTEXT_NONE, x->person);
    else if (x->vote != NULL)
        ap_vote_write_in(j, a, site, "object", x->vote);
    else if (x->inner != NULL)
        ap_activity_write_in(j, a, site, "object", AP_CONTEXT_NONE, x->inner);
    else if (x->objects.n > 0)
        ap_ids_write(j, "object", x->objects);
    else if (x->tombstone.n > 0)
        put_tombstone(j, x->tombstone);
    else if (x->object_json.n > 0)
        json_raw(j, "object", x->object_json);
    else if (x->stamp_interacting.n > 0)
        put_stamp(j, x);
    else
        json_str(j, "object", x->object);
}

void
ap_activity_write_in(struct json *j, struct arena *a, const struct ap_site *site, const char *key,
    enum ap_context context, const struct ap_activity_out *x)
{
    json_obj(j, key);
    if (x->proven && context != AP_CONTEXT_NONE)
        ap_context_write_proof(j, a, context);
    else
        ap_context_write(j, context);
    if (x->id.n > 0)
        json_str(j, "id", x->id);
    json_str(j, "type", ap_type_name(x->type));
    json_str(j, "actor", x->actor);
    if (x->published_ms > 0)
        ap_time_write(j, a, "published", x->published_ms);
    if (x->updated_ms > 0)
        ap_time_write(j, a, "updated", x->updated_ms);
    if (x->addressed) {
        ap_ids_write(j, "to", x->to);
        ap_ids_write(j, "cc", x->cc);
    }
    if (x->content.n > 0)
        json_str(j, "content", x->content);
    if (x->type == AP_LIKE && x->content.n > 0)
        json_str(j, "_misskey_reaction", x->content);
    put_object(j, a, site, x);
    if (x->target.n > 0)
        json_str(j, "target", x->target);
    if (x->instrument_note != NULL)
        ap_note_write_in(j, a, site, "instrument", AP_CONTEXT_NONE, x->instrument_note);
    else if (x->instrument_act != NULL)
        ap_activity_write_in(j, a, site, "instrument", AP_CONTEXT_NONE, x->instrument_act);
    else if (x->instrument.n > 0)
        json_str(j, "instrument", x->instrument);
    if (x->authorization.n > 0) {
        json_str(j, "announceAuthorization", x->authorization);
        json_str(j, "approvedBy", x->authorization);
    }
    if (x->result.n > 0)
        json_str(j, "result", x->result);
    if (x->reaction != NULL) {
        json_arr(j, "tag");
        ap_emoji_write_in(j, a, site, x->reaction, AP_CONTEXT_NONE);
        json_end(j);
    }
    json_end(j);
}

/* The context that holds every term of the activity and of what is in it. */
static enum ap_context
context_of(const struct ap_activity_out *x)
{
    if (x->type == AP_QUOTE_REQUEST)
        return AP_CONTEXT_QUOTE;
    if (x->type >= AP_LIKE_REQUEST && x->type <= AP_ANNOUNCE_REQUEST)
        return AP_CONTEXT_REQUEST;
    if (x->authorization.n > 0)
        return AP_CONTEXT_NOTE;
    if (x->featured || x->type == AP_FEATURE_REQUEST)
        return AP_CONTEXT_FEATURED;
    if (x->note != NULL || x->object_json.n > 0)
        return AP_CONTEXT_NOTE;
    if (x->person != NULL)
        return AP_CONTEXT_ACTOR;
    if (x->stamp_interacting.n > 0)
        return AP_CONTEXT_STAMP;
    if (x->reaction != NULL || (x->type == AP_LIKE && x->content.n > 0))
        return AP_CONTEXT_REACTION;
    return x->inner != NULL ? context_of(x->inner) : AP_CONTEXT_PLAIN;
}

struct str
ap_activity_write(struct arena *a, const struct ap_site *site, const struct ap_activity_out *x)
{
    struct json j;
    struct buf b;

    buf_init(&b, a, AP_OUT_BYTES_MAX);
    json_init(&j, &b);
    ap_activity_write_in(&j, a, site, NULL, context_of(x), x);
    return ap_json_done(&j);
}

/* ---- around posts -------------------------------------------------------------------------------------------------------- */

static struct ap_activity_out
around(struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    struct ap_activity_out act = {
        .actor = ap_uri(a, site->origin, AP_URI_ACTOR, x->account_id, 0), .note = x, .addressed = true
    };

    ap_note_audience(a, site, x, &act.to, &act.cc);
    return act;
}

void
ap_create_of(struct arena *a, const struct ap_site *site, const struct ap_note_out *x, struct ap_activity_out *out)
{
    *out = around(a, site, x);
    out->type = AP_CREATE;
    out->id = ap_uri(a, site->origin, AP_URI_STATUS_ACTIVITY, x->account_id, x->id);
    out->published_ms = x->created_ms;
}

struct str
ap_create_write(struct arena *a, const struct ap_site *site, const struct ap_note_out *x)
{
    struct ap_activity_out act;

    ap_create_of(a, site, x, &act);
    return ap_activity_write(a, site, &act);
}

void
ap_announce_of(
    struct arena *a, const struct ap_site *site, const struct ap_announce_out *x, struct ap_activity_out *out)
{
    struct ap_mention_out author = { .id = x->author };
    struct ap_note_out as_note = { .account_id = x->account_id,
        .visibility = x->visibility,
        .mentions = &author,
        .n_mentions = x->author.n > 0 ? 1 : 0 };

    *out = around(a, site, &as_note);
    out->note = x->inline_note;
    out->type = AP_ANNOUNCE;
    out->id = ap_uri(a, site->origin, AP_URI_STATUS_ACTIVITY, x->account_id, x->id);
    out->object = x->object;
    out->published_ms = x->created_ms;
    out->authorization = x->authorization;
}

struct str
ap_announce_write(struct arena *a, const struct ap_site *site, const struct ap_announce_out *x, bool undo)
{
    struct ap_activity_out act, outer;

    ap_announce_of(a, site, x, &act);
    if (!undo)
        return ap_activity_write(a, site, &act);
    outer = (struct ap_activity_out){ .type = AP_UNDO,
        .actor = act.actor,
        .to = act.to,
        .cc = act.cc,
        .addressed = true,
        .id = ap_uri(a, site->origin, AP_URI_STATUS_UNDO, x->account_id, x->id),
        .inner = &act };
    return ap_activity_write(a, site, &outer);
}
