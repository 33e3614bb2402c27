/* The epoll loop: rounds of ready sources, posted calls, timers. */
#include "os/loop.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* A wake-up was seen to get lost between eventfd and epoll_wait (doc/design/outbound.md): mail is looked for once a second too. */
enum { ROUND_EVENTS = 256, LOOK_MS = 1000 };

struct loop {
    int ep;
    struct mailbox box;
    struct loop_source box_source;
    struct loop_timer *timers;
    int64_t now_ms;
    _Atomic bool stop;
    int n_ready, at_ready;
    struct epoll_event ready[ROUND_EVENTS];
};

_Static_assert((int)LOOP_IN == (int)EPOLLIN && (int)LOOP_OUT == (int)EPOLLOUT && (int)LOOP_ERR == (int)EPOLLERR &&
                   (int)LOOP_HUP == (int)EPOLLHUP && (int)LOOP_RDHUP == (int)EPOLLRDHUP,
    "the event bits are epoll's");

static void
run_mail(struct loop *l)
{
    struct mail *m = mailbox_take_all(&l->box);

    while (m != NULL) {
        struct loop_call *call = (struct loop_call *)((char *)m - offsetof(struct loop_call, mail));

        m = m->next;
        call->fn(call);
    }
}

struct loop *
loop_new(void)
{
    struct loop *l = calloc(1, sizeof(*l));
    struct epoll_event e = { .events = EPOLLIN };

    if (l == NULL)
        BUG("out of memory");
    l->ep = epoll_create1(EPOLL_CLOEXEC);
    if (l->ep < 0)
        goto fail;
    if (mailbox_init(&l->box) != ERR_OK) {
        close(l->ep);
        goto fail;
    }
    e.data.ptr = &l->box_source;
    if (epoll_ctl(l->ep, EPOLL_CTL_ADD, l->box.fd, &e) != 0) {
        mailbox_done(&l->box);
        close(l->ep);
        goto fail;
    }
    l->now_ms = clock_mono_ms();
    return l;
fail:
    free(l);
    return NULL;
}

void
loop_free(struct loop *l)
{
    if (l == NULL)
        return;
    run_mail(l); /* what was posted last still owns something */
    mailbox_done(&l->box);
    close(l->ep);
    free(l);
}

static uint32_t
event_bits(uint32_t events, enum loop_mode mode)
{
    switch (mode) {
    case LOOP_EDGE:
        return events | EPOLLET;
    case LOOP_SHARED:
        return events | EPOLLEXCLUSIVE;
    case LOOP_LEVEL:
        break;
    }
    return events;
}

enum err
loop_add(struct loop *l, struct loop_source *s, uint32_t events, enum loop_mode mode)
{
    struct epoll_event e = { .events = event_bits(events, mode), .data.ptr = s };

    return epoll_ctl(l->ep, EPOLL_CTL_ADD, s->fd, &e) == 0 ? ERR_OK : ERR_INTERNAL;
}

void
loop_del(struct loop *l, struct loop_source *s)
{
    CHECK(epoll_ctl(l->ep, EPOLL_CTL_DEL, s->fd, NULL) == 0);
    for (int i = l->at_ready; i < l->n_ready; i++)
        if (l->ready[i].data.ptr == s)
            l->ready[i].data.ptr = NULL;
}

void
loop_timer_set(struct loop *l, struct loop_timer *t, int64_t at_mono_ms)
{
    t->at_mono_ms = at_mono_ms;
    if (t->armed)
        return;
    t->armed = true;
    t->next = l->timers;
    l->timers = t;
}

void
loop_timer_stop(struct loop *l, struct loop_timer *t)
{
    if (!t->armed)
        return;
    for (struct loop_timer **at = &l->timers; *at != NULL; at = &(*at)->next)
        if (*at == t) {
            *at = t->next;
            break;
        }
    t->armed = false;
}

void
loop_post(struct loop *l, struct loop_call *call)
{
    mailbox_send_take(&l->box, &call->mail);
}

static int
ms_to_next_timer(const struct loop *l)
{
    int64_t next = -1;

    for (const struct loop_timer *t = l->timers; t != NULL; t = t->next)
        if (next < 0 || t->at_mono_ms < next)
            next = t->at_mono_ms;
    if (next < 0)
        return LOOK_MS;
    return (int)MIN(MAX(next - clock_mono_ms(), 0), LOOK_MS);
}

/* One at a time from the start: fn may set or stop any timer. */
static void
run_timers(struct loop *l)
{
    struct loop_timer *due;

    do {
        due = NULL;
        for (struct loop_timer *t = l->timers; t != NULL && due == NULL; t = t->next)
            if (t->at_mono_ms <= l->now_ms)
                due = t;
        if (due != NULL) {
            loop_timer_stop(l, due);
            due->fn(due);
        }
    } while (due != NULL);
}

void
loop_run(struct loop *l)
{
    while (!atomic_load(&l->stop)) {
        bool mail = false;

        l->n_ready = epoll_wait(l->ep, l->ready, ROUND_EVENTS, ms_to_next_timer(l));
        l->now_ms = clock_mono_ms();
        if (l->n_ready < 0) {
            CHECK(errno == EINTR);
            l->n_ready = 0;
        }
        mail = l->n_ready == 0;
        for (l->at_ready = 0; l->at_ready < l->n_ready;) {
            struct epoll_event *e = &l->ready[l->at_ready++];
            struct loop_source *s = e->data.ptr;

            if (s == &l->box_source)
                mail = true;
            else if (s != NULL)
                s->fn(s, e->events);
        }
        if (mail)
            run_mail(l);
        run_timers(l);
    }
    run_mail(l);
}

void
loop_drain(struct loop *l)
{
    run_mail(l);
}

static void
ignore_call(struct loop_call *call)
{
    free(call);
}

void
loop_stop(struct loop *l)
{
    struct loop_call *wake = calloc(1, sizeof(*wake));

    if (wake == NULL)
        BUG("out of memory");
    wake->fn = ignore_call;
    atomic_store(&l->stop, true);
    loop_post(l, wake);
}

int64_t
loop_now_ms(const struct loop *l)
{
    return l->now_ms;
}
