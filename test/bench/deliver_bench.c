/*
 * Deliveries a second against what the key alone can sign, with the receivers on the same machine.
 *
 * usage: deliver_bench [--rows N] [--hosts N] [--dead N] [--delay MS] [--tls] [--no-sign]
 * Prints one JSON object.  Receivers answer 202 after --delay milliseconds; each delivery is signed with RSA-2048 over a text of the
 * size of a signing string.  Of the --dead hosts a third refuses connections, a third never answers to them, a third takes 30 s for an
 * answer; it ends when everything has arrived at the others, which is what is counted.
 */
#include "base/b64.h"
#include "base/clock.h"
#include "base/date.h"
#include "crypto/digest.h"
#include "crypto/sign.h"
#include "deliver/deliver.h"
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { BODY_BYTES = 2500, SIGN_PROBE = 500, SLOW_MS = 30 * SECOND_MS };

struct row {
    int64_t due_ms; /* INT64_MAX: claimed or done */
};

struct bench {
    int rows, hosts, dead, delay_ms;
    bool tls, sign;
    char body[BODY_BYTES];
    struct private_key key;
    struct arena *mem;
    /* the source */
    struct row *v;
    int *claimed; /* rows of a host in this claim */
    int first;    /* everything before is claimed or done */
    _Atomic int done, failed;
    pthread_mutex_t lock;
    pthread_cond_t cond;
};

/* The first hosts are the dead ones, so that their rows come before all others. */
static bool
is_dead(const struct bench *b, int host)
{
    return host < b->dead;
}

static const char *
kind_of(const struct bench *b, int host)
{
    static const char *const kinds[] = { "refused", "hole", "slow" };

    return is_dead(b, host) ? kinds[host % 3] : "live";
}

static bool
is_skipped(const struct deliver_claim *q, struct str host)
{
    for (size_t i = 0; i < q->n_skip; i++)
        if (str_eq(q->skip_hosts[i], host))
            return true;
    return false;
}

static struct str
host_name(struct bench *b, struct arena *mem, int host)
{
    return str_fmt(mem, "h%d.%s.bench.test", host, kind_of(b, host));
}

/* As store/delivery.c does: in the order of the rows, some of each host, none of hosts that have enough. */
static enum err
claim(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out)
{
    struct bench *b = arg;

    out->v = arena_vec(mem, struct deliver_row, q->max);
    for (int i = 0; i < b->hosts; i++)
        b->claimed[i] = is_skipped(q, host_name(b, mem, i)) ? INT_MAX : 0;
    while (b->first < b->rows && b->v[b->first].due_ms == INT64_MAX)
        b->first++;
    for (int row = b->first; row < b->rows && out->n < q->max; row++) {
        int host = row % b->hosts;
        int64_t due = b->v[row].due_ms;

        if (due > q->now_ms || b->claimed[host] >= (int)q->max_per_host) {
            if (due != INT64_MAX && b->claimed[host] != INT_MAX && (out->next_due_ms == 0 || due < out->next_due_ms))
                out->next_due_ms = due;
            continue;
        }
        b->claimed[host]++;
        b->v[row].due_ms = INT64_MAX;
        out->v[out->n++] = (struct deliver_row){ .id = row + 1,
            .activity_id = 1,
            .account_id = 1,
            .inbox =
                str_cat(mem, b->tls ? S("https://") : S("http://"), host_name(b, mem, host), S("/inbox"), STR_NONE),
            .host = host_name(b, mem, host),
            .created_ms = q->now_ms,
            .lease_ms = q->now_ms + HOUR_MS };
    }
    return ERR_OK;
}

static enum err
load(void *arg, struct arena *mem, int64_t id, struct str *body, unsigned *flags)
{
    struct bench *b = arg;

    *body = (struct str){ b->body, sizeof(b->body) };
    return ERR_OK;
}

static enum err
write_results(void *arg, const struct deliver_batch *batch)
{
    struct bench *b = arg;

    for (size_t i = 0; i < batch->n_results; i++) {
        const struct deliver_result *r = &batch->results[i];
        int row = (int)r->id - 1;

        if (r->state == DELIVER_HELD || r->state == DELIVER_RETRY) {
            b->v[row].due_ms = r->next_ms;
            b->first = MIN(b->first, row);
        }
        if (is_dead(b, row % b->hosts) || r->state == DELIVER_HELD)
            continue;
        if (r->state == DELIVER_DONE)
            b->done++;
        else if (b->failed++ == 0)
            fprintf(stderr, "first failure: %.*s\n", STR_ARG(r->error));
    }
    pthread_mutex_lock(&b->lock);
    pthread_cond_signal(&b->cond);
    pthread_mutex_unlock(&b->lock);
    return ERR_OK;
}

static enum err
park(void *arg, struct str host, int64_t ms)
{
    return ERR_OK;
}

static enum err
sign(void *arg, struct arena *mem, struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n)
{
    struct bench *b = arg;
    struct sha256 d = sha256(in->body);
    struct str digest = str_cat(mem, S("SHA-256="), b64_encode(mem, sha256_str(&d)), STR_NONE);
    struct str date = date_http(mem, in->now_ms), sig = S("none");

    if (b->sign) {
        TRY(key_sign(mem, &b->key,
            str_cat(mem, S("(request-target): post /inbox\nhost: "), in->host, S("\ndate: "), date, S("\ndigest: "),
                digest, S("\ncontent-type: application/activity+json"), STR_NONE),
            &sig));
        sig = b64_encode(mem, sig);
    }
    out[0] = (struct http_header){ S("Date"), date };
    out[1] = (struct http_header){ S("Digest"), digest };
    out[2] = (struct http_header){ S("Content-Type"), S("application/activity+json") };
    out[3] = (struct http_header){ S("Signature"), sig };
    *n = 4;
    return ERR_OK;
}

static void
receive(void *arg, struct peer_request *r)
{
    struct bench *b = arg;
    bool slow = str_find(peer_header(r, "Host"), S(".slow.")) >= 0;

    if (slow || b->delay_ms > 0)
        peer_wait(r, slow ? SLOW_MS : b->delay_ms);
    peer_answer(r, 202, "", S(""));
}

static double
cpu_s(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* CPU of one signature with this key, in microseconds. */
static double
sign_us(struct bench *b)
{
    double begin = cpu_s();
    struct arena_mark m = arena_save(b->mem);

    for (int i = 0; i < SIGN_PROBE; i++) {
        struct str sig;

        CHECK(key_sign(b->mem, &b->key, (struct str){ b->body, 200 }, &sig) == ERR_OK);
        arena_restore(b->mem, m);
    }
    return (cpu_s() - begin) * 1e6 / SIGN_PROBE;
}

/* A port that takes no connection: its queue is full, and nobody accepts.  closed: nobody listens there at all. */
static int
dead_port(bool closed)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t n = sizeof(at);
    int s = socket(AF_INET, SOCK_STREAM, 0);

    CHECK(
        s >= 0 && bind(s, (struct sockaddr *)&at, sizeof(at)) == 0 && getsockname(s, (struct sockaddr *)&at, &n) == 0);
    if (closed)
        return ntohs(at.sin_port);
    CHECK(listen(s, 0) == 0);
    for (int i = 0; i < 4; i++) { /* stay open until the end of the program */
        int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        if (connect(filler, (struct sockaddr *)&at, sizeof(at)) != 0)
            CHECK(errno == EINPROGRESS);
    }
    return ntohs(at.sin_port);
}

static struct http_client *
client_for(struct bench *b, const struct peer *p)
{
    struct str *resolve = arena_vec(b->mem, struct str, (size_t)b->hosts), loopback = S("127.0.0.0/8");
    int refused = dead_port(true), hole = dead_port(false);
    struct http_client *cl;

    for (int i = 0; i < b->hosts; i++) {
        const char *kind = kind_of(b, i);
        int port = strcmp(kind, "refused") == 0 ? refused : strcmp(kind, "hole") == 0 ? hole : peer_port(p);

        resolve[i] = str_fmt(b->mem, "h%d.%s.bench.test:%d:127.0.0.1:%d", i, kind, b->tls ? 443 : 80, port);
    }
    CHECK(http_client_new(&(struct http_client_options){ .resolve = { resolve, (size_t)b->hosts },
                              .allow_networks = { &loopback, 1 },
                              .ca_file = b->tls ? str_z(peer_ca_file(p)) : S(""),
                              .user_agent = S("deliver_bench"),
                              .http = true },
              NULL, &cl) == ERR_OK);
    return cl;
}

static void
read_options(struct bench *b, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int v = i + 1 < argc ? (int)strtol(argv[i + 1], NULL, 10) : 0;

        if (strcmp(argv[i], "--tls") == 0)
            b->tls = true;
        else if (strcmp(argv[i], "--no-sign") == 0)
            b->sign = false;
        else if (strcmp(argv[i], "--rows") == 0 && v > 0)
            b->rows = v, i++;
        else if (strcmp(argv[i], "--hosts") == 0 && v > 0)
            b->hosts = v, i++;
        else if (strcmp(argv[i], "--dead") == 0)
            b->dead = v, i++;
        else if (strcmp(argv[i], "--delay") == 0)
            b->delay_ms = v, i++;
        else
            exit(64);
    }
}

int
main(int argc, char **argv)
{
    static const char *const names[] = { "*.live.bench.test", "*.slow.bench.test", NULL };
    struct bench b = { .rows = 5000, .hosts = 50, .sign = true, .mem = arena_new_heap() };
    struct deliver_stats stats;
    struct public_key pub;

    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.cond, NULL);
    read_options(&b, argc, argv);
    memset(b.body, 'x', sizeof(b.body));
    CHECK(key_new(b.mem, KEY_RSA, &b.key, &pub) == ERR_OK);
    double alone = sign_us(&b);
    int live = 0;

    for (int i = 0; i < b.rows; i++)
        live += !is_dead(&b, i % b.hosts);

    b.v = arena_vec(b.mem, struct row, (size_t)b.rows);
    b.claimed = arena_vec(b.mem, int, (size_t)b.hosts);
    struct peer *p = peer_new(receive, &b, b.tls ? names : NULL);
    struct http_client *cl = client_for(&b, p);
    double cpu = cpu_s();
    int64_t begin = clock_mono_ns();
    struct deliver *d = deliver_new(&(struct deliver_options){
        .source = { &b, claim, load, write_results, park, park, NULL }, .sign = sign, .sign_arg = &b, .client = cl });

    CHECK(d != NULL);
    pthread_mutex_lock(&b.lock);
    while (b.done + b.failed < live)
        pthread_cond_wait(&b.cond, &b.lock);
    pthread_mutex_unlock(&b.lock);
    double took = (double)(clock_mono_ns() - begin) / 1e9;
    struct rusage u;

    cpu = cpu_s() - cpu;
    getrusage(RUSAGE_SELF, &u);
    deliver_stats(d, &stats);
    printf("{\"rows\":%d,\"hosts\":%d,\"dead\":%d,\"s\":%.2f,\"delay_ms\":%d,\"tls\":%d,\"signed\":%d,\"failed\":%d,"
           "\"per_s\":%.0f,"
           "\"cpu_us_sign\":%.0f,\"cpu_us_each\":%.0f,\"rss_mb\":%ld,\"connections\":%d}\n",
        live, b.hosts, b.dead, took, b.delay_ms, b.tls, b.sign, b.failed, live / took, alone, cpu / live * 1e6,
        u.ru_maxrss / 1024, peer_connections(p));
    deliver_free(d, b.dead > 0 ? 0 : 1000);
    http_client_free(cl);
    peer_free(p);
    key_cache_clear();
    arena_free(b.mem);
    return b.failed == 0 ? 0 : 1;
}
