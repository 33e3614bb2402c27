#include "os/pool.h"

#include "unit.h"

#include <pthread.h>

struct shared {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool open;
    unsigned started, done, ended;
};

struct item {
    struct mail mail;
};

static void *
begin(void *arg)
{
    return arg;
}

static void
run(void *state, struct mail *m UNUSED)
{
    struct shared *s = state;

    pthread_mutex_lock(&s->lock);
    s->started++;
    pthread_cond_broadcast(&s->wake);
    while (!s->open)
        pthread_cond_wait(&s->wake, &s->lock);
    s->done++;
    pthread_mutex_unlock(&s->lock);
}

static void
end(void *state)
{
    struct shared *s = state;

    pthread_mutex_lock(&s->lock);
    s->ended++;
    pthread_mutex_unlock(&s->lock);
}

UNIT(pool_refuses_when_full_and_finishes_on_free)
{
    struct shared s = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
    struct pool_options o = {
        .name = "test", .threads = 2, .queue_max = 3, .begin = begin, .run = run, .end = end, .arg = &s
    };
    struct pool *p = pool_new(&o);
    struct item items[6];

    assert_non_null(p);
    for (int i = 0; i < 2; i++)
        assert_true(pool_put_take(p, &items[i].mail));
    pthread_mutex_lock(&s.lock);
    while (s.started < 2)
        pthread_cond_wait(&s.wake, &s.lock);
    pthread_mutex_unlock(&s.lock);
    for (int i = 2; i < 5; i++)
        assert_true(pool_put_take(p, &items[i].mail));
    assert_int_equal(pool_depth(p), 3);
    assert_false(pool_put_take(p, &items[5].mail));
    pthread_mutex_lock(&s.lock);
    s.open = true;
    pthread_cond_broadcast(&s.wake);
    pthread_mutex_unlock(&s.lock);
    pool_free(p);
    assert_int_equal(s.done, 5);
    assert_int_equal(s.ended, 2);
}
