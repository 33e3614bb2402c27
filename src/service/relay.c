/* Relays: subscribing, and what comes in by them. */
#include "service/relay.h"

#include "base/clock.h"
#include "base/conf.h"
#include "base/id.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/domain.h"
#include "service/relay_internal.h"
#include "store/account.h"
#include "store/status.h"

const char *const relay_kind_names[] = { "mastodon", "litepub", NULL };
const char *const relay_state_names[] = { "new", "asked", "on", "refused", "leaving", NULL };

/* ---- the operator ------------------------------------------------------------------------------------------------ */

static enum err
check_url(struct ctx *c, struct str url, struct str *out)
{
    struct domain_rule rule;
    struct url u;

    if (!url_parse(c->mem, url, &u) || (!str_eq(u.scheme, S("https")) && !c->env->conf->federation_http))
        return ctx_fail_public(c, ERR_INVALID, "A relay is named by an address that begins with https://");
    TRY(service_domain_rule(c, u.authority, &rule));
    if (rule.closed)
        return ctx_fail_public(c, ERR_INVALID, "Nothing is exchanged with %.*s", STR_ARG(u.host));
    *out = u.text;
    return ERR_OK;
}

static enum err
find_url(struct ctx *c, struct str url, struct relays *all, struct relay **out)
{
    *out = NULL;
    TRY(store_relay_list(c, all));
    for (size_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].url, url))
            *out = &all->v[i];
    return ERR_OK;
}

enum err
service_relay_add(struct ctx *c, struct str url, enum relay_kind kind)
{
    struct relay r = { .id = id_new(), .kind = kind, .created_ms = clock_ms() }, *old;
    struct relays all;

    TRY(check_url(c, url, &r.url));
    if (kind == RELAY_MASTODON)
        r.inbox = r.url;
    r.follow_uri = ap_uri(c->mem, c->env->conf->origin, AP_URI_SITE_FOLLOW, 0, r.id);
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_lock(c, 0));
    TRY(find_url(c, r.url, &all, &old));
    if (old != NULL)
        return ctx_fail_public(c, ERR_INVALID, "That relay is there already");
    if (all.n >= RELAYS_MAX)
        return ctx_fail_public(c, ERR_INVALID, "There are %d relays already", RELAYS_MAX);
    TRY(store_relay_insert(c, &r));
    TRY(queue_put_id(c, J_RELAY, r.id));
    return db_commit(c);
}

enum err
service_relay_list(struct ctx *c, struct relays *out)
{
    return store_relay_list(c, out);
}

enum err
service_relay_remove(struct ctx *c, struct str url)
{
    struct relays all;
    struct relay *r;

    TRY(db_begin(c, DB_WRITE));
    TRY(find_url(c, url, &all, &r));
    if (r == NULL)
        return ctx_fail_public(c, ERR_NOT_FOUND, "There is no relay %.*s", STR_ARG(url));
    r->state = RELAY_LEAVING;
    TRY(store_relay_update(c, r));
    TRY(queue_put_id(c, J_RELAY, r->id));
    return db_commit(c);
}

/* A LitePub relay is named by its actor, which knows its inbox. */
static enum err
find_inbox(struct ctx *c, struct relay *r)
{
    struct budget budget = budget_new();
    struct account *a;

    if (r->inbox.n > 0)
        return ERR_OK;
    TRY(service_resolve_actor(c, &budget, r->url, &a));
    r->inbox = a->inbox;
    r->actor_uri = a->uri;
    return ERR_OK;
}

static enum err
update(struct ctx *c, const struct relay *r)
{
    TRY(db_begin(c, DB_WRITE));
    TRY(store_relay_update(c, r));
    return db_commit(c);
}

static enum err
ask(struct ctx *c, struct relay *r)
{
    enum err e = find_inbox(c, r);

    if (e != ERR_OK) {
        r->last_error = str_dup(c->mem, c->fail.detail);
        ctx_ok(c);
        TRY(update(c, r));
        return ctx_fail(c, e, "relay %.*s: %.*s", STR_ARG(r->url), STR_ARG(r->last_error));
    }
    r->state = RELAY_ASKED;
    r->last_error = S("");
    TRY(update(c, r)); /* before the Follow leaves: its answer may be quick */
    return relay_send_follow(c, r, false);
}

static enum err
leave(struct ctx *c, const struct relay *r)
{
    if (r->inbox.n > 0)
        TRY(relay_send_follow(c, r, true));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_relay_delete(c, r->id));
    return db_commit(c);
}

enum err
service_relay_run(struct ctx *c, int64_t id)
{
    struct relay *r;
    enum err e = store_relay_get(c, id, &r);

    if (e == ERR_NOT_FOUND) {
        ctx_ok(c);
        return ERR_OK;
    }
    TRY(e);
    if (r->state == RELAY_LEAVING)
        return leave(c, r);
    return r->state == RELAY_NEW || r->state == RELAY_ASKED ? ask(c, r) : ERR_OK;
}

/* ---- what comes in ------------------------------------------------------------------------------------------------ */

enum err
service_relay_answered(struct ctx *c, const struct account *from, struct str follow_uri, bool yes, bool *ours)
{
    struct relays all;

    *ours = false;
    TRY(store_relay_list(c, &all));
    for (size_t i = 0; i < all.n; i++) {
        struct relay *r = &all.v[i];

        if (follow_uri.n == 0 || !str_eq(r->follow_uri, follow_uri))
            continue;
        *ours = true;
        if (!url_same_origin(c->mem, from->uri, r->inbox) || r->state == RELAY_NEW || r->state == RELAY_LEAVING)
            return ERR_OK; /* nobody answers for another server */
        r->state = yes ? RELAY_ON : RELAY_REFUSED;
        r->actor_uri = from->uri;
        return update(c, r);
    }
    return ERR_OK;
}

/* The relay of ours that this actor is, NULL: none.  asked: also one that has not answered yet. */
static enum err
find_actor(struct ctx *c, struct str actor_uri, bool asked, struct relay **out)
{
    struct relays all;

    *out = NULL;
    TRY(store_relay_list(c, &all));
    for (size_t i = 0; i < all.n; i++)
        if (str_eq(all.v[i].actor_uri, actor_uri) &&
            (all.v[i].state == RELAY_ON || (asked && all.v[i].state == RELAY_ASKED)))
            *out = &all.v[i];
    return ERR_OK;
}

enum err
service_relay_followed(struct ctx *c, const struct account *from, struct str follow_uri)
{
    struct relay *r;

    TRY(find_actor(c, from->uri, true, &r));
    return relay_send_answer(c, from, follow_uri, r != NULL);
}

static enum err
take(struct ctx *c, const struct relay *r, bool *ok)
{
    int64_t now = clock_ms();

    TRY(db_begin(c, DB_WRITE));
    TRY(store_relay_take(c, r->id, now - now % MINUTE_MS, RELAY_POSTS_A_MINUTE, now, ok));
    return db_commit(c);
}

enum err
service_relay_may_bring(struct ctx *c, struct str actor_uri, bool *is_relay, bool *may)
{
    struct relay *r;

    *may = false;
    TRY(find_actor(c, actor_uri, false, &r));
    *is_relay = r != NULL;
    return r != NULL ? take(c, r, may) : ERR_OK;
}

enum err
service_relay_take(
    struct ctx *c, struct budget *b, const struct account *from, struct str uri, bool changed, bool *is_relay)
{
    struct status *s;
    struct relay *r;
    struct ap_uri at;
    bool ok;
    enum err e;

    TRY(find_actor(c, from->uri, false, &r));
    *is_relay = r != NULL;
    if (r == NULL || uri.n == 0 || ap_uri_parse_local(c->mem, c->env->conf->origin, uri, &at))
        return ERR_OK;
    e = store_status_by_uri(c, uri, &s);
    if (e != ERR_OK && e != ERR_NOT_FOUND)
        return e;
    ctx_ok(c);
    if (changed != (e == ERR_OK)) /* known already, or never known: that costs nothing */
        return ERR_OK;
    TRY(take(c, r, &ok));
    if (!ok)
        return ctx_fail(c, ERR_FORBIDDEN, "relay %.*s brings too much", STR_ARG(r->url));
    if (changed)
        return service_resolve_status_again(c, b, uri, &s);
    TRY(service_resolve_status(c, b, uri, &s));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_relay_counted(c, r->id));
    return db_commit(c);
}
