/*
 * Threads behind a bounded queue: a mutex, the threads that sleep, an intrusive list.  At most one thread is on its way out of sleep at a
 * time, and wakes the next one when it finds more work: a burst of small items is then run by few threads instead of paying two
 * context switches for each.  With shares the first item that may run is taken, not the first of all.
 */
#include "os/pool.h"

#include "base/cond.h"
#include "base/def.h"

#include <pthread.h>
#include <stdlib.h>

enum { STACK_BYTES = 512 * 1024 };

struct running {
    bool used;
    uint64_t shares[POOL_SHARES];
};

struct pool {
    struct pool_options o;
    pthread_mutex_t lock;
    struct cond_queue asleep;
    struct mail *first, *last; /* under lock, as all below */
    size_t depth;
    unsigned idle; /* asleep, or waking */
    bool waking;   /* one was called and has not come yet */
    bool stopping;
    struct running *running; /* with shares: what the threads are at, in no order */
    unsigned n_threads;
    pthread_t threads[];
};

/* ---- with the lock held -------------------------------------------------------------------------------------------- */

static void
add_common(const uint64_t *a, const uint64_t *b, size_t *n)
{
    for (int i = 0; i < POOL_SHARES; i++)
        n[i] += a[i] != 0 && a[i] == b[i];
}

static bool
within(const size_t *n, const size_t *most)
{
    for (int i = 0; i < POOL_SHARES; i++)
        if (n[i] >= most[i])
            return false;
    return true;
}

static bool
may_run(const struct pool *p, const struct mail *m)
{
    uint64_t mine[POOL_SHARES];
    size_t n[POOL_SHARES] = { 0 };

    if (p->running == NULL || p->stopping)
        return true;
    p->o.shares(m, mine);
    for (unsigned t = 0; t < p->o.threads; t++)
        if (p->running[t].used)
            add_common(mine, p->running[t].shares, n);
    return within(n, p->o.share_threads);
}

static bool
may_wait(const struct pool *p, const struct mail *item)
{
    uint64_t mine[POOL_SHARES], other[POOL_SHARES];
    size_t n[POOL_SHARES] = { 0 };

    /* An idle thread takes its item at once, so those do not count against the queue. */
    if (p->stopping || p->depth >= p->o.queue_max + p->idle)
        return false;
    if (p->running == NULL)
        return true;
    p->o.shares(item, mine);
    for (const struct mail *m = p->first; m != NULL; m = m->next) {
        p->o.shares(m, other);
        add_common(mine, other, n);
    }
    return within(n, p->o.share_queue_max);
}

/* The first that may run, and the one before it. */
static struct mail *
next_item(const struct pool *p, struct mail **before)
{
    struct mail *m = p->first;

    *before = NULL;
    while (m != NULL && !may_run(p, m)) {
        *before = m;
        m = m->next;
    }
    return m;
}

static struct running *
note_running(struct pool *p, const struct mail *m)
{
    struct running *r = p->running;

    if (r == NULL)
        return NULL;
    while (r->used) /* there are as many as threads */
        r++;
    r->used = true;
    p->o.shares(m, r->shares);
    return r;
}

/* *at: what the thread was at, and then what it is at. */
static struct mail *
take_item(struct pool *p, struct running **at)
{
    struct mail *m, *before;

    pthread_mutex_lock(&p->lock);
    if (*at != NULL)
        (*at)->used = false;
    while ((m = next_item(p, &before)) == NULL && !p->stopping) {
        p->idle++;
        cond_queue_wait(&p->asleep, &p->lock, COND_FOREVER);
        p->idle--;
        p->waking = false;
    }
    if (m != NULL) {
        *(before == NULL ? &p->first : &before->next) = m->next;
        if (p->last == m)
            p->last = before;
        p->depth--;
        *at = note_running(p, m);
    }
    if (!p->waking && next_item(p, &before) != NULL)
        p->waking = cond_queue_call(&p->asleep);
    pthread_mutex_unlock(&p->lock);
    return m;
}

static void *
run_thread(void *arg)
{
    struct pool *p = arg;
    void *state = p->o.begin != NULL ? p->o.begin(p->o.arg) : p->o.arg;
    struct running *at = NULL;
    struct mail *m;

    while ((m = take_item(p, &at)) != NULL)
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
    if (o->shares != NULL) {
        p->running = calloc(o->threads, sizeof(p->running[0]));
        if (p->running == NULL)
            BUG("out of memory");
    }
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
    taken = may_wait(p, item);
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
    free(p->running);
    free(p);
}
