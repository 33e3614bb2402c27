#include "deliver/world_test.h"

#include "base/clock.h"
#include "peer.h"
#include "unit.h"

/* ---- a source in memory --------------------------------------------------------------------------------------- */

static enum err
mem_claim(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out)
{
    struct world *w = arg;

    pthread_mutex_lock(&w->lock);
    size_t of_host[HOSTS] = { 0 };

    w->claims++;
    out->v = arena_vec(mem, struct deliver_row, q->max);
    for (int i = 0; i < w->n; i++) {
        struct row *r = &w->rows[i];
        bool skip = !r->open || r->lease_ms > q->now_ms;

        for (size_t s = 0; s < q->n_skip; s++)
            skip = skip || str_eqz(q->skip_hosts[s], r->host);
        if (skip)
            continue;
        int host = (int)strtol(r->host + 1, NULL, 10);

        if (r->next_ms > q->now_ms || out->n == q->max || (of_host[host] == q->max_per_host && !w->one_host_floods)) {
            if (out->next_due_ms == 0 || r->next_ms < out->next_due_ms)
                out->next_due_ms = r->next_ms;
            continue;
        }
        of_host[host]++;
        r->lease_ms = q->now_ms + 10 * MINUTE_MS;
        w->granted++;
        out->v[out->n++] = (struct deliver_row){ .id = r->id,
            .lease_ms = r->lease_ms,
            .activity_id = 7 + r->id % 3,
            .account_id = r->account_id,
            .inbox = str_dup(mem, str_z(r->inbox)),
            .host = str_dup(mem, str_z(r->host)),
            .tries = r->tries,
            .created_ms = r->created_ms };
    }
    pthread_cond_broadcast(&w->cond);
    pthread_mutex_unlock(&w->lock);
    return ERR_OK;
}

static enum err
mem_load(void *arg, struct arena *mem, int64_t activity_id, struct str *body, unsigned *flags)
{
    struct world *w = arg;

    w->loads++;
    if (activity_id == 404)
        return ERR_NOT_FOUND;
    *body = str_fmt(mem, "{\"id\":%d}", (int)activity_id);
    return ERR_OK;
}

static enum err
mem_write(void *arg, const struct deliver_batch *b)
{
    struct world *w = arg;
    enum err e = ERR_OK;

    pthread_mutex_lock(&w->lock);
    if (w->write_errors > 0) {
        w->write_errors--;
        e = ERR_BUSY;
    }
    for (size_t i = 0; i < b->n_results && e == ERR_OK; i++) {
        const struct deliver_result *x = &b->results[i];
        struct row *r = &w->rows[x->id - 1];

        if (r->lease_ms != x->lease_ms) {
            w->strange++;
            continue;
        }
        r->state = x->state;
        r->tries = x->tries;
        r->status = x->http_status;
        r->next_ms = x->next_ms;
        r->lease_ms = 0;
        r->open = x->state == DELIVER_RETRY || x->state == DELIVER_HELD;
        r->writes++;
        snprintf(r->error, sizeof(r->error), "%.*s", STR_ARG(x->error));
    }
    for (size_t i = 0; i < b->n_hosts && e == ERR_OK && w->n_saved < 64; i++) {
        w->saved[w->n_saved] = b->hosts[i];
        snprintf(w->saved_names[w->n_saved], sizeof(w->saved_names[0]), "%.*s", STR_ARG(b->hosts[i].name));
        w->saved[w->n_saved].name = str_z(w->saved_names[w->n_saved]);
        w->n_saved++;
    }
    pthread_cond_broadcast(&w->cond);
    pthread_mutex_unlock(&w->lock);
    return e;
}

static enum err
mem_move(struct world *w, struct str host, int64_t ms, int *count)
{
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < w->n; i++)
        if (w->rows[i].open && str_eqz(host, w->rows[i].host))
            w->rows[i].next_ms = ms;
    ++*count;
    pthread_cond_broadcast(&w->cond);
    pthread_mutex_unlock(&w->lock);
    return ERR_OK;
}

static enum err
mem_park(void *arg, struct str host, int64_t until_ms)
{
    struct world *w = arg;

    return mem_move(w, host, until_ms, &w->parks);
}

static enum err
mem_release(void *arg, struct str host, int64_t now_ms)
{
    struct world *w = arg;

    return mem_move(w, host, now_ms, &w->releases);
}

static enum err
mem_hosts(void *arg, struct arena *mem, size_t max, struct deliver_hosts *out)
{
    struct world *w = arg;

    *out = (struct deliver_hosts){ w->saved, (size_t)w->n_saved };
    return ERR_OK;
}

static void
freeze(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    if (w->freeze) {
        w->freeze = false;
        w->is_frozen = true;
        pthread_cond_broadcast(&w->cond);
        while (w->is_frozen)
            pthread_cond_wait(&w->cond, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
}

static enum err
mem_sign(void *arg, struct arena *mem, struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n)
{
    freeze(arg);
    if (in->account_id == 404)
        return ERR_NOT_FOUND;
    static const char *const names[] = {
        [DIALECT_CAVAGE] = "cavage", [DIALECT_RFC9421] = "rfc", [DIALECT_ED25519] = "ed25519"
    };

    if (in->dialect == DIALECT_ED25519 && in->account_id == NO_ED25519)
        in->dialect = DIALECT_RFC9421;
    out[0] = (struct http_header){ S("Dialect"), str_z(names[in->dialect]) };
    out[1] = (struct http_header){ S("Signed-Url"), in->url };
    *n = 2;
    return ERR_OK;
}

/* ---- peers ---------------------------------------------------------------------------------------------------- */

static void
inbox(void *arg, struct peer_request *r)
{
    struct world *w = arg;
    struct str host = peer_header(r, "host");
    int64_t h = 0;
    bool rfc = str_eqz(peer_header(r, "dialect"), "rfc");

    str_int(str_sub(host, 1, (size_t)str_chr(host, '.')), &h);
    pthread_mutex_lock(&w->lock);
    w->in_flight++;
    w->most_in_flight = MAX(w->most_in_flight, w->in_flight);
    w->per_host[h]++;
    w->most_per_host = MAX(w->most_per_host, w->per_host[h]);
    pthread_mutex_unlock(&w->lock);
    if (str_eqz(peer_header(r, "dialect"), "ed25519"))
        w->hits_ed25519++;
    else if (rfc)
        w->hits_rfc++;
    else
        w->hits_cavage++;
    CHECK(str_starts(r->body, S("{\"id\":")));
    if (str_eqz(r->target, "/hang"))
        peer_wait(r, FOREVER_MS);
    else if (str_eqz(r->target, "/brief"))
        peer_wait(r, 5);
    pthread_mutex_lock(&w->lock);
    w->in_flight--;
    w->per_host[h]--;
    pthread_mutex_unlock(&w->lock);
    if (str_eqz(r->target, "/rfc-only"))
        peer_answer(r, rfc ? 202 : 401, "", S("dialect"));
    else if (str_eqz(r->target, "/never"))
        peer_answer(r, 401, "", S("no"));
    else if (str_eqz(r->target, "/status"))
        peer_answer(r, w->status, "", S("as told"));
    else if (str_eqz(r->target, "/wait"))
        peer_answer(r, 429, "Retry-After: 3600\r\n", S(""));
    else if (str_eqz(r->target, "/moved"))
        peer_answer(r, 308, "Location: /new\r\n", S(""));
    else if (str_eqz(r->target, "/moved-away"))
        peer_answer(r, 307, "Location: http://h9.test/new\r\n", S(""));
    else if (str_eqz(r->target, "/new"))
        peer_answer(r, str_ends(peer_header(r, "signed-url"), S("/new")) ? 202 : 403, "", S(""));
    else if (!str_eqz(r->target, "/hang"))
        peer_answer(r, 202, "", S(""));
}

/* ---- helpers -------------------------------------------------------------------------------------------------- */

struct world *
world_up(void)
{
    struct world *w = arena_new(unit_mem(), struct world);
    struct str resolve[HOSTS], loopback = S("127.0.0.0/8");

    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->cond, NULL);
    w->status = 500;
    w->peer = peer_new(inbox, w, NULL);
    for (int i = 0; i < HOSTS; i++)
        resolve[i] = str_fmt(unit_mem(), "h%d.test:80:127.0.0.1:%d", i, peer_port(w->peer));
    assert_int_equal(http_client_new(&(struct http_client_options){ .resolve = { resolve, HOSTS },
                                         .allow_networks = { &loopback, 1 },
                                         .user_agent = S("test"),
                                         .http = true },
                         NULL, &w->client),
        ERR_OK);
    return w;
}

struct row *
world_add(struct world *w, int host, const char *path)
{
    struct row *r = &w->rows[w->n++];

    *r = (struct row){ .id = w->n, .account_id = 1, .next_ms = clock_ms(), .created_ms = clock_ms(), .open = true };
    snprintf(r->host, sizeof(r->host), "h%d.test", host);
    snprintf(r->inbox, sizeof(r->inbox), "http://h%d.test%s", host, path);
    return r;
}

void
world_send(struct world *w, const struct world_letter *v, size_t n)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < n; i++) {
        struct row *r = world_add(w, v[i].host, v[i].path);

        if (v[i].account_id != 0)
            r->account_id = v[i].account_id;
    }
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
}

void
world_go(struct world *w, struct deliver_options o)
{
    o.source = (struct deliver_source){ w, mem_claim, mem_load, mem_write, mem_park, mem_release, mem_hosts };
    o.sign = mem_sign;
    o.sign_arg = w;
    o.client = w->client;
    o.signers = 2;
    w->d = deliver_new(&o);
    assert_non_null(w->d);
}

void
world_wait_writes(struct world *w, int from, int to, int writes)
{
    pthread_mutex_lock(&w->lock);
    for (;;) {
        int n = 0;

        for (int i = from; i < to; i++)
            n += w->rows[i].writes;
        if (n >= writes)
            break;
        pthread_cond_wait(&w->cond, &w->lock);
    }
    pthread_mutex_unlock(&w->lock);
}

void
world_freeze(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    w->freeze = true;
    pthread_mutex_unlock(&w->lock);
}

void
world_wait_frozen(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->is_frozen)
        pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void
world_thaw(struct world *w)
{
    pthread_mutex_lock(&w->lock);
    w->is_frozen = false;
    pthread_cond_broadcast(&w->cond);
    pthread_mutex_unlock(&w->lock);
}

void
world_wait_granted(struct world *w, int n)
{
    int claims;

    pthread_mutex_lock(&w->lock);
    while (w->granted < n)
        pthread_cond_wait(&w->cond, &w->lock);
    claims = w->claims;
    deliver_wake(w->d);
    while (w->claims == claims)
        pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void
world_wait_closed(struct world *w, int from, int to)
{
    pthread_mutex_lock(&w->lock);
    for (int i = from; i < to; i++)
        while (w->rows[i].open)
            pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

void
world_down(struct world *w)
{
    deliver_free(w->d, 2000);
    http_client_free(w->client);
    peer_free(w->peer);
}

void
world_check(const struct row *r, enum deliver_state state, int tries, int status)
{
    if (r->state != state || r->tries != tries || r->status != status)
        fail_msg("%s: state %d tries %d status %d (%s)", r->inbox, (int)r->state, r->tries, r->status, r->error);
}
