/*
 * Threads behind a bounded queue: a mutex, the threads that sleep, an intrusive list.  At most one thread is on its way out of sleep at a
 * time, and wakes the next one when it finds more work: a burst of small items is then run by few threads instead of paying two
 * context switches for each.
 */
#include "os/pool.h"

#include "base/cond.h"
#include "base/def.h"

#include <pthread.h>
#include <stdlib.h>

enum { STACK_BYTES = 512 * 1024 };

struct pool {
    struct pool_options o;
    pthread_mutex_t lock;
    struct cond_queue asleep;
    struct mail *first, *last; /* under lock, as all below */
    size_t depth;
    unsigned idle; /* asleep, or waking */
    bool waking;   /* one was called and has not come yet */
    bool stopping;
    unsigned n_threads;
    pthread_t threads[];
};

static struct mail *
take_item(struct pool *p)
{
    struct mail *m;

    pthread_mutex_lock(&p->lock);
    while (p->first == NULL && !p->stopping) {
        p->idle++;
        cond_queue_wait(&p->asleep, &p->lock, COND_FOREVER);
        p->idle--;
        p->waking = false;
    }
    m = p->first;
    if (m != NULL) {
        p->first = m->next;
        if (p->first == NULL)
            p->last = NULL;
        p->depth--;
    }
    if (p->first != NULL && !p->waking)
        p->waking = cond_queue_call(&p->asleep);
    pthread_mutex_unlock(&p->lock);
    return m;
}

static void *
run_thread(void *arg)
{
    struct pool *p = arg;
    void *state = p->o.begin != NULL ? p->o.begin(p->o.arg) : p->o.arg;
    struct mail *m;

    while ((m = take_item(p)) != NULL)
        p->o.run(state, m);
    if (p->o.end != NULL)
        p->o.end(state);
    return NULL;
}

struct pool *
pool_new(const struct pool_options *o)
{
    struct pool *p;
    pthread_attr_t attr;

    CHECK(o->threads > 0 && o->queue_max > 0);
    p = calloc(1, sizeof(*p) + o->threads * sizeof(p->threads[0]));
    if (p == NULL)
        BUG("out of memory");
    p->o = *o;
    pthread_mutex_init(&p->lock, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, o->stack_bytes > 0 ? o->stack_bytes : STACK_BYTES);
    for (; p->n_threads < o->threads; p->n_threads++) {
        if (pthread_create(&p->threads[p->n_threads], &attr, run_thread, p) != 0)
            break;
        pthread_setname_np(p->threads[p->n_threads], o->name);
    }
    pthread_attr_destroy(&attr);
    if (p->n_threads < o->threads) {
        pool_free(p);
        return NULL;
    }
    return p;
}

bool
pool_put_take(struct pool *p, struct mail *item)
{
    bool taken;

    pthread_mutex_lock(&p->lock);
    /* An idle thread takes its item at once, so those do not count against the queue. */
    taken = !p->stopping && p->depth < p->o.queue_max + p->idle;
    if (taken) {
        item->next = NULL;
        if (p->last == NULL)
            p->first = item;
        else
            p->last->next = item;
        p->last = item;
        p->depth++;
        if (!p->waking)
            p->waking = cond_queue_call(&p->asleep);
    }
    pthread_mutex_unlock(&p->lock);
    return taken;
}

size_t
pool_depth(struct pool *p)
{
    size_t n;

    pthread_mutex_lock(&p->lock);
    n = p->depth;
    pthread_mutex_unlock(&p->lock);
    return n;
}

void
pool_free(struct pool *p)
{
    if (p == NULL)
        return;
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    cond_queue_call_all(&p->asleep);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->n_threads; i++)
        pthread_join(p->threads[i], NULL);
    CHECK(p->first == NULL || p->n_threads == 0);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
