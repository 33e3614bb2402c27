/*
 * struct deliver_source over service/delivery.h, and the signatures.  The source's functions run on the loop's thread; sign runs on the
 * signing threads, with keys from a small cache.
 */
#include "deliver/source.h"

#include "ap/httpsig.h"
#include "base/clock.h"
#include "crypto/digest.h"
#include "db/db.h"
#include "deliver/keys.h"
#include "deliver/sync.h"
#include "service/delivery.h"

enum { LEASE_MS = 15 * 60 * 1000 };

static const struct env *
env_of(void *arg)
{
    return arg;
}

/* The results stay in mem: the ctx is not ended, only its connection goes back. */
static enum err
leave(struct ctx *c, enum err e)
{
    db_rollback(c);
    return e;
}

/* ---- rows ------------------------------------------------------------------------------------------------------ */

static enum err
claim(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out)
{
    struct delivery_query query = {
        .now_ms = q->now_ms, .lease_ms = LEASE_MS, .max = q->max, .max_per_host = q->max_per_host
    };
    struct deliveries v;
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env_of(arg));
    query.skip_hosts = (struct strs){ arena_vec(mem, struct str, q->n_skip), q->n_skip };
    for (size_t i = 0; i < q->n_skip; i++)
        query.skip_hosts.v[i] = q->skip_hosts[i];
    e = service_delivery_claim(&c, &query, &v, &out->next_due_ms);
    if (e != ERR_OK)
        return leave(&c, e);
    out->v = arena_vec(mem, struct deliver_row, v.n);
    out->n = v.n;
    for (size_t i = 0; i < v.n; i++)
        out->v[i] = (struct deliver_row){ .id = v.v[i].id,
            .activity_id = v.v[i].activity_id,
            .account_id = v.v[i].account_id,
            .inbox = v.v[i].inbox,
            .host = v.v[i].host,
            .tries = v.v[i].tries,
            .lease_ms = v.v[i].lease_until_ms,
            .created_ms = v.v[i].created_ms };
    return leave(&c, ERR_OK);
}

static enum err
load(void *arg, struct arena *mem, int64_t activity_id, struct str *body, unsigned *flags)
{
    struct ctx c;

    ctx_begin(&c, mem, env_of(arg));
    return leave(&c, service_delivery_body(&c, activity_id, body, flags));
}

static struct delivery
read_result(const struct deliver_result *r)
{
    static const enum delivery_state states[] = {
        [DELIVER_DONE] = DELIVERY_DONE,
        [DELIVER_RETRY] = DELIVERY_DUE,
        [DELIVER_HELD] = DELIVERY_DUE,
        [DELIVER_DEAD] = DELIVERY_FAILED,
    };
    bool ended = r->state == DELIVER_DONE || r->state == DELIVER_DEAD;

    return (struct delivery){ .id = r->id,
        .lease_until_ms = r->lease_ms,
        .activity_id = r->activity_id,
        .inbox = r->inbox,
        .state = states[r->state],
        .tries = r->tries,
        .next_ms = ended ? 0 : r->next_ms,
        .http_status = r->http_status,
        .last_error = r->error,
        .done_ms = ended ? clock_ms() : 0 };
}

static struct host_row
read_change(const struct deliver_host *h)
{
    int64_t now = clock_ms();

    return (struct host_row){ .name = h->name,
        .dialect = (int)h->dialect,
        .dialect_ms = h->dialect == DIALECT_UNKNOWN ? 0 : now,
        .no_ed25519_ms = h->no_ed25519_ms,
        .state = (enum host_state)h->circuit.state,
        .failures = h->circuit.fails,
        .failed_days = h->circuit.days,
        .first_failure_ms = h->circuit.first_fail_ms,
        .last_failure_ms = h->circuit.last_day * DAY_MS,
        .last_success_ms = h->circuit.state == CIRCUIT_UP ? now : 0 };
}

static enum err
write(void *arg, const struct deliver_batch *b)
{
    struct arena *mem = arena_new_heap();
    struct delivery *rows = arena_vec(mem, struct delivery, b->n_results);
    struct host_row *hosts = arena_vec(mem, struct host_row, b->n_hosts);
    const struct delivery_report report = { rows, b->n_results, hosts, b->n_hosts };
    struct ctx c;
    enum err e;

    for (size_t i = 0; i < b->n_results; i++)
        rows[i] = read_result(&b->results[i]);
    for (size_t i = 0; i < b->n_hosts; i++)
        hosts[i] = read_change(&b->hosts[i]);
    ctx_begin(&c, mem, env_of(arg));
    e = leave(&c, service_delivery_report(&c, &report));
    arena_free(mem);
    return e;
}

static enum err
move_host(void *arg, struct str host, int64_t ms, enum err (*fn)(struct ctx *c, struct str host, int64_t ms))
{
    struct arena *mem = arena_new_heap();
    struct ctx c;
    enum err e;

    ctx_begin(&c, mem, env_of(arg));
    e = leave(&c, fn(&c, host, ms));
    arena_free(mem);
    return e;
}

static enum err
park(void *arg, struct str host, int64_t until_ms)
{
    return move_host(arg, host, until_ms, service_delivery_park);
}

static enum err
unpark(void *arg, struct str host, int64_t now_ms)
{
    return move_host(arg, host, now_ms, service_delivery_unpark);
}

static enum err
hosts(void *arg, struct arena *mem, size_t max, struct deliver_hosts *out)
{
    struct host_rows rows;
    struct ctx c;

    ctx_begin(&c, mem, env_of(arg));
    if (service_delivery_begin(&c) != ERR_OK || service_delivery_hosts(&c, max, &rows) != ERR_OK)
        return leave(&c, ERR_INTERNAL);
    out->v = arena_vec(mem, struct deliver_host, rows.n);
    out->n = rows.n;
    for (size_t i = 0; i < rows.n; i++) {
        const struct host_row *h = &rows.v[i];

        out->v[i] = (struct deliver_host){ .name = h->name,
            .dialect = (enum deliver_dialect)h->dialect,
            .no_ed25519_ms = h->no_ed25519_ms,
            .circuit = { .state = (enum circuit_state)h->state,
                .fails = h->failures,
                .days = h->failed_days,
                .last_day = h->last_failure_ms / DAY_MS,
                .first_fail_ms = h->first_failure_ms } };
    }
    return leave(&c, ERR_OK);
}

/* ---- signatures ------------------------------------------------------------------------------------------------ */

_Static_assert((int)DIALECT_ED25519 == (int)HOST_DIALECT_ED25519 && (int)DIALECT_RFC9421 == (int)HOST_DIALECT_RFC9421 &&
                   (int)DIALECT_CAVAGE == (int)HOST_DIALECT_CAVAGE,
    "the numbers are in the database");

/* The author's key.  The instance actor has RSA only, and news of new keys is signed with the old one, which is RSA. */
static enum err
key_for(const struct env *env, struct arena *mem, struct deliver_to_sign *in, struct signing_key *key)
{
    bool old = (in->flags & ACTIVITY_OLD_KEY) != 0;

    if (in->dialect == DIALECT_ED25519 && (old || in->account_id == 0))
        in->dialect = DIALECT_RFC9421;
    if (old)
        return signing_key_old(env, mem, in->account_id, key);
    return signing_key_get(env, mem, in->account_id, in->dialect == DIALECT_ED25519 ? KEY_ED25519 : KEY_RSA, key);
}

static enum err
sign(void *arg, struct arena *mem, struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n)
{
    struct sha256 digest = sha256(in->body);
    struct signing_key key;
    struct ap_sig_headers headers;
    struct ap_sig_out o = {
        .method = S("POST"),
        .url = in->url,
        .content_type = S("application/activity+json"),
        .body_sha256 = &digest,
        .key = &key.key,
        .now_ms = in->now_ms,
    };

    TRY(key_for(env_of(arg), mem, in, &key));
    o.dialect = in->dialect == DIALECT_CAVAGE ? AP_SIG_CAVAGE : AP_SIG_RFC9421;
    o.keyid = key.id;
    if ((in->flags & ACTIVITY_SYNC) != 0) {
        o.extra.value = sync_header_get(env_of(arg), mem, in->account_id, in->url);
        if (o.extra.value.n > 0)
            o.extra.name = S("Collection-Synchronization");
    }
    TRY(ap_sig_make(mem, &o, &headers));
    CHECK(headers.n <= max);
    for (size_t i = 0; i < headers.n; i++)
        out[i] = headers.v[i];
    *n = headers.n;
    return ERR_OK;
}

/* ---- life ------------------------------------------------------------------------------------------------------ */

static void
wake(void *arg)
{
    deliver_wake(arg);
}

static void
host_ok(void *arg, struct str host, bool ed25519)
{
    deliver_host_ok(arg, host, ed25519);
}

struct deliver *
deliver_start(const struct env *env)
{
    const struct deliver_options o = {
        .source = { .arg = (void *)(uintptr_t)env,
            .claim = claim,
            .load = load,
            .write = write,
            .park = park,
            .release = unpark,
            .hosts = hosts },
        .sign = sign,
        .sign_arg = (void *)(uintptr_t)env,
        .client = env->client,
    };
    struct deliver *d = deliver_new(&o);

    if (d != NULL)
        service_delivery_set_hooks(&(struct delivery_hooks){ wake, host_ok, d });
    return d;
}

void
deliver_stop(struct deliver *d, int grace_ms)
{
    service_delivery_set_hooks(&(struct delivery_hooks){ 0 });
    deliver_free(d, grace_ms);
    signing_keys_forget();
    sync_forget();
}
