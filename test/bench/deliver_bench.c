/*
 * Deliveries a second against what the key alone can sign, with the receivers on the same machine.
 *
 * usage: deliver_bench [--rows N] [--hosts N] [--delay MS] [--tls] [--no-sign]
 * Prints one JSON object.  Receivers answer 202 after --delay milliseconds; each delivery is signed with RSA-2048 over a text of the
 * size of a signing string.
 */
#include "base/b64.h"
#include "base/clock.h"
#include "base/date.h"
#include "crypto/digest.h"
#include "crypto/sign.h"
#include "deliver/deliver.h"
#include "peer.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { BODY_BYTES = 2500, SIGN_PROBE = 500 };

struct bench {
    int rows, hosts, delay_ms;
    bool tls, sign;
    char body[BODY_BYTES];
    struct private_key key;
    struct arena *mem;
    /* the source */
    int next;
    int *held, n_held; /* given back: offered again */
    _Atomic int done, failed;
    pthread_mutex_t lock;
    pthread_cond_t cond;
};

static enum err
claim(void *arg, struct arena *mem, const struct deliver_claim *q, struct deliver_rows *out)
{
    struct bench *b = arg;

    out->n = MIN(q->max, (size_t)(b->rows - b->next + b->n_held));
    out->v = arena_vec(mem, struct deliver_row, out->n);
    for (size_t i = 0; i < out->n; i++) {
        int row = b->next < b->rows ? b->next++ : b->held[--b->n_held];
        int host = row % b->hosts;

        out->v[i] = (struct deliver_row){ .id = row + 1,
            .activity_id = 1,
            .account_id = 1,
            .inbox = str_fmt(mem, "%s://h%d.bench.test/inbox", b->tls ? "https" : "http", host),
            .host = str_fmt(mem, "h%d.bench.test", host),
            .created_ms = q->now_ms };
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

    for (size_t i = 0; i < batch->n_results; i++)
        if (batch->results[i].state == DELIVER_DONE)
            b->done++;
        else if (batch->results[i].state == DELIVER_HELD)
            b->held[b->n_held++] = (int)batch->results[i].id - 1;
        else if (b->failed++ == 0)
            fprintf(stderr, "first failure: %.*s\n", STR_ARG(batch->results[i].error));
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
sign(void *arg, struct arena *mem, const struct deliver_to_sign *in, struct http_header *out, size_t max, size_t *n)
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

    if (b->delay_ms > 0)
        peer_wait(r, b->delay_ms);
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

static struct http_client *
client_for(struct bench *b, const struct peer *p)
{
    struct str *resolve = arena_vec(b->mem, struct str, (size_t)b->hosts), loopback = S("127.0.0.0/8");
    struct http_client *cl;

    for (int i = 0; i < b->hosts; i++)
        resolve[i] = str_fmt(b->mem, "h%d.bench.test:%d:127.0.0.1:%d", i, b->tls ? 443 : 80, peer_port(p));
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
        else if (strcmp(argv[i], "--delay") == 0)
            b->delay_ms = v, i++;
        else
            exit(64);
    }
}

int
main(int argc, char **argv)
{
    static const char *const names[] = { "*.bench.test", NULL };
    struct bench b = { .rows = 5000, .hosts = 50, .sign = true, .mem = arena_new_heap() };
    struct deliver_stats stats;
    struct public_key pub;

    pthread_mutex_init(&b.lock, NULL);
    pthread_cond_init(&b.cond, NULL);
    read_options(&b, argc, argv);
    memset(b.body, 'x', sizeof(b.body));
    CHECK(key_new(b.mem, KEY_RSA, &b.key, &pub) == ERR_OK);
    double alone = sign_us(&b);

    b.held = arena_vec(b.mem, int, (size_t)b.rows);
    struct peer *p = peer_new(receive, &b, b.tls ? names : NULL);
    struct http_client *cl = client_for(&b, p);
    double cpu = cpu_s();
    int64_t begin = clock_mono_ns();
    struct deliver *d = deliver_new(&(struct deliver_options){
        .source = { &b, claim, load, write_results, park, park, NULL }, .sign = sign, .sign_arg = &b, .client = cl });

    CHECK(d != NULL);
    pthread_mutex_lock(&b.lock);
    while (b.done + b.failed < b.rows)
        pthread_cond_wait(&b.cond, &b.lock);
    pthread_mutex_unlock(&b.lock);
    double took = (double)(clock_mono_ns() - begin) / 1e9;
    struct rusage u;

    cpu = cpu_s() - cpu;
    getrusage(RUSAGE_SELF, &u);
    deliver_stats(d, &stats);
    printf("{\"rows\":%d,\"hosts\":%d,\"delay_ms\":%d,\"tls\":%d,\"signed\":%d,\"failed\":%d,\"per_s\":%.0f,"
           "\"cpu_us_sign\":%.0f,\"cpu_us_each\":%.0f,\"rss_mb\":%ld,\"connections\":%d}\n",
        b.rows, b.hosts, b.delay_ms, b.tls, b.sign, b.failed, b.rows / took, alone, cpu / b.rows * 1e6,
        u.ru_maxrss / 1024, peer_connections(p));
    deliver_free(d, 1000);
    http_client_free(cl);
    peer_free(p);
    key_cache_clear();
    arena_free(b.mem);
    return b.failed == 0 ? 0 : 1;
}
