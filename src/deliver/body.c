/* Documents in memory while rows of theirs are being sent: a post to ten thousand inboxes is read once. */
#include "deliver/internal.h"

#include "base/clock.h"

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

/* What is told of may have been deleted since: a document that nobody holds, or that is old, is asked for again. */
static bool
is_stale(const struct body *b)
{
    return b->refs == 0 || clock_mono_ms() - b->loaded_mono_ms > BODY_FRESH_MS;
}

enum err
body_get(struct deliver *d, int64_t id, struct body **out)
{
    struct body **at = slot_of(d, id), *b = *at;
    unsigned flags = 0;
    struct str text;
    char *copy;

    if (b == NULL || is_stale(b))
        TRY(d->source.load(d->source.arg, d->mem, id, &text, &flags));
    if (b == NULL) {
        b = calloc(1, sizeof(*b));
        copy = malloc(text.n + 1);
        if (b == NULL || copy == NULL)
            BUG("out of memory");
        if (text.n > 0)
            memcpy(copy, text.p, text.n);
        *b = (struct body){ .id = id, .text = { copy, text.n }, .flags = flags };
        *at = b;
    }
    if (is_stale(b))
        b->loaded_mono_ms = clock_mono_ms();
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
