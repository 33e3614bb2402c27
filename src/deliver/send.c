/* One attempt: signed on a thread of the pool, posted by the client, back to the loop as mail. */
#include "deliver/internal.h"

#include "base/clock.h"
#include "base/metric.h"

enum { ANSWER_BYTES_MAX = 64 * 1024 };

struct signer {
    struct deliver *d;
    struct arena *mem;
};

static void *
signer_begin(void *arg)
{
    struct signer *s;
    struct arena *a = arena_new_heap();

    s = arena_new(a, struct signer);
    s->d = arg;
    s->mem = arena_new_heap();
    arena_defer(s->mem, (void (*)(void *))arena_free, a);
    return s;
}

static void
signer_end(void *state)
{
    struct signer *s = state;

    arena_free(s->mem);
}

static void
back(struct item *it)
{
    mailbox_send_take(&it->d->box, &it->note.mail);
}

/* The client's thread. */
static void
on_answer(void *arg, struct fetch_response *r)
{
    struct item *it = arg;

    it->response = r;
    metric_observe(METRIC_DELIVERY_SECONDS, clock_mono_ns() - it->asked_ns);
    back(it);
}

static void
run(void *state, struct mail *m)
{
    struct signer *s = state;
    struct item *it = (struct item *)m; /* note.mail is its first member */
    struct http_header headers[DELIVER_HEADERS_MAX];
    struct deliver_to_sign in = {
        .activity_id = it->row.activity_id,
        .account_id = it->row.account_id,
        .url = it->moved != NULL ? str_z(it->moved) : it->row.inbox,
        .host = it->host->h.name,
        .body = it->body->text,
        .flags = it->body->flags,
        .dialect = it->dialect,
        .now_ms = clock_ms(),
    };
    struct fetch_request rq = {
        .method = HTTP_POST,
        .url = in.url,
        .headers = headers,
        .body = in.body,
        .body_max = ANSWER_BYTES_MAX,
        .timeout_ms = s->d->timeout_ms,
        .own_limits = true,
        .group = s->d,
    };
    struct arena_mark mark = arena_save(s->mem);

    it->sign_err =
        s->d->cutting ? ERR_BUSY : s->d->sign(s->d->sign_arg, s->mem, &in, headers, DELIVER_HEADERS_MAX, &rq.n_headers);
    it->dialect = in.dialect;
    it->asked_ns = clock_mono_ns();
    if (it->sign_err == ERR_OK && item_left_ms(it) < LEFT_TO_SEND_MS) /* we stood still; somebody else may have it */
        it->sign_err = ERR_BUSY;
    if (it->sign_err == ERR_OK)
        http_client_start(s->d->client, s->mem, &rq, on_answer, it);
    else
        back(it);
    arena_restore(s->mem, mark);
}

struct pool *
signers_new(struct deliver *d, int threads)
{
    return pool_new(&(struct pool_options){ .name = "sign",
        .threads = (unsigned)threads,
        .queue_max = (size_t)d->total + 1,
        .begin = signer_begin,
        .run = run,
        .end = signer_end,
        .arg = d });
}

void
send_item(struct deliver *d, struct item *it)
{
    fetch_response_free(it->response);
    it->response = NULL;
    /* The pool has room for all that may be in flight; it refuses nothing but at its end, which comes after the loop's. */
    if (!pool_put_take(d->signers, &it->note.mail))
        BUG("the signing pool refuses a row");
}
