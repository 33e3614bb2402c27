/* Arena: bump allocation in a chain of blocks, or one malloc for each allocation when built for sanitizers. */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

struct block {
    struct block *prev;
    size_t cap;
    size_t used;
    _Alignas(16) char data[];
};

struct deferred {
    struct deferred *next;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    struct block *top;
    struct deferred *defers;
    size_t total; /* bytes in all blocks */
};

static struct block *
new_block(struct arena *a, size_t cap, struct block *prev)
{
    struct block *b;

    if (a->total + cap > ARENA_CAP_BYTES)
        BUG("arena passes its cap of %d bytes", ARENA_CAP_BYTES);
    b = malloc(sizeof(*b) + cap);
    if (b == NULL)
        BUG("out of memory");
    b->prev = prev;
    b->cap = cap;
    b->used = 0;
    a->total += cap;
    ASAN_POISON_MEMORY_REGION(b->data, cap);
    return b;
}

static void
pop_block(struct arena *a)
{
    struct block *b = a->top;

    a->top = b->prev;
    a->total -= b->cap;
    ASAN_UNPOISON_MEMORY_REGION(b->data, b->cap);
    free(b);
}

struct arena *
arena_new_heap(void)
{
    struct arena *a = calloc(1, sizeof(*a));

    if (a == NULL)
        BUG("out of memory");
    return a;
}

static void
run_defers(struct arena *a, struct deferred *until)
{
    while (a->defers != until) {
        struct deferred *d = a->defers;

        a->defers = d->next;
        d->fn(d->arg);
    }
}

void
arena_free(struct arena *a)
{
    if (a == NULL)
        return;
    run_defers(a, NULL);
    while (a->top != NULL)
        pop_block(a);
    free(a);
}

/* Not cleared. */
static void *
take(struct arena *a, size_t n, size_t align)
{
    struct block *b = a->top;
    size_t at;
    char *p;

    CHECK(align > 0 && align <= 16 && (align & (align - 1)) == 0);
    if (n > ARENA_CAP_BYTES)
        BUG("arena passes its cap of %d bytes", ARENA_CAP_BYTES);
    at = b == NULL ? 0 : (b->used + align - 1) & ~(align - 1);
#ifdef ARENA_MALLOC
    b = a->top = new_block(a, n == 0 ? 1 : n, a->top);
    at = 0;
#else
    if (b == NULL || at + n > b->cap) {
        size_t cap = b == NULL ? ARENA_FIRST_BYTES : MIN(b->cap * 2, MB(4));

        b = a->top = new_block(a, MAX(cap, n), a->top);
        at = 0;
    }
#endif
    p = b->data + at;
    b->used = at + n;
    ASAN_UNPOISON_MEMORY_REGION(p, n);
    return p;
}

void *
arena_alloc(struct arena *a, size_t n, size_t align)
{
    void *p = take(a, n, align);

    if (n > 0)
        memset(p, 0, n);
    return p;
}

void *
arena_alloc_n(struct arena *a, size_t n, size_t size, size_t align)
{
    size_t bytes;

    if (__builtin_mul_overflow(n, size, &bytes))
        BUG("arena_alloc_n overflows: %zu * %zu", n, size);
    return arena_alloc(a, bytes, align);
}

/* old itself, longer, when it is the newest of its block and the block has room; else NULL. */
static void *
grow_in_place(struct arena *a, void *old, size_t old_n, size_t new_n)
{
    struct block *b = a->top;

    CHECK(new_n >= old_n);
#ifndef ARENA_MALLOC
    if (old != NULL && b != NULL && (char *)old + old_n == b->data + b->used &&
        (size_t)((char *)old - b->data) + new_n <= b->cap) {
        b->used += new_n - old_n;
        ASAN_UNPOISON_MEMORY_REGION((char *)old + old_n, new_n - old_n);
        return old;
    }
#else
    (void)b;
    (void)old;
#endif
    return NULL;
}

void *
arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t align)
{
    char *p = grow_in_place(a, old, old_n, new_n);

    if (p == NULL) {
        p = take(a, new_n, align);
        if (old_n > 0)
            memcpy(p, old, old_n);
    }
    if (new_n > old_n)
        memset(p + old_n, 0, new_n - old_n);
    return p;
}

char *
arena_grow_bytes(struct arena *a, char *old, size_t old_n, size_t used, size_t new_n)
{
    char *p = grow_in_place(a, old, old_n, new_n);

    if (p != NULL)
        return p;
    p = take(a, new_n, 1);
    if (used > 0)
        memcpy(p, old, used);
    return p;
}

struct arena_mark
arena_save(struct arena *a)
{
    return (struct arena_mark){ a->top, a->top == NULL ? 0 : a->top->used, a->defers };
}

void
arena_restore(struct arena *a, struct arena_mark m)
{
    run_defers(a, m.defers);
    while (a->top != m.block) {
        CHECK(a->top != NULL);
#ifndef ARENA_MALLOC
        if (a->top->prev == NULL) { /* saved before the first block: keep it */
            m.used = 0;
            break;
        }
#endif
        pop_block(a);
    }
    if (a->top != NULL) {
        ASAN_POISON_MEMORY_REGION(a->top->data + m.used, a->top->used - m.used);
        a->top->used = m.used;
    }
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct deferred *d = arena_new(a, struct deferred);

    d->fn = fn;
    d->arg = arg;
    d->next = a->defers;
    a->defers = d;
}

void
arena_reset(struct arena *a)
{
    arena_restore(a, (struct arena_mark){ 0 });
}

size_t
arena_used(const struct arena *a)
{
    size_t n = 0;

    for (const struct block *b = a->top; b != NULL; b = b->prev)
        n += b->used;
    return n;
}
