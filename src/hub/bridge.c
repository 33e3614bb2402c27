/*
 * The bridge's thread: it opens the link, takes what comes, sends what waits, and proves with its own beat, which the bus brings
 * back, that the link works.
 *
 * Publishers only put into a queue and wake the thread.  While it sends a batch the next one gathers, so a busy process sends few
 * and large ones.  A message leaves the queue once the bus has taken it; what may have arrived is sent again with the same number, and
 * receivers drop the repetition.
 */
#include "hub/bridge.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "hub/frame.h"
#include "hub/link.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    BEAT_MS = 1500,
    DEAF_BEATS = 4,     /* so many beats without our own coming back: the link does not work */
    GONE_BEATS = 8,     /* so many without one of another process: it is not there */
    AGAIN_MIN_MS = 100, /* before the link is opened again, doubled each time */
    AGAIN_MAX_MS = 5000,
    QUEUE_MAX = 10000,
    QUEUE_BYTES_MAX = 16 * 1024 * 1024,
    BATCH = 256, /* messages */
};

struct waiting {
    struct waiting *next;
    struct blob *blob;
    size_t n_topic, n_event;
    char text[]; /* topic, event */
};

struct bridge {
    struct bridge_options o;
    const struct link_kind *kind;
    struct link_target target;
    pthread_t thread;
    int wake_fd;

    pthread_mutex_t m;
    struct waiting *first, **last; /* under m */
    size_t n, bytes;
    bool dropped; /* a message was left out, so the next number is too */
    bool stopping;

    /* the thread's */
    void *link;
    struct frame_writer writer;
    struct frame_reader reader;
    struct frame_list unsent; /* in batch_mem; goes out again when the link was cut */
    struct arena *batch_mem;
    int64_t beat_at_ms, heard_own_ms, again_at_ms, up_ms, round_ms;
    int again_ms;
    bool told; /* the log knows that the link is down */

    atomic_bool is_whole;
    atomic_int others;
};

static int
beat_ms(const struct bridge *b)
{
    return b->o.beat_ms > 0 ? b->o.beat_ms : BEAT_MS;
}

/* ---- publishers --------------------------------------------------------------------------------------------------- */

static void
wake(struct bridge *b)
{
    const uint64_t one = 1;

    if (write(b->wake_fd, &one, sizeof(one)) != sizeof(one)) {
        /* the counter is full: the thread is awake anyhow */
    }
}

static struct waiting *
waiting_new(const struct hub_message *m)
{
    struct waiting *w = malloc(sizeof(*w) + m->topic.n + m->event.n);

    if (w == NULL)
        BUG("out of memory");
    *w = (struct waiting){ .blob = blob_ref(m->blob), .n_topic = m->topic.n, .n_event = m->event.n };
    memcpy(w->text, m->topic.p, m->topic.n);
    if (m->event.n > 0)
        memcpy(w->text + m->topic.n, m->event.p, m->event.n);
    return w;
}

static void
waiting_free(struct waiting *w)
{
    blob_unref(w->blob);
    free(w);
}

/* Lines are our frames' grammar, UTF-8 without NUL that of the bus. */
static bool
can_travel(const struct hub_message *m)
{
    struct str payload = blob_str(m->blob);

    return str_chr(m->topic, '\n') < 0 && str_chr(m->event, '\n') < 0 && utf8_valid(m->topic) && utf8_valid(m->event) &&
           utf8_valid(payload) && (payload.n == 0 || memchr(payload.p, '\0', payload.n) == NULL);
}

/* While the link is down nobody knows who is there. */
static bool
is_wanted(void *arg)
{
    const struct bridge *b = arg;

    return b->others > 0 || !b->is_whole;
}

static void
publish(void *arg, const struct hub_message *m)
{
    struct bridge *b = arg;
    size_t bytes = blob_str(m->blob).n, max = b->o.queue_max > 0 ? (size_t)b->o.queue_max : QUEUE_MAX;
    struct waiting *w;
    bool first;

    if (!is_wanted(b) || !can_travel(m))
        return;
    w = waiting_new(m);
    pthread_mutex_lock(&b->m);
    first = b->first == NULL;
    if (b->n >= max || b->bytes + bytes > QUEUE_BYTES_MAX) {
        b->dropped = true;
    } else {
        *b->last = w;
        b->last = &w->next;
        b->n++;
        b->bytes += bytes;
        w = NULL;
    }
    pthread_mutex_unlock(&b->m);
    if (w != NULL)
        waiting_free(w);
    else if (first)
        wake(b);
}

/* ---- the thread: what comes ---------------------------------------------------------------------------------------- */

static void
on_frame(void *arg, struct str text)
{
    struct bridge *b = arg;
    struct hub_message m = { 0 };
    bool lost;
    enum frame_kind kind = frame_read(&b->reader, text, clock_mono_ms(), &m, &lost);

    if (lost)
        b->o.lost(b->o.arg);
    if (kind == FRAME_OWN)
        b->heard_own_ms = clock_mono_ms();
    if (kind != FRAME_MESSAGE)
        return;
    b->o.heard(b->o.arg, &m);
    (void)hub_deliver(b->o.hub, &m);
    blob_unref(m.blob);
}

static void
count_others(struct bridge *b)
{
    int n = (int)frame_senders(&b->reader, clock_mono_ms() - (int64_t)GONE_BEATS * beat_ms(b));

    if (n == b->others)
        return;
    log_info(NULL, "bus.others", LOG_INT("n", n));
    b->others = n;
    b->beat_at_ms = 0; /* whoever came knows of us at once */
}

/* ---- the thread: the link ------------------------------------------------------------------------------------------- */

static void
link_down(struct bridge *b, const char *why)
{
    if (b->link != NULL)
        b->kind->close(b->link);
    b->link = NULL;
    b->is_whole = false;
    if (!b->told)
        log_warn(NULL, "bus.down", LOG_STR("bus", str_z(b->kind->name)), LOG_STR("detail", str_trim(str_z(why))));
    b->told = true;
    b->again_ms = b->again_ms == 0 ? AGAIN_MIN_MS : MIN(b->again_ms * 2, AGAIN_MAX_MS);
    b->again_at_ms = clock_mono_ms() + b->again_ms;
}

/* Anything may have been said while nobody listened here. */
static void
link_up(struct bridge *b)
{
    char why[LINK_WHY_MAX] = "";

    if (b->kind->open(&b->target, &b->link, why) != ERR_OK) {
        b->link = NULL;
        link_down(b, why);
        return;
    }
    b->heard_own_ms = b->up_ms = b->round_ms = clock_mono_ms();
    b->beat_at_ms = 0;
}

static void
prove(struct bridge *b)
{
    int64_t now = clock_mono_ms();

    if (b->link != NULL && now - b->heard_own_ms > (int64_t)DEAF_BEATS * beat_ms(b))
        link_down(b, "our own beat does not come back");
}

/*
 * Our own beat came back, so we hear; it was not the first, so the others know that somebody listens and send.  What is kept in memory
 * from here on is right.
 */
static void
take(struct bridge *b)
{
    int64_t before = b->heard_own_ms;

    if (b->kind->take(b->link, on_frame, b) != ERR_OK) {
        link_down(b, "the connection was closed");
        return;
    }
    if (b->is_whole || b->heard_own_ms == before || b->heard_own_ms - b->up_ms < beat_ms(b))
        return;
    b->o.lost(b->o.arg);
    b->is_whole = true;
    b->again_ms = 0;
    b->told = false;
    log_info(NULL, "bus.up", LOG_STR("bus", str_z(b->kind->name)));
}

/* ---- the thread: what goes ------------------------------------------------------------------------------------------- */

/* The next messages of the queue as frames. */
static void
gather(struct bridge *b)
{
    struct waiting *list, *w;
    int n = 0;

    pthread_mutex_lock(&b->m);
    list = b->first;
    for (w = list; w != NULL; w = w->next) {
        b->n--;
        b->bytes -= blob_str(w->blob).n;
        if (++n == BATCH)
            break;
    }
    b->first = w != NULL ? w->next : NULL;
    if (w != NULL)
        w->next = NULL;
    if (b->first == NULL)
        b->last = &b->first;
    if (b->dropped && b->first == NULL) { /* what was left out came after all that waited */
        b->writer.number++;
        b->dropped = false;
    }
    pthread_mutex_unlock(&b->m);
    while ((w = list) != NULL) {
        const struct hub_message m = { { w->text, w->n_topic }, { w->text + w->n_topic, w->n_event }, w->blob };

        frame_write(&b->writer, b->batch_mem, &m, &b->unsent);
        list = w->next;
        waiting_free(w);
    }
}

static void
send_waiting(struct bridge *b)
{
    while (b->link != NULL) {
        if (b->unsent.n == 0)
            gather(b);
        if (clock_mono_ms() >= b->beat_at_ms) {
            frame_write_beat(&b->writer, b->batch_mem, &b->unsent);
            b->beat_at_ms = clock_mono_ms() + beat_ms(b);
        }
        if (b->unsent.n == 0)
            return;
        if (b->kind->send(b->link, b->unsent.v, b->unsent.n) != ERR_OK) {
            link_down(b, "sending failed");
            return;
        }
        arena_reset(b->batch_mem);
        b->unsent = (struct frame_list){ 0 };
        if (b->kind->answers_bring)
            take(b);
    }
}

/* ---- the thread -------------------------------------------------------------------------------------------------------- */

static void
wait(struct bridge *b)
{
    struct pollfd fds[2] = { { .fd = b->wake_fd, .events = POLLIN } };
    int64_t now = clock_mono_ms(), until = b->link != NULL ? b->beat_at_ms : b->again_at_ms;
    uint64_t n;

    if (b->link != NULL)
        fds[1] = (struct pollfd){ .fd = b->kind->fd(b->link), .events = POLLIN };
    (void)poll(fds, b->link != NULL ? 2 : 1, (int)MIN(MAX(until - now, 0), beat_ms(b)));
    now = clock_mono_ms();
    if (b->link != NULL && now - b->round_ms > (int64_t)DEAF_BEATS * beat_ms(b))
        link_down(b, "this process stood still, others may have given it up");
    b->round_ms = now;
    if (fds[0].revents != 0 && read(b->wake_fd, &n, sizeof(n)) != sizeof(n)) {
        /* somebody else was faster: there is nobody else */
    }
    if (b->link != NULL && fds[1].revents != 0)
        take(b);
}

static bool
is_stopping(struct bridge *b)
{
    bool yes;

    pthread_mutex_lock(&b->m);
    yes = b->stopping;
    pthread_mutex_unlock(&b->m);
    return yes;
}

static void *
run(void *arg)
{
    struct bridge *b = arg;

    while (!is_stopping(b)) {
        if (b->link == NULL && clock_mono_ms() >= b->again_at_ms)
            link_up(b);
        send_waiting(b);
        wait(b);
        prove(b);
        count_others(b);
    }
    send_waiting(b);
    return NULL;
}

/* ---- life ---------------------------------------------------------------------------------------------------------------- */

static void
bridge_free(struct bridge *b)
{
    struct waiting *w;

    if (b->link != NULL)
        b->kind->close(b->link);
    while ((w = b->first) != NULL) {
        b->first = w->next;
        waiting_free(w);
    }
    frame_reader_done(&b->reader);
    arena_free(b->batch_mem);
    pthread_mutex_destroy(&b->m);
    if (b->wake_fd >= 0)
        close(b->wake_fd);
    free(b);
}

struct bridge *
bridge_start(const struct bridge_options *o)
{
    struct bridge *b = calloc(1, sizeof(*b));

    if (b == NULL)
        BUG("out of memory");
    b->o = *o;
    b->kind = o->bus.n > 0 ? &link_redis : &link_postgres;
    b->target = (struct link_target){ o->bus, o->name, o->db };
    b->last = &b->first;
    b->batch_mem = arena_new_heap();
    pthread_mutex_init(&b->m, NULL);
    b->writer.max = b->kind->frame_max;
    while (b->writer.sender == 0)
        rng_bytes(&b->writer.sender, sizeof(b->writer.sender));
    b->reader.own = b->writer.sender;
    b->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (b->wake_fd < 0 || pthread_create(&b->thread, NULL, run, b) != 0) {
        bridge_free(b);
        return NULL;
    }
    hub_set_bridge(o->hub, &(struct hub_bridge){ publish, is_wanted, b });
    return b;
}

void
bridge_stop(struct bridge *b)
{
    if (b == NULL)
        return;
    pthread_mutex_lock(&b->m);
    b->stopping = true;
    pthread_mutex_unlock(&b->m);
    wake(b);
    (void)pthread_join(b->thread, NULL);
    hub_set_bridge(b->o.hub, NULL);
    bridge_free(b);
}

bool
bridge_is_whole(const struct bridge *b)
{
    return b->is_whole;
}

int
bridge_others(const struct bridge *b)
{
    return b->others;
}
