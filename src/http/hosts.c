/* Chained hash table and a list of unpinned entries from the oldest to the newest use. */
#include "http/hosts.h"

#include <stdlib.h>
#include <string.h>

struct hosts {
    struct host **slots;
    size_t n_slots; /* a power of two */
    size_t n, max, entry_bytes;
    struct host *newest, *oldest; /* unpinned only */
};

static void *
get_memory(size_t n, size_t size)
{
    void *p = calloc(n, size);

    if (p == NULL)
        BUG("out of memory");
    return p;
}

struct hosts *
hosts_new(size_t max, size_t entry_bytes)
{
    struct hosts *t = get_memory(1, sizeof(*t));

    CHECK(max > 0 && entry_bytes >= sizeof(struct host));
    t->max = max;
    t->entry_bytes = entry_bytes;
    for (t->n_slots = 16; t->n_slots < max; t->n_slots *= 2)
        ;
    t->slots = get_memory(t->n_slots, sizeof(struct host *));
    return t;
}

static void
free_entry(struct host *h)
{
    free((void *)(uintptr_t)h->name.p);
    free(h);
}

void
hosts_free(struct hosts *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->n_slots; i++)
        while (t->slots[i] != NULL) {
            struct host *h = t->slots[i];

            t->slots[i] = h->chain;
            free_entry(h);
        }
    free(t->slots);
    free(t);
}

static void
unlist(struct hosts *t, struct host *h)
{
    if (h->newer != NULL)
        h->newer->older = h->older;
    else
        t->newest = h->older;
    if (h->older != NULL)
        h->older->newer = h->newer;
    else
        t->oldest = h->newer;
    h->newer = h->older = NULL;
}

static void
list(struct hosts *t, struct host *h)
{
    h->newer = NULL;
    h->older = t->newest;
    if (t->newest != NULL)
        t->newest->newer = h;
    else
        t->oldest = h;
    t->newest = h;
}

static struct host **
slot_of(struct hosts *t, struct str name, uint64_t hash)
{
    struct host **at = &t->slots[hash & (t->n_slots - 1)];

    while (*at != NULL && ((*at)->hash != hash || !str_eq((*at)->name, name)))
        at = &(*at)->chain;
    return at;
}

static void
evict(struct hosts *t, struct host *h)
{
    struct host **at = slot_of(t, h->name, h->hash);

    *at = h->chain;
    unlist(t, h);
    free_entry(h);
    t->n--;
}

struct host *
hosts_find(struct hosts *t, struct str name)
{
    struct host *h = *slot_of(t, name, str_hash(name));

    if (h != NULL && h->pins == 0) {
        unlist(t, h);
        list(t, h);
    }
    return h;
}

struct host *
hosts_get(struct hosts *t, struct str name)
{
    struct host *h = hosts_find(t, name), **at;
    char *copy;

    if (h != NULL)
        return h;
    if (t->n == t->max) {
        if (t->oldest == NULL)
            return NULL;
        evict(t, t->oldest);
    }
    h = get_memory(1, t->entry_bytes);
    copy = get_memory(1, name.n + 1);
    memcpy(copy, name.p, name.n);
    h->name = (struct str){ copy, name.n };
    h->hash = str_hash(name);
    at = &t->slots[h->hash & (t->n_slots - 1)];
    h->chain = *at;
    *at = h;
    list(t, h);
    t->n++;
    return h;
}

void
hosts_pin(struct hosts *t, struct host *h)
{
    if (h->pins++ == 0)
        unlist(t, h);
}

void
hosts_unpin(struct hosts *t, struct host *h)
{
    CHECK(h->pins > 0);
    if (--h->pins == 0)
        list(t, h);
}

size_t
hosts_count(const struct hosts *t)
{
    return t->n;
}

void
hosts_each(struct hosts *t, void (*fn)(void *arg, struct host *h), void *arg)
{
    for (size_t i = 0; i < t->n_slots; i++)
        for (struct host *h = t->slots[i]; h != NULL; h = h->chain)
            fn(arg, h);
}
