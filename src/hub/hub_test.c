#include "hub/hub.h"

#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>

struct listener {
    struct hub_sub *sub;
    atomic_int n;
    struct blob *last;
    char topic[64], event[64];
    bool others; /* of a bridge */
};

static void
listen(void *arg, const struct hub_message *m)
{
    struct listener *l = arg;

    l->n++;
    blob_unref(l->last);
    l->last = blob_ref(m->blob);
    snprintf(l->topic, sizeof(l->topic), "%.*s", STR_ARG(m->topic));
    snprintf(l->event, sizeof(l->event), "%.*s", STR_ARG(m->event));
}

static size_t
publish(struct hub *h, const char *topic, const char *text)
{
    struct blob *b = blob_new(str_z(text));
    size_t n = hub_publish(h, str_z(topic), S("update"), b);

    blob_unref(b);
    return n;
}

UNIT(hub_tells_those_who_listen)
{
    struct listener a = { 0 }, b = { 0 }, other = { 0 };
    struct hub *h = hub_new();

    assert_int_equal(publish(h, "user:1", "nobody hears"), 0);
    assert_false(hub_is_wanted(h, S("user:1")));
    assert_int_equal(hub_subscribe(h, S("user:1"), listen, &a, &a.sub), ERR_OK);
    assert_int_equal(hub_subscribe(h, S("user:1"), listen, &b, &b.sub), ERR_OK);
    assert_int_equal(hub_subscribe(h, S("user:12"), listen, &other, &other.sub), ERR_OK);
    assert_true(hub_is_wanted(h, S("user:1")));
    assert_int_equal(hub_count(h), 3);
    assert_int_equal(publish(h, "user:1", "one"), 2);
    assert_true(a.n == 1 && b.n == 1 && other.n == 0);
    assert_str(blob_str(a.last), "one"); /* kept by reference */
    assert_string_equal(a.topic, "user:1");
    assert_string_equal(a.event, "update");

    hub_unsubscribe(h, a.sub);
    hub_unsubscribe(h, NULL);
    assert_int_equal(publish(h, "user:1", "two"), 1);
    assert_true(a.n == 1 && b.n == 2);
    hub_unsubscribe(h, b.sub);
    assert_int_equal(publish(h, "user:1", "three"), 0);
    hub_unsubscribe(h, other.sub);
    assert_int_equal(hub_count(h), 0);
    hub_free(h);
    blob_unref(a.last);
    blob_unref(b.last);
}

UNIT(hub_many_topics)
{
    enum { N = 5000 };
    static struct listener all[N];
    struct hub *h = hub_new();

    for (int i = 0; i < N; i++)
        assert_int_equal(hub_subscribe(h, str_fmt(unit_mem(), "user:%d", i), listen, &all[i], &all[i].sub), ERR_OK);
    for (int i = 0; i < N; i += 2)
        hub_unsubscribe(h, all[i].sub);
    for (int i = 0; i < N; i++)
        assert_int_equal(publish(h, str_fmt(unit_mem(), "user:%d", i).p, "x"), i % 2);
    for (int i = 0; i < N; i++) {
        assert_int_equal(all[i].n, i % 2);
        blob_unref(all[i].last);
        if (i % 2 == 1)
            hub_unsubscribe(h, all[i].sub);
    }
    hub_free(h);
}

UNIT(hub_topics_have_limits)
{
    char big[HUB_TOPIC_BYTES_MAX + 1];
    struct listener a = { 0 };
    struct hub *h = hub_new();

    memset(big, 'x', sizeof(big));
    assert_int_equal(hub_subscribe(h, STR_NONE, listen, &a, &a.sub), ERR_INVALID);
    assert_int_equal(hub_subscribe(h, ((struct str){ "a\0b", 3 }), listen, &a, &a.sub), ERR_INVALID);
    assert_int_equal(hub_subscribe(h, ((struct str){ big, sizeof(big) }), listen, &a, &a.sub), ERR_INVALID);
    assert_int_equal(hub_subscribe(h, ((struct str){ big, sizeof(big) - 1 }), listen, &a, &a.sub), ERR_OK);
    hub_unsubscribe(h, a.sub);
    assert_int_equal(hub_count(h), 0);
    hub_free(h);
}

static bool
somebody_is_there(void *arg)
{
    return ((struct listener *)arg)->others;
}

UNIT(hub_bridge_hears_what_is_published_here_only)
{
    struct listener bridge = { 0 }, a = { 0 };
    struct blob *b = blob_new(S("from afar"));
    struct hub *h = hub_new();

    hub_set_bridge(h, &(struct hub_bridge){ listen, somebody_is_there, &bridge });
    assert_false(hub_is_wanted(h, S("user:1")));
    bridge.others = true;
    assert_true(hub_is_wanted(h, S("user:1")));
    assert_int_equal(hub_subscribe(h, S("user:1"), listen, &a, &a.sub), ERR_OK);
    assert_int_equal(publish(h, "user:1", "here"), 1);
    assert_true(bridge.n == 1 && a.n == 1);
    assert_int_equal(hub_deliver(h, &(struct hub_message){ S("user:1"), S("delete"), b }), 1);
    assert_true(bridge.n == 1 && a.n == 2);
    assert_string_equal(a.event, "delete");
    hub_unsubscribe(h, a.sub);
    hub_free(h);
    blob_unref(b);
    blob_unref(a.last);
    blob_unref(bridge.last);
}

/* ---- threads: after the unsubscribe the listener may be freed ---------------------------------------------------- */

struct short_lived {
    atomic_int alive, heard_dead, n;
};

static void
listen_alive(void *arg, const struct hub_message *m UNUSED)
{
    struct short_lived *l = arg;

    if (!l->alive)
        l->heard_dead++;
    l->n++;
}

struct crowd {
    struct hub *h;
    atomic_bool stop;
    int heard_dead;
    atomic_int published;
    pthread_barrier_t ready;
};

static void *
come_and_go(void *arg)
{
    struct crowd *crowd = arg;
    struct short_lived l = { .alive = 1 };
    struct hub_sub *sub;

    pthread_barrier_wait(&crowd->ready);
    for (int i = 0; i < 20000; i++) {
        l.alive = 1;
        CHECK(hub_subscribe(crowd->h, S("public"), listen_alive, &l, &sub) == ERR_OK);
        hub_unsubscribe(crowd->h, sub);
        l.alive = 0;
    }
    __atomic_fetch_add(&crowd->heard_dead, l.heard_dead, __ATOMIC_RELAXED);
    return NULL;
}

static void *
keep_publishing(void *arg)
{
    struct crowd *crowd = arg;

    pthread_barrier_wait(&crowd->ready);
    while (!crowd->stop) {
        publish(crowd->h, "public", "x");
        crowd->published++;
    }
    return NULL;
}

UNIT(hub_unsubscribe_ends_it)
{
    struct crowd crowd = { .h = hub_new() };
    pthread_t subs[3], pubs[2];

    pthread_barrier_init(&crowd.ready, NULL, 5);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&subs[i], NULL, come_and_go, &crowd), 0);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&pubs[i], NULL, keep_publishing, &crowd), 0);
    for (size_t i = 0; i < 3; i++)
        pthread_join(subs[i], NULL);
    crowd.stop = true;
    for (size_t i = 0; i < 2; i++)
        pthread_join(pubs[i], NULL);
    assert_int_equal(crowd.heard_dead, 0);
    assert_true(crowd.published > 0);
    assert_int_equal(hub_count(crowd.h), 0);
    pthread_barrier_destroy(&crowd.ready);
    hub_free(crowd.h);
}
