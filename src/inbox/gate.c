/*
 * The gate: one POST from its head to 202, cheap checks first (doc/design/inbox.md).  Nothing has an effect before the signature is
 * verified; nothing is answered 202 before it is on disk or known to be of no use.
 */
#include "inbox/inbox.h"

#include "ap/check.h"
#include "ap/httpsig.h"
#include "ap/uri.h"
#include "base/clock.h"
#include "base/conf.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/rng.h"
#include "base/url.h"
#include "http/client.h"
#include "http/limit.h"
#include "http/respond.h"
#include "inbox/activity.h"
#include "inbox/replay_cache.h"
#include "service/delivery.h"
#include "service/receive.h"
#include "service/sync.h"

enum {
    KEY_TIMEOUT_MS = 10 * SECOND_MS,
    LINE_MAX_MS = 8 * SECOND_MS, /* in line for a key; most senders hang up after ten seconds */
    RETRY_KEY_MS = 5 * MINUTE_MS,
    RETRY_BUSY_MS = MINUTE_MS,
    RETRY_LINE_MS =
        30 * SECOND_MS, /* and up to twice as much more: who was refused together comes not together again */
};

struct gate {
    int64_t inbox_account_id;
    struct str body;
    struct ap_sig_request request;
    struct ap_sig sig;
    struct ap_activity a;
    struct remote_key key;
};

/* What comes of a step: go on, or the answer is 202 already, or all of it comes again on a thread that may wait. */
enum step { STEP_ON, STEP_IGNORE, STEP_WAIT };

static enum err
refuse(struct ctx *c, enum err e, const char *why)
{
    metric_add(METRIC_INBOX_REFUSED, 1);
    return ctx_fail_public(c, e, "%s", why);
}

static enum err
later(struct ctx *c, int64_t retry_ms, const char *why)
{
    enum err e = ctx_fail(c, ERR_BUSY, "%s", why);

    c->fail.retry_after_ms = retry_ms;
    return e;
}

/* Size is the core's matter; encodings and other types are refused. */
static enum err
check_head(struct ctx *c, struct req *r)
{
    struct str encoding = req_header(c, r, S("Content-Encoding"));

    if (encoding.p != NULL && encoding.n > 0 && !str_eqi(encoding, S("identity")))
        return refuse(c, ERR_MEDIA_TYPE, "Content-Encoding is not supported here");
    if (!ap_media_type_is_ap_post(req_header(c, r, S("Content-Type"))))
        return refuse(c, ERR_MEDIA_TYPE, "Content-Type is not ActivityPub");
    return ERR_OK;
}

/* A signature that can be read, by a key that may speak here. */
static enum err
check_signature_head(struct ctx *c, struct req *r, struct gate *g)
{
    struct ap_rules rules = inbox_rules(c);
    const char *why = "";
    enum err e;

    g->request = (struct ap_sig_request){ .method = S("POST"),
        .target = r->target,
        .headers = r->headers,
        .n_headers = r->n_headers,
        .has_body = true,
        .body_sha256 = sha256(g->body),
        .origins = { (struct str *)(uintptr_t)&c->env->conf->origin, 1 },
        .now_ms = clock_ms() };
    e = ap_sig_parse(c->mem, &g->request, &g->sig, &why);
    if (e != ERR_OK)
        return refuse(c, e, why);
    if (ap_id_check(c->mem, &rules, g->sig.keyid, &why) != ERR_OK)
        return refuse(c, ERR_UNAUTHORIZED, why);
    e = service_resolve_allowed(c, g->sig.keyid);
    return e == ERR_FORBIDDEN ? refuse(c, e, "This server does not exchange with yours") : e;
}

/* The body as an activity. */
static enum err
read_activity(struct ctx *c, struct gate *g)
{
    const struct val *doc;
    const char *why = "";

    if (ap_doc_parse(c->mem, g->body, AP_DOC_OBJECT, &doc, &why) != ERR_OK ||
        ap_activity_read(c->mem, doc, g->request.now_ms, &g->a, &why) != ERR_OK)
        return refuse(c, ERR_BAD_REQUEST, why);
    return ERR_OK;
}

/* What others send and we have no use for, by type: strangers choose the names, so only known ones are labels. */
static void
count_ignored(enum ap_type t)
{
    static const enum metric counters[AP_TYPE_COUNT] = { [AP_VIEW] = METRIC_INBOX_TYPE_VIEW,
        [AP_READ] = METRIC_INBOX_TYPE_READ,
        [AP_LISTEN] = METRIC_INBOX_TYPE_LISTEN,
        [AP_JOIN] = METRIC_INBOX_TYPE_JOIN,
        [AP_LEAVE] = METRIC_INBOX_TYPE_LEAVE,
        [AP_INVITE] = METRIC_INBOX_TYPE_INVITE,
        [AP_OFFER] = METRIC_INBOX_TYPE_OFFER,
        [AP_IGNORE] = METRIC_INBOX_TYPE_IGNORE,
        [AP_LOCK] = METRIC_INBOX_TYPE_LOCK,
        [AP_DISLIKE] = METRIC_INBOX_TYPE_DISLIKE,
        [AP_TENTATIVE_ACCEPT] = METRIC_INBOX_TYPE_TENTATIVE_ACCEPT };
    enum metric m = counters[t] != 0 ? counters[t] : METRIC_INBOX_TYPE_OTHER;

    metric_add(t == AP_UNKNOWN ? METRIC_INBOX_TYPE_UNKNOWN : m, 1);
}

/* What is answered without looking for a key. */
static enum err
short_cuts(struct ctx *c, const struct gate *g, enum step *step)
{
    bool about_itself =
        (g->a.type == AP_DELETE || g->a.type == AP_UPDATE) && g->a.object.n > 0 && str_eq(g->a.object, g->a.actor);
    bool known = true;

    *step = STEP_IGNORE;
    if (activity_kind(g->a.type)->fn == NULL) {
        count_ignored(g->a.type);
        return ERR_OK;
    }
    if (replay_seen(g->sig.signature))
        return ERR_OK;
    if (about_itself || g->a.is_actor_delete)
        TRY(service_receive_knows(c, g->a.actor, &known));
    if (known)
        *step = STEP_ON;
    return ERR_OK;
}

/* Why there is no key, as the sender should see it; OK stays. */
static enum err
key_failure(struct ctx *c, enum err e, enum step *step)
{
    if (e == ERR_GONE) { /* the actor is no more: nothing of it can matter */
        ctx_ok(c);
        *step = STEP_IGNORE;
        return ERR_OK;
    }
    if (e == ERR_FORBIDDEN || e == ERR_INVALID)
        return refuse(c, ERR_UNAUTHORIZED, "The key of the signature cannot be used");
    if (e == ERR_REMOTE || e == ERR_NOT_FOUND)
        return later(c, RETRY_KEY_MS, "the key of the signature cannot be fetched now");
    return e;
}

/*
 * A key over the network, on a thread that others do not need: a dead key server must not hold up everybody.  Who names the key and who
 * sends have their shares of those threads, as nothing is proven yet.
 */
static enum err
fetch_key(struct ctx *c, struct req *r, struct gate *g, bool fresh, enum step *step)
{
    struct budget b = budget_new();
    struct url u;

    *step = STEP_ON;
    if (r->wait == WAIT_NOT) {
        req_wait(r, url_parse(c->mem, g->sig.keyid, &u) ? resolve_registered(u.host) : STR_NONE, limit_ip_key(c, r));
        *step = STEP_WAIT;
        return ERR_OK;
    }
    if (r->wait == WAIT_REFUSED || clock_mono_ms() - r->wait_mono_ms > LINE_MAX_MS)
        return later(c, RETRY_LINE_MS + (int64_t)rng_below(2 * RETRY_LINE_MS), "too many keys are being fetched");
    b.until_mono_ms = clock_mono_ms() + KEY_TIMEOUT_MS;
    b.fetches = 10;
    b.new_accounts = 1;
    b.again_ms = RETRY_KEY_MS;
    return key_failure(c, service_resolve_key(c, &b, g->sig.keyid, fresh, &g->key), step);
}

/* Digest, time, what is covered; then the signature itself, once more with a fresh key. */
static enum err
verify(struct ctx *c, struct req *r, struct gate *g, enum step *step)
{
    const char *why = "";
    bool known;

    *step = STEP_ON;
    if (ap_sig_check(c->mem, &g->request, &g->sig, &why) != ERR_OK)
        return refuse(c, ERR_UNAUTHORIZED, why);
    TRY(service_resolve_key_known(c, g->sig.keyid, &known, &g->key));
    if (!known)
        TRY(fetch_key(c, r, g, false, step));
    if (*step != STEP_ON || ap_sig_verify(c->mem, &g->request, &g->sig, &g->key.key, &why) == ERR_OK)
        return ERR_OK;
    if (known) {
        TRY(fetch_key(c, r, g, true, step));
        if (*step != STEP_ON || ap_sig_verify(c->mem, &g->request, &g->sig, &g->key.key, &why) == ERR_OK)
            return ERR_OK;
    }
    return refuse(c, ERR_UNAUTHORIZED, why);
}

/*
 * What makes two deliveries the same: the id, and the bytes, which the row has anyway.  A Follow that is sent again counts again,
 * as its sender may have lost the Accept; so its id is that of the delivery.
 */
static struct str
identity(struct ctx *c, const struct gate *g)
{
    struct sha256 sum = g->a.type == AP_FOLLOW ? sha256(g->sig.signature) : g->request.body_sha256;
    struct buf b;

    if (g->a.id.n > 0 && g->a.type != AP_FOLLOW)
        return g->a.id;
    buf_init(&b, c->mem, 128);
    buf_put_hex(&b, sha256_str(&sum));
    return buf_str(&b);
}

/*
 * Nobody fills the queue alone: what one host or one actor may send in ten seconds.  Only what is proven counts, so that nobody uses up
 * another's share.  Too much is our overload: 503, and the sender tries again.
 */
static enum err
check_rate(struct ctx *c, struct req *r, const struct gate *g)
{
    struct url u;
    enum err e = ERR_OK;

    if (url_parse(c->mem, g->key.owner->uri, &u))
        e = limit_take(c, r, LIMIT_INBOX_HOST, u.authority);
    if (e == ERR_OK)
        e = limit_take(c, r, LIMIT_INBOX_ACTOR, g->key.owner->uri);
    r->limit = (struct req_limit){ 0 }; /* the headers are for clients */
    return e == ERR_RATE ? later(c, c->fail.retry_after_ms, "too many activities of one sender") : e;
}

/* On disk, with its job. */
static enum err
accept(struct ctx *c, struct gate *g)
{
    struct str id = identity(c, g);
    struct url u;
    bool added;

    TRY(service_receive_accept(c, g->key.owner->uri, id, g->inbox_account_id, g->body, &added));
    replay_note(g->sig.signature);
    if (url_parse(c->mem, g->key.owner->uri, &u)) {
        http_client_host_ok(c->env->client, u.authority);
        service_delivery_host_ok(u.authority, g->sig.dialect == AP_SIG_RFC9421 && g->key.key.kind == KEY_ED25519);
    }
    metric_add(added ? METRIC_INBOX_ACCEPTED : METRIC_INBOX_IGNORED, 1);
    return ERR_OK;
}

/* The activity is on disk: whatever becomes of the header, its sender need not send it again. */
static void
compare_followers(struct ctx *c, const struct account *from, struct str header)
{
    enum err e = service_sync_received(c, from, header);

    if (e == ERR_OK)
        return;
    log_failure(c, "inbox.sync", e);
    db_rollback(c);
    ctx_ok(c);
}

static enum err
pass_rules(struct ctx *c, struct req *r, int64_t inbox_account_id)
{
    struct gate g = { .inbox_account_id = inbox_account_id };
    enum step step;

    TRY(check_head(c, r));
    if (queue_is_full(c->env->queue, JOB_LANE_INBOX))
        return later(c, RETRY_BUSY_MS, "the queue of activities is full");
    TRY(req_body(c, r, &g.body));
    TRY(check_signature_head(c, r, &g));
    TRY(read_activity(c, &g));
    TRY(short_cuts(c, &g, &step));
    if (step == STEP_ON)
        TRY(verify(c, r, &g, &step));
    if (step == STEP_WAIT)
        return ERR_OK;
    if (step == STEP_ON)
        TRY(service_resolve_allowed(c, g.key.owner->uri));
    if (step == STEP_ON)
        TRY(check_rate(c, r, &g));
    if (step == STEP_ON) {
        TRY(accept(c, &g));
        compare_followers(c, g.key.owner, req_header(c, r, S("Collection-Synchronization")));
    } else {
        metric_add(METRIC_INBOX_IGNORED, 1);
    }
    res_status(c, r, 202);
    return ERR_OK;
}

/* Signatures that are refused cost work and bring nothing: an address that sends only such is turned away at the door. */
static enum err
pass(struct ctx *c, struct req *r, int64_t inbox_account_id)
{
    struct str address = limit_ip_key(c, r);
    enum err e = limit_peek(c, r, LIMIT_INBOX_BAD, address);

    if (e == ERR_OK)
        e = pass_rules(c, r, inbox_account_id);
    if (e == ERR_UNAUTHORIZED)
        TRY(limit_take(c, r, LIMIT_INBOX_BAD, address));
    return e;
}

static enum err
post_shared(struct ctx *c, struct req *r)
{
    return pass(c, r, 0);
}

static enum err
post_personal(struct ctx *c, struct req *r)
{
    int64_t id = req_param_id(r, "id");

    TRY(service_receive_inbox(c, id));
    return pass(c, r, id);
}

static struct route routes[] = {
    { HTTP_POST, "/inbox", post_shared, 0, WHO_ANYONE, RATE_NONE, AP_BODY_BYTES_MAX, LANE_FAST, NULL },
    { HTTP_POST, "/actor/inbox", post_shared, 0, WHO_ANYONE, RATE_NONE, AP_BODY_BYTES_MAX, LANE_FAST, NULL },
    { HTTP_POST, "/ap/users/:id/inbox", post_personal, 0, WHO_ANYONE, RATE_NONE, AP_BODY_BYTES_MAX, LANE_FAST, NULL },
};

static const struct route_group group = { .name = "inbox", .vary = "" };

void
inbox_routes(struct router *r)
{
    router_add(r, &group, routes, lengthof(routes));
}
