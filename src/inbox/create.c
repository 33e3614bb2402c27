/* Create: a new post, embedded as its author sent it, or only named. */
#include "inbox/activity.h"

#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/url.h"
#include "service/receive.h"

enum { OBJECTS_MAX = 16 };

enum err
inbox_read_note(struct ctx *c, const struct incoming *in, const struct val *obj, struct ap_note *out, bool *ok)
{
    struct ap_note_hints hints = { .wrap_to = in->a.to,
        .wrap_cc = in->a.cc,
        .followers = in->from->followers_uri,
        .origin = c->env->conf->origin,
        .now_ms = clock_ms() };
    struct ap_rules rules = inbox_rules(c);
    const char *why = "";

    *ok = false;
    if (obj->kind != VAL_OBJ || ap_id_of(obj).n == 0 || !ap_embedded_is_trusted(c->mem, obj, in->from->uri))
        return ERR_OK;
    if (ap_note_read(c->mem, obj, &hints, out, &why) != ERR_OK || ap_note_check(c->mem, &rules, out, &why) != ERR_OK)
        return ctx_fail(c, ERR_INVALID, "post: %s", why);
    if (!ap_id_eq(c->mem, out->attributed_to, in->from->uri))
        return ctx_fail(c, ERR_INVALID, "the post belongs to somebody else than its sender");
    *ok = true;
    return ERR_OK;
}

/* The owner of a personal inbox may see what was sent there, also when bto or bcc hid the name (never wider than told). */
static void
add_recipient(struct ctx *c, const struct incoming *in, struct ap_note *x)
{
    struct str uri;
    struct str *v;

    if (in->inbox_account_id == 0 || x->visibility < VIS_PRIVATE)
        return;
    uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_ACTOR, in->inbox_account_id, 0);
    v = arena_vec(c->mem, struct str, x->to.n + 1);
    for (size_t i = 0; i < x->to.n; i++)
        v[i] = x->to.v[i];
    v[x->to.n] = uri;
    x->to = (struct strs){ v, x->to.n + 1 };
}

/* Name without content, to a post of ours: a vote, and never a post, whether it counts or not. */
static bool
is_vote_for_us(struct ctx *c, const struct ap_note *x)
{
    return x->is_vote && ap_uri_local_status(c->mem, c->env->conf->origin, x->in_reply_to) != 0;
}

/* The answers that come along, mostly the author's own thread; ids of the post's own server only (read_note.c). */
static enum err
fetch_replies(struct ctx *c, struct incoming *in, const struct ap_note *x)
{
    struct status *s;

    for (size_t i = 0; i < x->first_replies.n && x->visibility <= VIS_UNLISTED; i++)
        TRY(inbox_drop_theirs(c, service_resolve_status(c, &in->budget, x->first_replies.v[i], &s)));
    return ERR_OK;
}

enum err
inbox_take_note(struct ctx *c, struct incoming *in, struct ap_note *x, struct status **out)
{
    bool relevant;

    *out = NULL;
    if (is_vote_for_us(c, x))
        return service_receive_vote(c, in->from, x);
    TRY(service_receive_relevant(c, x, in->from, in->inbox_account_id, &relevant));
    if (!relevant)
        return ERR_OK;
    add_recipient(c, in, x);
    TRY(service_receive_note(c, &in->budget, x, in->from, out));
    if (*out == NULL)
        return ERR_OK;
    TRY(service_resolve_ancestors(c, &in->budget, *out));
    return fetch_replies(c, in, x);
}

/* Only named: worth a fetch when somebody here reads the author or it came to a personal inbox. */
static enum err
fetch(struct ctx *c, struct incoming *in, struct str id)
{
    struct status *s;
    bool followed;

    TRY(service_receive_followed(c, in->from, &followed));
    if ((!followed && in->inbox_account_id == 0) || !url_same_origin(c->mem, id, in->from->uri))
        return ERR_OK;
    return service_resolve_status(c, &in->budget, id, &s);
}

enum err
activity_create(struct ctx *c, struct incoming *in)
{
    for (size_t i = 0; i < in->a.n_objects && i < OBJECTS_MAX; i++) {
        const struct val *obj = in->a.objects[i];
        struct str id = ap_as_id(obj);
        struct ap_note x;
        struct status *s;
        bool ok;

        TRY(inbox_read_note(c, in, obj, &x, &ok));
        if (ok) {
            TRY(inbox_take_note(c, in, &x, &s));
            TRY(inbox_forward(c, in, x.id, false));
        } else if (id.n > 0) {
            TRY(fetch(c, in, id));
        }
    }
    return ERR_OK;
}
