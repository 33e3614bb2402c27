#include "os/loop.h"

#include "base/clock.h"
#include "unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENDERS = 4, PER_SENDER = 20000 };

struct counting {
    struct loop *l;
    unsigned next[SENDERS]; /* what each sender must send next: order is kept */
    unsigned seen;
};

struct numbered {
    struct loop_call call;
    struct counting *to;
    unsigned sender, n;
};

static void
count_call(struct loop_call *call)
{
    struct numbered *m = (struct numbered *)call;

    assert_int_equal(m->to->next[m->sender], m->n);
    m->to->next[m->sender]++;
    if (++m->to->seen == SENDERS * PER_SENDER)
        loop_stop(m->to->l);
    free(m);
}

struct sender {
    pthread_t thread;
    struct counting *to;
    unsigned i;
};

static void *
send_many(void *arg)
{
    struct sender *s = arg;

    for (unsigned n = 0; n < PER_SENDER; n++) {
        struct numbered *m = calloc(1, sizeof(*m));

        *m = (struct numbered){ .call.fn = count_call, .to = s->to, .sender = s->i, .n = n };
        loop_post(s->to->l, &m->call);
    }
    return NULL;
}

UNIT(loop_post_from_many_threads_keeps_order_and_loses_nothing)
{
    struct counting c = { .l = loop_new() };
    struct sender s[SENDERS];

    assert_non_null(c.l);
    for (unsigned i = 0; i < SENDERS; i++) {
        s[i] = (struct sender){ .to = &c, .i = i };
        assert_int_equal(pthread_create(&s[i].thread, NULL, send_many, &s[i]), 0);
    }
    loop_run(c.l);
    for (unsigned i = 0; i < SENDERS; i++)
        pthread_join(s[i].thread, NULL);
    assert_int_equal(c.seen, SENDERS * PER_SENDER);
    loop_free(c.l);
}

/* All eventfds of this process, as if the kernel had told nobody that they can be read. */
static int
steal_wake_ups(void)
{
    int stolen = 0;

    for (int fd = 3; fd < 256; fd++) {
        char name[32], target[64];
        uint64_t n;
        ssize_t len;

        snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
        len = readlink(name, target, sizeof(target));
        if (len > 0 && str_eq((struct str){ target, (size_t)len }, S("anon_inode:[eventfd]")))
            stolen += read(fd, &n, sizeof(n)) == sizeof(n) ? 1 : 0;
    }
    return stolen;
}

struct late {
    struct loop_call call;
    struct loop_timer give_up;
    struct loop *l;
    bool came, gave_up;
};

static void
came(struct loop_call *call)
{
    struct late *x = (struct late *)call;

    x->came = true;
    loop_stop(x->l);
}

static void
give_up(struct loop_timer *t)
{
    struct late *x = (struct late *)((char *)t - offsetof(struct late, give_up));

    x->gave_up = true;
    loop_stop(x->l);
}

UNIT(loop_finds_mail_although_its_wake_up_was_lost)
{
    struct late x = { .call.fn = came, .give_up.fn = give_up, .l = loop_new() };

    loop_timer_set(x.l, &x.give_up, clock_mono_ms() + 30 * SECOND_MS);
    loop_post(x.l, &x.call);
    assert_int_equal(steal_wake_ups(), 1);
    loop_run(x.l);
    loop_timer_stop(x.l, &x.give_up);
    assert_true(x.came && !x.gave_up);
    loop_free(x.l);
}

struct pair {
    struct loop_source a, b;
    struct loop *l;
    unsigned fired;
};

static void
fire_a(struct loop_source *s, uint32_t events)
{
    struct pair *p = (struct pair *)((char *)s - offsetof(struct pair, a));

    assert_true(events & LOOP_IN);
    p->fired++;
    loop_del(p->l, &p->b);
    loop_stop(p->l);
}

static void
fire_b(struct loop_source *s, uint32_t events UNUSED)
{
    struct pair *p = (struct pair *)((char *)s - offsetof(struct pair, b));

    p->fired++;
    loop_del(p->l, &p->a);
    loop_stop(p->l);
}

UNIT(loop_del_drops_events_of_the_same_round)
{
    struct pair p = { .l = loop_new() };
    int a[2], b[2];

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, a), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, b), 0);
    p.a = (struct loop_source){ .fd = a[0], .fn = fire_a };
    p.b = (struct loop_source){ .fd = b[0], .fn = fire_b };
    assert_int_equal(loop_add(p.l, &p.a, LOOP_IN, LOOP_LEVEL), ERR_OK);
    assert_int_equal(loop_add(p.l, &p.b, LOOP_IN, LOOP_EDGE), ERR_OK);
    assert_int_equal(write(a[1], "x", 1), 1);
    assert_int_equal(write(b[1], "x", 1), 1);
    loop_run(p.l);
    assert_int_equal(p.fired, 1);
    loop_free(p.l);
    close(a[0]), close(a[1]), close(b[0]), close(b[1]);
}

struct ticking {
    struct loop_timer slow, fast;
    struct loop *l;
    int64_t slow_at;
    unsigned n;
};

/* A busy machine may run both in one round: it ends when both have done their part. */
static void
stop_when_done(struct ticking *k)
{
    if (k->n == 3 && k->slow_at != 0)
        loop_stop(k->l);
}

static void
tick_fast(struct loop_timer *t)
{
    struct ticking *k = (struct ticking *)((char *)t - offsetof(struct ticking, fast));

    if (++k->n < 3)
        loop_timer_set(k->l, t, loop_now_ms(k->l) + 1);
    stop_when_done(k);
}

static void
tick_slow(struct loop_timer *t)
{
    struct ticking *k = (struct ticking *)((char *)t - offsetof(struct ticking, slow));

    k->slow_at = clock_mono_ms();
    stop_when_done(k);
}

UNIT(loop_timers_run_in_time_and_can_repeat)
{
    struct ticking k = { .l = loop_new(), .slow.fn = tick_slow, .fast.fn = tick_fast };
    int64_t start = clock_mono_ms();

    loop_timer_set(k.l, &k.slow, start + 40);
    loop_timer_set(k.l, &k.fast, start + DAY_MS);
    loop_timer_set(k.l, &k.fast, start + 2); /* moved */
    loop_run(k.l);
    assert_int_equal(k.n, 3);
    assert_true(k.slow_at >= start + 40);
    loop_free(k.l);
}
