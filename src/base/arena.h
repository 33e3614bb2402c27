/*
 * Arena: memory by life time.  A worker owns one for life and resets it between requests, so that nothing above the
 * system layers ever frees.  With -Darena=malloc each allocation is one malloc, so that sanitizers see every object.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/def.h"

struct arena;

struct arena_mark {
    void *block;
    size_t used;
    void *defers;
};

enum { ARENA_FIRST_BYTES = 64 * 1024, ARENA_CAP_BYTES = 256 * 1024 * 1024 };

/* Heap owner.  arena_free accepts NULL and runs what was deferred.  Any thread, but one at a time. */
NODISCARD struct arena *arena_new_heap(void);
void arena_free(struct arena *a);

/* Zeroed memory; never NULL: aborts when memory is out or the cap is passed (a stranger's data has its own limits). n may be 0. */
void *arena_alloc(struct arena *a, size_t n, size_t align) __attribute__((returns_nonnull));
void *arena_alloc_n(struct arena *a, size_t n, size_t size, size_t align) __attribute__((returns_nonnull));
#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T), _Alignof(T)))
#define arena_vec(a, T, n) ((T *)arena_alloc_n((a), (n), sizeof(T), _Alignof(T)))

/* Grow a block that came from this arena: in place when it was the last one, else a copy.  old may be NULL with old_n 0. */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t align) __attribute__((returns_nonnull));
/* The same for bytes, of which `used` are kept; the rest is not cleared: for writers that only read what they wrote. */
char *arena_grow_bytes(struct arena *a, char *old, size_t old_n, size_t used, size_t new_n);

/* For loops: memory taken and functions deferred after the save are given back by the restore. */
struct arena_mark arena_save(struct arena *a);
void arena_restore(struct arena *a, struct arena_mark m);

/* fn(arg) runs once on restore, reset or free, newest first. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* Forget everything; keeps the first block. */
void arena_reset(struct arena *a);

/* Bytes handed out since the last reset, for tests and metrics. */
size_t arena_used(const struct arena *a);

#endif
