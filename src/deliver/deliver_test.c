/* The loop against a source in memory and peers that answer as told by the path of the inbox. */
#include "deliver/deliver.h"

#include "base/clock.h"
#include "base/metric.h"
#include "peer.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>

enum { ROWS_MAX = 4000, HOSTS = 40, FOREVER_MS = 60000, NO_ED25519 = 7 /* an account */ };

/* ---- a source in memory --------------------------------------------------------------------------------------- */

struct row {
    int64_t id, account_id, next_ms, lease_ms, created_ms;
    char inbox[80], host[20];
    int tries, status, writes;
    enum deliver_state state;
    bool open; /* not done, not dead */
    char error[DELIVER_ERROR_BYTES + 1];
};

struct world {
    pthread_mutex_t lock;
    pthread_cond_t cond;
    struct row rows[ROWS_MAX];
    int n;
    bool one_host_floods; /* the wish for few of each host is not heard */
    int parks, releases, write_errors, loads;
    struct deliver_host saved[64];
    char saved_names[64][20];
    int n_saved;
    /* peers */
    struct peer *peer;
    int in_flight, most_in_flight, per_host[HOSTS], most_per_host;
    _Atomic int status; /* of /status */
    _Atomic int hits_rfc, hits_cavage, hits_ed25519;
    struct http_client *client;
    struct deliver *d;
};

static enum err
mem_claim(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out)
{
    struct world *w = arg;

    pthread_mutex_lock(&w->lock);
    size_t of_host[HOSTS] = { 0 };

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
        out->v[out->n++] = (struct deliver_row){ .id = r->id,
            .activity_id = 7 + r->id % 3,
            .account_id = r->account_id,
            .inbox = str_dup(mem, str_z(r->inbox)),
            .host = str_dup(mem, str_z(r->host)),
            .tries = r->tries,
            .created_ms = r->created_ms };
    }
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

static enum err
mem_sign(void *arg, struct arena *mem, struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n)
{
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

static struct world *
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

static struct row *
add(struct world *w, int host, const char *path)
{
    struct row *r = &w->rows[w->n++];

    *r = (struct row){ .id = w->n, .account_id = 1, .next_ms = clock_ms(), .created_ms = clock_ms(), .open = true };
    snprintf(r->host, sizeof(r->host), "h%d.test", host);
    snprintf(r->inbox, sizeof(r->inbox), "http://h%d.test%s", host, path);
    return r;
}

static void
go(struct world *w, struct deliver_options o)
{
    o.source = (struct deliver_source){ w, mem_claim, mem_load, mem_write, mem_park, mem_release, mem_hosts };
    o.sign = mem_sign;
    o.client = w->client;
    o.signers = 2;
    w->d = deliver_new(&o);
    assert_non_null(w->d);
}

/* Wait until that many results were written in all. */
static void
wait_writes(struct world *w, int from, int to, int writes)
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

/* Wait until those rows are done or dead. */
static void
wait_closed(struct world *w, int from, int to)
{
    pthread_mutex_lock(&w->lock);
    for (int i = from; i < to; i++)
        while (w->rows[i].open)
            pthread_cond_wait(&w->cond, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

static void
world_down(struct world *w)
{
    deliver_free(w->d, 2000);
    http_client_free(w->client);
    peer_free(w->peer);
}

static void
check_row(const struct row *r, enum deliver_state state, int tries, int status)
{
    if (r->state != state || r->tries != tries || r->status != status)
        fail_msg("%s: state %d tries %d status %d (%s)", r->inbox, (int)r->state, r->tries, r->status, r->error);
}

/* ---- tests ---------------------------------------------------------------------------------------------------- */

UNIT(deliver_sends_each_row_once_within_limits)
{
    struct world *w = world_up();
    int64_t timed = metric_get(METRIC_DELIVERY_SECONDS);

    for (int i = 0; i < 2000; i++)
        add(w, i % HOSTS, i % 10 == 0 ? "/brief" : "/inbox");
    go(w, (struct deliver_options){ .total = 100 });
    wait_writes(w, 0, 2000, 2000);
    for (int i = 0; i < 2000; i++) {
        check_row(&w->rows[i], DELIVER_DONE, 0, 202);
        assert_int_equal(w->rows[i].writes, 1);
    }
    assert_int_equal(peer_requests(w->peer), 2000);
    assert_int_equal(metric_get(METRIC_DELIVERY_SECONDS) - timed, 2000);
    assert_in_range(w->most_per_host, 1, 4);
    assert_in_range(w->most_in_flight, 2, 100);
    assert_true(w->loads < 30); /* three documents, read again only when nobody needed them for a while */
    world_down(w);
}

UNIT(deliver_drains_one_host_without_giving_back)
{
    struct world *w = world_up();
    struct deliver_stats s;

    for (int i = 0; i < 500; i++)
        add(w, 0, "/inbox");
    go(w, (struct deliver_options){ 0 });
    wait_closed(w, 0, 500);
    for (int i = 0; i < 500; i++)
        assert_int_equal(w->rows[i].writes, 1);
    deliver_stats(w->d, &s);
    assert_int_equal(s.held, 0);
    assert_int_equal(s.claimed, 500);
    world_down(w);
}

UNIT(deliver_signs_with_ed25519_where_it_is_understood)
{
    struct world *w = world_up();

    go(w, (struct deliver_options){ 0 });
    deliver_host_ok(w->d, S("h0.test"), true);
    deliver_host_ok(w->d, S("h1.test"), true);
    deliver_host_ok(w->d, S("h2.test"), false);
    pthread_mutex_lock(&w->lock);
    add(w, 3, "/ok"); /* once it has arrived, so have these news */
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 0, 1, 1);
    pthread_mutex_lock(&w->lock);
    add(w, 0, "/ok");
    add(w, 0, "/ok")->account_id = NO_ED25519;
    add(w, 1, "/rfc-only"); /* it was thought to, and does not */
    add(w, 2, "/ok");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    for (int i = 1; i < 5; i++) {
        wait_writes(w, i, i + 1, 1);
        check_row(&w->rows[i], DELIVER_DONE, 0, 202);
    }
    assert_int_equal(w->hits_ed25519, 2);
    assert_int_equal(w->hits_rfc, 2);
    assert_int_equal(w->hits_cavage, 2);

    deliver_host_ok(w->d, S("h1.test"), true); /* it has said no */
    pthread_mutex_lock(&w->lock);
    add(w, 0, "/ok");
    add(w, 1, "/rfc-only");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 5, 7, 2);
    assert_int_equal(w->hits_ed25519, 3);
    deliver_free(w->d, 1000);

    clock_shift((int64_t)31 * DAY_MS); /* known after a restart; a no is not for ever */
    go(w, (struct deliver_options){ 0 });
    deliver_host_ok(w->d, S("h1.test"), true);
    pthread_mutex_lock(&w->lock);
    add(w, 0, "/ok");
    add(w, 1, "/ok");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 7, 9, 2);
    assert_int_equal(w->hits_ed25519, 5);
    clock_shift(-(int64_t)31 * DAY_MS);
    world_down(w);
}

UNIT(deliver_knocks_twice_and_remembers)
{
    struct world *w = world_up();

    add(w, 0, "/rfc-only");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 1, 1);
    check_row(&w->rows[0], DELIVER_DONE, 0, 202);
    assert_int_equal(w->hits_cavage, 1);
    assert_int_equal(w->n_saved, 1);
    assert_int_equal(w->saved[0].dialect, DIALECT_RFC9421);
    pthread_mutex_lock(&w->lock);
    add(w, 0, "/rfc-only");
    add(w, 1, "/never");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 1, 3, 2);
    check_row(&w->rows[1], DELIVER_DONE, 0, 202);
    assert_int_equal(w->hits_cavage, 2); /* only the other host's */
    check_row(&w->rows[2], DELIVER_RETRY, 1, 401);
    assert_int_equal(w->hits_rfc, 3);
    deliver_free(w->d, 1000);
    add(w, 0, "/rfc-only"); /* known after a restart */
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 3, 4, 1);
    assert_int_equal(w->hits_cavage, 2);
    world_down(w);
}

UNIT(deliver_follows_a_redirect_on_the_same_host_only)
{
    struct world *w = world_up();

    add(w, 0, "/moved");
    add(w, 1, "/moved-away");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 2, 2);
    check_row(&w->rows[0], DELIVER_DONE, 0, 202);
    check_row(&w->rows[1], DELIVER_RETRY, 1, 307);
    world_down(w);
}

UNIT(deliver_retries_by_the_clock)
{
    struct world *w = world_up();
    int64_t now = clock_ms();

    add(w, 0, "/status");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 1, 1);
    check_row(&w->rows[0], DELIVER_RETRY, 1, 500);
    assert_string_equal(w->rows[0].error, "HTTP 500 as told");
    assert_in_range(w->rows[0].next_ms - now, 22500, 37500 + 5000);
    w->status = 202;
    clock_shift(MINUTE_MS); /* wakes the loop */
    wait_writes(w, 0, 1, 2);
    check_row(&w->rows[0], DELIVER_DONE, 1, 202);
    world_down(w);
}

UNIT(deliver_gives_up_at_the_horizon_and_on_final_answers)
{
    struct world *w = world_up();

    add(w, 0, "/status")->created_ms -= 7 * (int64_t)DAY_MS;
    add(w, 1, "/inbox")->account_id = 404;
    snprintf(add(w, 2, "/inbox")->inbox, 80, "http://10.0.0.1/inbox");
    snprintf(add(w, 3, "/inbox")->inbox, 80, "not a url");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 4, 4);
    check_row(&w->rows[0], DELIVER_DEAD, 1, 500);
    assert_string_equal(w->rows[0].error, "gave up after 7 days: HTTP 500 as told");
    check_row(&w->rows[1], DELIVER_DEAD, 1, 0);
    check_row(&w->rows[2], DELIVER_DEAD, 1, 0);
    assert_non_null(strstr(w->rows[2].error, "address refused"));
    check_row(&w->rows[3], DELIVER_DEAD, 1, 0);
    w->status = 410;
    pthread_mutex_lock(&w->lock);
    add(w, 4, "/status");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 4, 5, 1);
    check_row(&w->rows[4], DELIVER_DEAD, 1, 410);
    world_down(w);
}

UNIT(deliver_does_not_wait_for_slow_hosts)
{
    struct world *w = world_up();

    w->one_host_floods = true;
    for (int i = 0; i < 500; i++)
        add(w, 0, "/hang");
    for (int i = 0; i < 300; i++)
        add(w, 1 + i % (HOSTS - 1), "/inbox");
    go(w, (struct deliver_options){ .total = 16, .queue_max = 256 });
    wait_closed(w, 500, 800); /* would take minutes behind the first host */
    assert_in_range(w->most_per_host, 1, 4);
    deliver_free(w->d, 0); /* cut: nothing is lost */
    for (int i = 0; i < 500; i++)
        assert_true(w->rows[i].open && w->rows[i].tries == 0);
    w->d = NULL;
    world_down(w);
}

UNIT(deliver_keeps_places_for_hosts_that_answer)
{
    struct world *w = world_up();

    for (int i = 0; i < 300; i++)
        add(w, i % 3, "/hang");
    for (int i = 0; i < 100; i++)
        add(w, 3 + i % 4, "/brief");
    go(w, (struct deliver_options){ .total = 8, .queue_max = 512 });
    wait_closed(w, 300, 400); /* three hosts with four requests each would have all places for ever */
    pthread_mutex_lock(&w->lock);
    for (int h = 0; h < 3; h++)
        assert_int_equal(w->per_host[h], 1);
    assert_in_range(w->most_per_host, 2, 4); /* one good answer ends the doubt */
    pthread_mutex_unlock(&w->lock);
    deliver_free(w->d, 0);
    for (int i = 0; i < 300; i++)
        assert_true(w->rows[i].open && w->rows[i].tries == 0);
    w->d = NULL;
    world_down(w);
}

UNIT(deliver_lets_the_rows_of_a_failing_host_wait_together)
{
    struct world *w = world_up();
    struct deliver_stats stats;
    int64_t now = clock_ms();

    for (int i = 0; i < 30; i++)
        add(w, 0, "/status");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 30, 30);
    deliver_stats(w->d, &stats);
    assert_int_equal(stats.retried, 3);
    for (int i = 3; i < 30; i++) {
        check_row(&w->rows[i], DELIVER_HELD, 0, 0);
        assert_true(w->rows[i].next_ms >= now + 30 * SECOND_MS);
    }
    w->status = 202;
    clock_shift(3 * MINUTE_MS);
    wait_closed(w, 0, 30);
    world_down(w);
}

UNIT(deliver_obeys_retry_after_for_the_host)
{
    struct world *w = world_up();
    int64_t now = clock_ms();

    add(w, 0, "/wait");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 1, 1);
    check_row(&w->rows[0], DELIVER_RETRY, 1, 429);
    assert_true(w->rows[0].next_ms >= now + HOUR_MS);
    pthread_mutex_lock(&w->lock);
    add(w, 0, "/inbox");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 1, 2, 1);
    check_row(&w->rows[1], DELIVER_HELD, 0, 0);
    assert_true(w->rows[1].next_ms >= now + HOUR_MS);
    pthread_mutex_lock(&w->lock);
    w->rows[0].open = false; /* it would ask for another hour */
    pthread_mutex_unlock(&w->lock);
    clock_shift(HOUR_MS + MINUTE_MS);
    wait_writes(w, 1, 2, 2);
    check_row(&w->rows[1], DELIVER_DONE, 0, 202);
    world_down(w);
}

UNIT(deliver_parks_a_dead_host_and_wakes_it)
{
    struct world *w = world_up();
    struct deliver_stats before, after;

    for (int i = 0; i < 9; i++)
        add(w, 0, "/status");
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 9, 9);
    clock_shift(11 * MINUTE_MS); /* all due; the first failure now makes ten in more than ten minutes */
    wait_writes(w, 0, 9, 18);
    assert_true(w->parks > 0);
    deliver_stats(w->d, &before);
    for (int i = 0; i < 9; i++)
        assert_true(w->rows[i].open);
    pthread_mutex_lock(&w->lock);
    for (int i = 0; i < 100; i++)
        add(w, 0, "/inbox");
    pthread_mutex_unlock(&w->lock);
    deliver_wake(w->d);
    wait_writes(w, 9, 109, 100);
    deliver_stats(w->d, &after);
    assert_int_equal(before.done, after.done); /* held, not tried */
    for (int i = 9; i < 109; i++)
        check_row(&w->rows[i], DELIVER_HELD, 0, 0);
    w->status = 202;
    deliver_host_ok(w->d, S("h0.test"), false);
    wait_closed(w, 9, 109);
    for (int i = 9; i < 109; i++) {
        check_row(&w->rows[i], DELIVER_DONE, 0, 202);
        assert_int_equal(w->rows[i].writes, 2); /* held once, then sent: claims bring no more than there is room for */
    }
    assert_true(w->releases > 0);
    world_down(w);
}

UNIT(deliver_survives_a_busy_source)
{
    struct world *w = world_up();

    for (int i = 0; i < 50; i++)
        add(w, i % HOSTS, "/inbox");
    w->write_errors = 1;
    go(w, (struct deliver_options){ 0 });
    wait_writes(w, 0, 50, 50);
    for (int i = 0; i < 50; i++)
        check_row(&w->rows[i], DELIVER_DONE, 0, 202);
    assert_int_equal(peer_requests(w->peer), 50);
    world_down(w);
}
