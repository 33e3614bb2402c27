#include "base/cond.h"

#include "base/clock.h"
#include "unit.h"

enum { THREADS = 8, ROUNDS = 20000 };

struct line {
    pthread_mutex_t lock;
    struct cond_queue q;
    pthread_cond_t moved;
    int asleep, n_woken, woken[THREADS];
};

struct one {
    struct line *l;
    int number;
};

static void *
stand(void *arg)
{
    struct one *o = arg;
    struct line *l = o->l;

    pthread_mutex_lock(&l->lock);
    l->asleep++;
    pthread_cond_signal(&l->moved);
    cond_queue_wait(&l->q, &l->lock, COND_FOREVER);
    l->woken[l->n_woken++] = o->number;
    pthread_cond_signal(&l->moved);
    pthread_mutex_unlock(&l->lock);
    return NULL;
}

UNIT(cond_queue_wakes_one_at_a_time_in_the_order_of_coming)
{
    struct line l = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    struct one all[THREADS];
    pthread_t threads[THREADS];

    pthread_mutex_lock(&l.lock);
    assert_false(cond_queue_call(&l.q));
    for (int i = 0; i < THREADS; i++) {
        all[i] = (struct one){ &l, i };
        assert_int_equal(pthread_create(&threads[i], NULL, stand, &all[i]), 0);
        while (l.asleep == i)
            pthread_cond_wait(&l.moved, &l.lock);
    }
    for (int i = 0; i < 3; i++) {
        assert_true(cond_queue_call(&l.q));
        while (l.n_woken == i)
            pthread_cond_wait(&l.moved, &l.lock);
        assert_int_equal(l.woken[i], i);
    }
    assert_false(cond_queue_wait(&l.q, &l.lock, clock_mono_ms() + 1)); /* nobody calls; the others stay */
    cond_queue_call_all(&l.q);
    assert_false(cond_queue_call(&l.q));
    pthread_mutex_unlock(&l.lock);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(l.n_woken, THREADS);
}

/* Tokens that go round: each that is given wakes one, some waits end by themselves meanwhile, and none is lost. */
struct tokens {
    pthread_mutex_t lock;
    struct cond_queue q;
    int free;
    long taken;
};

static void *
take_and_give(void *arg)
{
    struct tokens *t = arg;

    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&t->lock);
        while (t->free == 0)
            cond_queue_wait(&t->q, &t->lock, i % 3 == 0 ? clock_mono_ms() : COND_FOREVER);
        t->free--;
        t->taken++;
        pthread_mutex_unlock(&t->lock);
        pthread_mutex_lock(&t->lock);
        t->free++;
        cond_queue_call(&t->q);
        pthread_mutex_unlock(&t->lock);
    }
    return NULL;
}

UNIT(cond_queue_loses_no_call)
{
    struct tokens t = { .lock = PTHREAD_MUTEX_INITIALIZER, .free = 2 };
    pthread_t threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give, &t), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(t.taken, THREADS * ROUNDS);
    assert_int_equal(t.free, 2);
}
