/* Old posts of accounts of other servers, what they pinned, and their numbers. */
#include "service/backfill.h"

#include "ap/check.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/metric.h"
#include "base/url.h"
#include "db/db.h"
#include "queue/queue.h"
#include "service/receive.h"
#include "service/receive_interaction.h"
#include "service/resolve_internal.h"
#include "store/account.h"
#include "store/interaction.h"
#include "store/relation.h"
#include "store/status.h"

enum {
    POSTS_MAX = 20,
    PINS_MAX = 20,
    OUTBOX_PAGES_MAX = 3, /* the collection, and two with posts */
    FEATURED_PAGES_MAX = 2,
    FETCHES = 80,
    ACCOUNTS = 10,
    BACKFILL_MS = 60 * SECOND_MS,
    QUOTES_MAX = 5,
    POSTS_EVERY_MS = DAY_MS, /* of somebody who is followed here */
    NUMBERS_EVERY_MS = 6 * HOUR_MS,
    AGAIN_MS = 15 * MINUTE_MS, /* after the server could not be reached */
};

/* ---- what is due --------------------------------------------------------------------------------------------------- */

static enum err
put(struct ctx *c, const struct account *a, bool posts)
{
    int64_t now = clock_ms();

    TRY(store_account_asked(c, a->id, posts ? now : a->backfilled_ms, now));
    return queue_put(c, J_BACKFILL,
        str_fmt(c->mem, "{\"id\":\"%lld\",\"posts\":%s}", (long long)a->id, posts ? "true" : "false"), NULL);
}

static bool
may_ask(const struct account *a)
{
    return !account_is_local(a) && a->suspended_ms == 0;
}

enum err
service_backfill_followed(struct ctx *c, const struct account *a)
{
    if (!may_ask(a) || a->backfilled_ms > clock_ms() - POSTS_EVERY_MS)
        return ERR_OK;
    return put(c, a, true);
}

enum err
service_backfill_opened(struct ctx *c, const struct account *a)
{
    int64_t now = clock_ms();
    bool posts = a->backfilled_ms == 0 && a->counted_ms < now - AGAIN_MS;

    if (c->who.account_id == 0 || !may_ask(a))
        return ERR_OK;
    if (a->backfilled_ms != 0 && a->backfilled_ms < now - POSTS_EVERY_MS)
        TRY(store_followed_here(c, a->id, &posts));
    if (!posts && a->counted_ms > now - NUMBERS_EVERY_MS)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(put(c, a, posts));
    return db_commit(c);
}

/* ---- one item of an outbox ----------------------------------------------------------------------------------------- */

struct outbox {
    struct budget *b;
    struct account *a;
    int left;
};

static enum err
take_boost(struct ctx *c, struct outbox *o, const struct ap_activity *x)
{
    enum visibility v = ap_visibility_of(x->to, x->cc, o->a->uri, o->a->followers_uri, -1, false);
    struct status *original;
    bool permitted;

    if (v > VIS_UNLISTED || x->object.n == 0 || x->id.n == 0)
        return ERR_OK;
    TRY(service_resolve_status(c, o->b, x->object, &original));
    TRY(service_interaction_boost_ok(c, o->b, o->a, original, x->id, x->approved_by, &permitted));
    if (!permitted)
        return ERR_OK;
    return service_receive_announce(c, o->a, original,
        &(struct boost){
            .uri = x->id, .visibility = v, .published_ms = x->published_ms, .history = true, .stamp = x->approved_by });
}

static enum err
take_post(struct ctx *c, struct outbox *o, const struct val *obj)
{
    struct str id = ap_as_id(obj);
    struct status *s;

    if (obj->kind == VAL_OBJ)
        return resolve_take_own(c, o->b, obj, o->a, &s);
    return url_same_origin(c->mem, id, o->a->uri) ? service_resolve_status(c, o->b, id, &s) : ERR_OK;
}

static enum err
take_activity(struct ctx *c, struct outbox *o, const struct val *doc)
{
    struct ap_activity x;
    const char *why;

    if (ap_type_class(ap_type_of(doc)) == AP_CLASS_POST)
        return take_post(c, o, doc);
    if (ap_activity_read(c->mem, doc, clock_ms(), &x, &why) != ERR_OK || !ap_id_eq(c->mem, x.actor, o->a->uri))
        return ctx_fail(c, ERR_FORBIDDEN, "not an activity of %.*s", STR_ARG(o->a->uri));
    if (x.type == AP_ANNOUNCE)
        return take_boost(c, o, &x);
    return x.type == AP_CREATE && x.n_objects > 0 ? take_post(c, o, x.objects[0]) : ERR_OK;
}

static enum err
fetch_activity(struct ctx *c, struct outbox *o, struct str id)
{
    struct fetched f;

    if (!url_same_origin(c->mem, id, o->a->uri))
        return ERR_OK;
    TRY(resolve_fetch(c, o->b, id, AP_DOC_OBJECT, 0, &f));
    return take_activity(c, o, f.doc);
}

/* One that cannot be had or believed does not hold up the others. */
static enum err
outbox_item(struct ctx *c, void *arg, const struct val *item, bool *stop)
{
    struct outbox *o = arg;
    enum err e = item->kind == VAL_OBJ ? take_activity(c, o, item) : fetch_activity(c, o, ap_as_id(item));

    *stop = --o->left <= 0 || o->b->fetches <= 0;
    if (e != ERR_OK && !resolve_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

/* ---- pins ---------------------------------------------------------------------------------------------------------- */

struct pins {
    struct budget *b;
    struct account *a;
    int64_t ids[PINS_MAX];
    size_t n;
    bool cut; /* there are more than we look at, or one could not be read now */
};

static enum err
pin_item(struct ctx *c, void *arg, const struct val *item, bool *stop)
{
    struct pins *p = arg;
    struct status *s = NULL;
    struct str id = ap_as_id(item);
    enum err e = ERR_FORBIDDEN;

    if (p->n == PINS_MAX) {
        *stop = p->cut = true;
        return ERR_OK;
    }
    if (item->kind == VAL_OBJ && ap_type_class(ap_type_of(item)) == AP_CLASS_POST)
        e = resolve_take_own(c, p->b, item, p->a, &s);
    else if (url_same_origin(c->mem, id, p->a->uri))
        e = service_resolve_status(c, p->b, id, &s);
    if (e != ERR_OK && !resolve_is_theirs(e))
        return e;
    p->cut = p->cut || e == ERR_REMOTE;
    ctx_ok(c);
    if (e == ERR_OK && s->account_id == p->a->id && s->reblog_of_id == 0 && s->visibility <= VIS_UNLISTED)
        p->ids[p->n++] = s->id;
    return ERR_OK;
}

/* The list as it is now, in its order: the newest pin stands first. */
static enum err
set_pins(struct ctx *c, const struct pins *p)
{
    struct ids old;
    bool changed, same;

    TRY(store_pin_list(c, p->a->id, &old));
    same = old.n == p->n;
    for (size_t i = 0; i < p->n && same; i++)
        same = old.v[i] == p->ids[i];
    if (same)
        return ERR_OK;
    for (size_t i = 0; i < old.n && !p->cut; i++)
        TRY(store_pin_delete(c, p->a->id, old.v[i], &changed));
    for (size_t i = p->n; i-- > 0;)
        TRY(store_pin_put(c, p->a->id, p->ids[i], &changed));
    return ERR_OK;
}

/* ---- the job ------------------------------------------------------------------------------------------------------- */

struct numbers {
    int64_t statuses, followers, following;
};

/* A collection of the account's; what others could not give is no failure.  *total -1: not told. */
static enum err
read(struct ctx *c, struct budget *b, const struct account *a, struct str uri, int pages, int items, resolve_item item,
    void *arg, int64_t *total, enum err *result)
{
    struct pages_limits l = { .pages = pages, .items = items, .total = -1, .owner = a->uri };
    enum err e = uri.n > 0 ? resolve_pages(c, b, uri, &l, item, arg) : ERR_NOT_FOUND;

    *total = l.total;
    *result = e;
    if (e != ERR_OK && !resolve_is_theirs(e))
        return e;
    ctx_ok(c);
    return ERR_OK;
}

static enum err
no_item(struct ctx *c UNUSED, void *arg UNUSED, const struct val *item UNUSED, bool *stop)
{
    *stop = true;
    return ERR_OK;
}

static enum err
read_posts(struct ctx *c, struct budget *b, struct account *a, int64_t *total, bool *unreachable)
{
    struct outbox o = { b, a, POSTS_MAX };
    struct pins p = { .b = b, .a = a };
    int64_t n;
    enum err e;

    metric_add(METRIC_HISTORY_ACCOUNTS, 1);
    TRY(read(c, b, a, a->outbox, OUTBOX_PAGES_MAX, POSTS_MAX, outbox_item, &o, total, &e));
    *unreachable = e == ERR_REMOTE;
    TRY(read(c, b, a, a->featured_uri, FEATURED_PAGES_MAX, PINS_MAX + 1, pin_item, &p, &n, &e));
    if (e != ERR_OK)
        return ERR_OK;
    TRY(db_begin(c, DB_WRITE));
    TRY(set_pins(c, &p));
    return db_commit(c);
}

static enum err
read_numbers(struct ctx *c, struct budget *b, const struct account *a, bool with_statuses, struct numbers *n)
{
    enum err e;

    if (with_statuses)
        TRY(read(c, b, a, a->outbox, 1, 0, no_item, NULL, &n->statuses, &e));
    TRY(read(c, b, a, a->followers_uri, 1, 0, no_item, NULL, &n->followers, &e));
    return read(c, b, a, a->following_uri, 1, 0, no_item, NULL, &n->following, &e);
}

enum err
service_backfill(struct ctx *c, int64_t account_id, bool posts)
{
    struct budget b = { .fetches = FETCHES,
        .new_accounts = ACCOUNTS,
        .quotes = 1,
        .until_mono_ms = clock_mono_ms() + BACKFILL_MS,
        .history = true,
        .history_quotes = QUOTES_MAX };
    struct numbers n = { -1, -1, -1 };
    bool unreachable = false;
    struct account *a;

    TRY(store_account_get(c, account_id, &a));
    if (!may_ask(a))
        return ERR_OK;
    if (posts)
        TRY(read_posts(c, &b, a, &n.statuses, &unreachable));
    TRY(read_numbers(c, &b, a, !posts, &n));
    TRY(db_begin(c, DB_WRITE));
    TRY(store_account_set_remote_counts(c, a->id, n.statuses, n.followers, n.following));
    if (unreachable) /* so that whoever looks again asks again */
        TRY(store_account_asked(c, a->id, 0, clock_ms()));
    return db_commit(c);
}
