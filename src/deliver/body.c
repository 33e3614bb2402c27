/* Documents in memory while rows of theirs are being sent: a post to ten thousand inboxes is read once. */
#include "deliver/internal.h"

#include <stdlib.h>
#include <string.h>

static struct body **
slot_of(struct deliver *d, int64_t id)
{
    struct body **at = &d->bodies[(uint64_t)id * 0x9e3779b97f4a7c15u >> 52 & (BUCKETS - 1)];

    while (*at != NULL && (*at)->id != id)
        at = &(*at)->chain;
    return at;
}

static void
drop(struct deliver *d, struct body *b)
{
    *slot_of(d, b->id) = b->chain;
    free((void *)(uintptr_t)b->text.p);
    free(b);
}

enum err
body_get(struct deliver *d, int64_t id, struct body **out)
{
    struct body **at = slot_of(d, id), *b = *at;
    struct str text;
    char *copy;

    if (b == NULL) {
        TRY(d->source.load(d->source.arg, d->mem, id, &text));
        b = calloc(1, sizeof(*b));
        copy = malloc(text.n + 1);
        if (b == NULL || copy == NULL)
            BUG("out of memory");
        if (text.n > 0)
            memcpy(copy, text.p, text.n);
        *b = (struct body){ .id = id, .text = { copy, text.n } };
        *at = b;
    }
    b->refs++;
    *out = b;
    return ERR_OK;
}

void
body_put(struct deliver *d, struct body *b)
{
    struct body *old;

    if (b == NULL || --b->refs > 0)
        return;
    for (int i = 0; i < IDLE_BODIES; i++)
        if (d->idle[i] == b)
            return;
    old = d->idle[d->next_idle];
    d->idle[d->next_idle] = b;
    d->next_idle = (d->next_idle + 1) % IDLE_BODIES;
    if (old != NULL && old->refs == 0)
        drop(d, old);
}

void
bodies_free(struct deliver *d)
{
    for (int i = 0; i < BUCKETS; i++)
        while (d->bodies[i] != NULL)
            drop(d, d->bodies[i]);
}
