#include "base/arena.h"

#include "unit.h"

#include <string.h>

static int ran[3], n_ran;

static void
note(void *arg)
{
    ran[n_ran++] = *(int *)arg;
}

UNIT(arena_gives_zeroed_aligned_memory)
{
    struct arena *a = arena_new_heap();

    for (size_t align = 1; align <= 16; align *= 2) {
        char *p = arena_alloc(a, 100, align);

        assert_int_equal((uintptr_t)p % align, 0);
        for (int i = 0; i < 100; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, 100);
    }
    arena_reset(a);
    assert_int_equal(*(char *)arena_alloc(a, 1, 1), 0);
    arena_free(a);
}

UNIT(arena_restore_runs_defers_newest_first)
{
    struct arena *a = arena_new_heap();
    int one = 1, two = 2, three = 3;
    struct arena_mark m;

    n_ran = 0;
    arena_defer(a, note, &one);
    m = arena_save(a);
    arena_defer(a, note, &two);
    arena_defer(a, note, &three);
    arena_alloc(a, 300000, 8);
    arena_restore(a, m);
    assert_int_equal(n_ran, 2);
    assert_int_equal(ran[0], 3);
    assert_int_equal(ran[1], 2);
    arena_free(a);
    assert_int_equal(n_ran, 3);
}

UNIT(arena_grow_keeps_bytes)
{
    struct arena *a = arena_new_heap();
    char *p = arena_alloc(a, 4, 1);

    memcpy(p, "abcd", 4);
    for (size_t n = 4; n < 200000; n *= 3)
        p = arena_grow(a, p, n, n * 3, 1);
    assert_memory_equal(p, "abcd", 4);
    assert_int_equal(p[5], 0);
    arena_free(a);
}
