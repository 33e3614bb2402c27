/* Who listens to what. */
#include "stream/topics.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_FIRST = 64 };

static void *
must_alloc(size_t n)
{
    void *p = calloc(1, n);

    if (p == NULL)
        BUG("out of memory");
    return p;
}

static struct topic **
find(const struct topics *t, uint64_t hash, struct str name)
{
    struct topic **at = &t->buckets[hash & (t->n_buckets - 1)];

    while (*at != NULL && ((*at)->hash != hash || !str_eq(name, (struct str){ (*at)->name, (*at)->name_n })))
        at = &(*at)->next;
    return at;
}

struct topic *
topics_find(const struct topics *t, struct str name)
{
    return t->n == 0 ? NULL : *find(t, str_hash(name), name);
}

static void
grow(struct topics *t)
{
    struct topics old = *t;

    t->n_buckets = old.n_buckets == 0 ? BUCKETS_FIRST : old.n_buckets * 2;
    t->buckets = must_alloc(t->n_buckets * sizeof(*t->buckets));
    for (size_t i = 0; i < old.n_buckets; i++)
        while (old.buckets[i] != NULL) {
            struct topic *x = old.buckets[i], **to = &t->buckets[x->hash & (t->n_buckets - 1)];

            old.buckets[i] = x->next;
            x->next = *to;
            *to = x;
        }
    free(old.buckets);
}

static struct topic *
find_or_add(struct topics *t, struct str name)
{
    uint64_t hash = str_hash(name);
    struct topic **at, *x;

    if (t->n >= t->n_buckets)
        grow(t);
    at = find(t, hash, name);
    if (*at != NULL)
        return *at;
    x = must_alloc(sizeof(*x) + name.n);
    x->hash = hash;
    x->name_n = name.n;
    memcpy(x->name, name.p, name.n);
    *at = x;
    t->n++;
    return x;
}

void
topics_join(struct topics *t, struct str name, struct sub *sub)
{
    struct topic *x = find_or_add(t, name);

    sub->topic = x;
    sub->prev = NULL;
    sub->next = x->subs;
    if (sub->next != NULL)
        sub->next->prev = sub;
    x->subs = sub;
    x->n++;
}

void
topics_leave(struct topics *t, struct sub *sub)
{
    struct topic *x = sub->topic;

    if (sub->prev != NULL)
        sub->prev->next = sub->next;
    else
        x->subs = sub->next;
    if (sub->next != NULL)
        sub->next->prev = sub->prev;
    sub->topic = NULL;
    if (--x->n > 0)
        return;
    *find(t, x->hash, (struct str){ x->name, x->name_n }) = x->next;
    t->n--;
    free(x);
}

void
topics_each(const struct topics *t, void (*fn)(void *arg, const struct topic *topic), void *arg)
{
    for (size_t i = 0; i < t->n_buckets; i++)
        for (const struct topic *x = t->buckets[i]; x != NULL; x = x->next)
            fn(arg, x);
}

void
topics_free(struct topics *t)
{
    CHECK(t->n == 0);
    free(t->buckets);
    *t = (struct topics){ 0 };
}
