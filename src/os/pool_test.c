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
    pthread_cond_broadcast(&s->wake);
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

/* ---- shares --------------------------------------------------------------------------------------------------------- */

struct owned {
    struct mail mail;
    uint64_t shares[POOL_SHARES];
};

static unsigned running_of_one, most_of_one;

static void
shares_of(const struct mail *m, uint64_t out[POOL_SHARES])
{
    const struct owned *o = (const struct owned *)m;

    out[0] = o->shares[0];
    out[1] = o->shares[1];
}

static void
run_owned(void *state, struct mail *m)
{
    struct shared *s = state;
    bool of_one = ((struct owned *)m)->shares[0] == 1;

    pthread_mutex_lock(&s->lock);
    running_of_one += of_one;
    most_of_one = MAX(most_of_one, running_of_one);
    pthread_mutex_unlock(&s->lock);
    run(state, m);
    pthread_mutex_lock(&s->lock);
    running_of_one -= of_one;
    pthread_mutex_unlock(&s->lock);
}

UNIT(pool_gives_nobody_more_than_his_share)
{
    struct shared s = { .lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER };
    struct pool_options o = { .name = "test",
        .threads = 4,
        .queue_max = 100,
        .begin = begin,
        .run = run_owned,
        .arg = &s,
        .shares = shares_of,
        .share_threads = { 1, 2 },
        .share_queue_max = { 2, 100 } };
    struct pool *p = pool_new(&o);
    struct owned of_one[] = { { .shares = { 1, 0 } }, { .shares = { 1, 0 } }, { .shares = { 1, 0 } },
        { .shares = { 1, 0 } } };
    struct owned by_nine[] = { { .shares = { 2, 9 } }, { .shares = { 3, 9 } }, { .shares = { 4, 9 } } };

    running_of_one = most_of_one = 0;
    assert_non_null(p);
    for (int i = 0; i < 2; i++)
        assert_true(pool_put_take(p, &of_one[i].mail));
    for (int i = 0; i < 3; i++)
        assert_true(pool_put_take(p, &by_nine[i].mail));
    pthread_mutex_lock(&s.lock);
    while (s.started < 3) /* one of the first, and two that have overtaken the second */
        pthread_cond_wait(&s.wake, &s.lock);
    pthread_mutex_unlock(&s.lock);
    assert_int_equal(pool_depth(p), 2);
    assert_true(pool_put_take(p, &of_one[2].mail));
    assert_false(pool_put_take(p, &of_one[3].mail)); /* two of his wait */
    pthread_mutex_lock(&s.lock);
    s.open = true;
    pthread_cond_broadcast(&s.wake);
    while (s.done < 6) /* a place that comes free calls who may have it */
        pthread_cond_wait(&s.wake, &s.lock);
    pthread_mutex_unlock(&s.lock);
    pool_free(p);
    assert_int_equal(most_of_one, 1);
}
