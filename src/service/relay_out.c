/* What relays get from us.  The server itself speaks: its actor signs. */
#include "service/relay_internal.h"

#include "ap/write_activity.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "service/delivery.h"
#include "service/document.h"
#include "service/federate.h"
#include "store/status.h"

static struct ap_activity_out
begin(struct ctx *c, enum ap_type type)
{
    return (
        struct ap_activity_out){ .type = type, .actor = ap_uri(c->mem, c->env->conf->origin, AP_URI_SITE_ACTOR, 0, 0) };
}

static enum err
send(struct ctx *c, int64_t id, const struct ap_activity_out *a, const struct strs *inboxes, enum delivery_priority p)
{
    struct ap_site site = service_site(c);
    const struct activity out = {
        .id = id, .uri = a->id, .body = ap_activity_write(c->mem, &site, a), .created_ms = clock_ms()
    };

    return inboxes->n == 0 ? ERR_OK : service_delivery_send(c, &out, inboxes, p);
}

enum err
relay_send_follow(struct ctx *c, const struct relay *r, bool undo)
{
    struct str inbox = r->inbox;
    struct ap_activity_out follow = begin(c, AP_FOLLOW), out = begin(c, AP_UNDO);

    follow.id = r->follow_uri;
    follow.object = r->kind == RELAY_LITEPUB ? r->actor_uri : S(AP_PUBLIC_ID);
    out.id = str_cat(c->mem, r->follow_uri, S("/undo"), STR_NONE);
    out.inner = &follow;
    return send(c, undo ? id_new() : r->id, undo ? &out : &follow, &(struct strs){ &inbox, 1 }, DELIVERY_URGENT);
}

enum err
relay_send_answer(struct ctx *c, const struct account *to, struct str follow_uri, bool yes)
{
    struct ap_activity_out follow = { .type = AP_FOLLOW, .id = follow_uri, .actor = to->uri };
    struct ap_activity_out out = begin(c, yes ? AP_ACCEPT : AP_REJECT);
    struct str inbox = to->inbox;
    int64_t id = id_new();

    follow.object = out.actor;
    out.id = ap_uri(c->mem, c->env->conf->origin, AP_URI_SITE_REJECT, 0, id);
    out.inner = &follow;
    return send(c, id, &out, &(struct strs){ &inbox, 1 }, DELIVERY_URGENT);
}

/* ---- posts -------------------------------------------------------------------------------------------------------- */

bool
service_relay_wants(const struct status *s)
{
    return s->local && !s->local_only && s->visibility == VIS_PUBLIC && s->reblog_of_id == 0;
}

static enum err
inboxes_of(struct ctx *c, enum relay_kind kind, bool all_kinds, struct strs *out)
{
    struct relays all;

    TRY(store_relay_list(c, &all));
    *out = (struct strs){ arena_vec(c->mem, struct str, all.n), 0 };
    for (size_t i = 0; i < all.n; i++)
        if (all.v[i].state == RELAY_ON && (all_kinds || all.v[i].kind == kind))
            out->v[out->n++] = all.v[i].inbox;
    return service_audience_drop_suspended(c, out);
}

enum err
service_relay_inboxes(struct ctx *c, bool change, struct strs *out)
{
    return inboxes_of(c, RELAY_MASTODON, change, out);
}

static void
announce_of(struct ctx *c, int64_t status_id, struct str uri, struct ap_activity_out *a)
{
    struct str *followers = arena_new(c->mem, struct str);

    *a = begin(c, AP_ANNOUNCE);
    *followers = str_cat(c->mem, a->actor, S("/followers"), STR_NONE);
    a->id = ap_uri(c->mem, c->env->conf->origin, AP_URI_SITE_ANNOUNCE, 0, status_id);
    a->object = uri;
    a->to = (struct strs){ followers, 1 };
    a->addressed = true;
}

enum err
service_relay_announce(struct ctx *c, int64_t status_id)
{
    struct ap_activity_out a;
    struct strs inboxes;
    struct status *s;
    enum err e;

    TRY(inboxes_of(c, RELAY_LITEPUB, false, &inboxes));
    if (inboxes.n == 0)
        return ERR_OK;
    e = store_status_get(c, status_id, &s);
    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (!service_relay_wants(s))
        return ERR_OK;
    announce_of(c, s->id, s->uri, &a);
    a.published_ms = s->created_ms;
    return send(c, s->id, &a, &inboxes, DELIVERY_NORMAL);
}

enum err
service_relay_withdraw(struct ctx *c, struct str status_uri)
{
    int64_t status_id = ap_uri_local_status(c->mem, c->env->conf->origin, status_uri);
    struct ap_activity_out announce, undo;
    struct strs inboxes;

    TRY(inboxes_of(c, RELAY_LITEPUB, false, &inboxes));
    if (inboxes.n == 0 || status_id == 0)
        return ERR_OK;
    announce_of(c, status_id, status_uri, &announce);
    undo = begin(c, AP_UNDO);
    undo.id = str_cat(c->mem, announce.id, S("/undo"), STR_NONE);
    undo.inner = &announce;
    undo.to = announce.to;
    undo.addressed = true;
    return send(c, id_new(), &undo, &inboxes, DELIVERY_NORMAL);
}
