#include "base/cond.h"

struct cond_waiter {
    struct cond_waiter *next, *prev;
    pthread_cond_t cond;
    bool called;
};

static void
leave(struct cond_queue *q, struct cond_waiter *w)
{
    *(w->prev != NULL ? &w->prev->next : &q->first) = w->next;
    *(w->next != NULL ? &w->next->prev : &q->last) = w->prev;
}

bool
cond_queue_wait(struct cond_queue *q, pthread_mutex_t *lock, int64_t until_mono_ms)
{
    struct cond_waiter w = { .prev = q->last, .cond = PTHREAD_COND_INITIALIZER };
    bool in_time = true;

    *(q->last != NULL ? &q->last->next : &q->first) = &w;
    q->last = &w;
    while (!w.called && in_time) {
        if (until_mono_ms == COND_FOREVER)
            pthread_cond_wait(&w.cond, lock);
        else
            in_time = cond_wait_until(&w.cond, lock, until_mono_ms);
    }
    if (!w.called)
        leave(q, &w);
    pthread_cond_destroy(&w.cond);
    return w.called;
}

bool
cond_queue_call(struct cond_queue *q)
{
    struct cond_waiter *w = q->first;

    if (w == NULL)
        return false;
    leave(q, w);
    w->called = true;
    pthread_cond_signal(&w->cond); /* with the lock held: w is on the stack of who waits */
    return true;
}

void
cond_queue_call_all(struct cond_queue *q)
{
    while (cond_queue_call(q))
        ;
}
