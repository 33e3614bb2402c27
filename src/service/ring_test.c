/* Rings against a plain sorted list. */
#include "service/ring.h"

#include "base/clock.h"
#include "base/rng.h"
#include "unit.h"

#include <pthread.h>
#include <stdlib.h>

enum { ME = 42 };

static struct home_item
it(int64_t id)
{
    return (struct home_item){ id, id };
}

static void
build(struct ring *r, int64_t account_id, const struct home_item *v, size_t n, bool whole)
{
    ring_fill(r, account_id, ring_begin(r, account_id), v, n, whole);
}

static void
assert_ids(struct ring *r, int64_t account_id, const int64_t *want, size_t n)
{
    static struct ring_view view;

    assert_true(ring_read(r, account_id, 0, &view));
    assert_int_equal(view.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(view.v[i].id, want[i]);
}
#define ASSERT_IDS(r, account, ...)                                                                                    \
    assert_ids(r, account, (const int64_t[]){ __VA_ARGS__ }, lengthof(((const int64_t[]){ __VA_ARGS__ })))

UNIT(ring_reads_what_was_filled_and_pushed)
{
    struct ring *r = ring_new(100);
    static struct ring_view view;
    const int64_t me = ME;

    assert_false(ring_read(r, ME, 0, &view));
    ring_push(r, &me, 1, it(5)); /* nobody listens */
    assert_false(ring_read(r, ME, 0, &view));
    build(r, ME, (struct home_item[]){ it(30), it(20), it(10) }, 3, false);
    ASSERT_IDS(r, ME, 30, 20, 10);
    ring_push(r, &me, 1, it(40));
    ring_push(r, &me, 1, it(25));
    ring_push(r, &me, 1, it(25)); /* again */
    ring_push(r, &me, 1, it(5));  /* older than what is known: there may be others between */
    ASSERT_IDS(r, ME, 40, 30, 25, 20, 10);
    ring_remove(r, 25);
    ring_remove(r, 26);
    ASSERT_IDS(r, ME, 40, 30, 20, 10);
    ring_drop(r, ME);
    assert_false(ring_read(r, ME, 0, &view));
    ring_free(r);
}

UNIT(ring_whole_ones_take_late_items_until_they_are_full)
{
    struct ring *r = ring_new(100);
    static struct ring_view view;
    const int64_t me = ME;

    build(r, ME, (struct home_item[]){ it(1000) }, 1, true);
    ring_push(r, &me, 1, it(999));
    ASSERT_IDS(r, ME, 1000, 999);
    for (int64_t i = 0; i < RING_IDS - 2; i++)
        ring_push(r, &me, 1, it(2000 + i));
    assert_true(ring_read(r, ME, 0, &view));
    assert_true(view.whole && view.n == RING_IDS);
    ring_push(r, &me, 1, it(998)); /* does not fit: now there is something older */
    assert_true(ring_read(r, ME, 0, &view));
    assert_true(!view.whole && view.n == RING_IDS && view.v[RING_IDS - 1].id == 999);
    ring_push(r, &me, 1, it(5000));
    assert_true(ring_read(r, ME, 0, &view));
    assert_int_equal(view.v[0].id, 5000);
    assert_int_equal(view.v[RING_IDS - 1].id, 1000);
    ring_free(r);
}

UNIT(ring_pushes_during_a_build_are_kept_and_a_drop_undoes_it)
{
    struct ring *r = ring_new(100);
    static struct ring_view view;
    const int64_t me = ME;
    uint64_t first, second;

    first = ring_begin(r, ME);
    assert_false(ring_read(r, ME, 0, &view));
    ring_push(r, &me, 1, it(50));
    ring_push(r, &me, 1, it(15));
    second = ring_begin(r, ME); /* somebody else builds too */
    assert_int_equal(first, second);
    ring_fill(r, ME, first, (struct home_item[]){ it(40), it(20) }, 2, true);
    ASSERT_IDS(r, ME, 50, 40, 20, 15);
    ring_fill(r, ME, second, (struct home_item[]){ it(1) }, 1, true); /* too late */
    ASSERT_IDS(r, ME, 50, 40, 20, 15);

    ring_drop(r, ME);
    first = ring_begin(r, ME);
    ring_drop(r, ME); /* e.g. an unfollow: what the builder read may be wrong */
    second = ring_begin(r, ME);
    ring_fill(r, ME, first, (struct home_item[]){ it(1) }, 1, true);
    assert_false(ring_read(r, ME, 0, &view));
    ring_fill(r, ME, second, (struct home_item[]){ it(2) }, 1, true);
    ASSERT_IDS(r, ME, 2);
    ring_free(r);
}

UNIT(ring_clear_forgets_all_and_undoes_a_build)
{
    static const struct home_item old[] = { { 20, 20 }, { 10, 10 } };
    static struct ring_view view;
    struct ring *r = ring_new(1000);
    uint64_t ticket;

    for (int64_t id = 1; id <= 500; id++)
        build(r, id, old, 2, true);
    ticket = ring_begin(r, 1000);
    ring_clear(r);
    for (int64_t id = 1; id <= 500; id++)
        assert_false(ring_read(r, id, 0, &view));
    ring_fill(r, 1000, ticket, old, 2, true);
    assert_false(ring_read(r, 1000, 0, &view));
    build(r, 7, old, 2, true);
    ASSERT_IDS(r, 7, 20, 10);
    ring_free(r);
}

UNIT(ring_forgets_those_who_were_long_away)
{
    struct ring *r = ring_new(64); /* one for each shard */
    static struct ring_view view;
    size_t kept = 0;

    for (int64_t id = 1; id <= 1000; id++)
        build(r, id, (struct home_item[]){ it(id) }, 1, true);
    assert_true(ring_read(r, 1000, 0, &view));
    for (int64_t id = 1; id <= 1000; id++)
        if (ring_read(r, id, 0, &view)) {
            assert_int_equal(view.v[0].id, id);
            kept++;
        }
    assert_true(kept > 32 && kept <= 64);
    ring_free(r);
}

static int
newest_first(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x < y) - (x > y);
}

/* Random pushes and removals; the model is a sorted array without a bound, cut where the ring says it ends. */
UNIT(ring_is_a_sorted_list)
{
    struct ring *r = ring_new(100);
    static struct ring_view view;
    static int64_t all[4000];
    const int64_t me = ME;
    size_t n = 0;
    int64_t last = 0;

    build(r, ME, NULL, 0, true);
    for (int i = 0; i < 3000; i++) {
        int64_t id = 1 + (int64_t)rng_below(5000) + i; /* mostly rising */
        bool there = false;

        for (size_t k = 0; k < n && !there; k++)
            there = all[k] == id;
        ring_push(r, &me, 1, it(id));
        if (!there)
            all[n++] = id;
        if (i % 7 == 0 && n > 0) {
            size_t k = (size_t)rng_below(n);

            ring_remove(r, all[k]);
            all[k] = all[--n];
        }
        qsort(all, n, sizeof(all[0]), newest_first);
        assert_true(ring_read(r, ME, 0, &view));
        assert_true(view.n <= n);
        assert_true(!view.whole || view.n == n);
        for (size_t k = 0; k < view.n; k++)
            assert_int_equal(view.v[k].id, all[k]);
        last = view.n > 0 ? view.v[view.n - 1].id : 0;
        if (n > view.n) /* what it left out is older than all it has, and it left out only when it was full */
            assert_true(!view.whole && all[view.n] < last);
    }
    assert_true(view.n > RING_IDS / 2);
    ring_free(r);
}

/* ---- threads: run under ThreadSanitizer ---------------------------------------------------------------------------- */

struct worker {
    struct ring *r;
    int seed;
};

static void *
work(void *arg)
{
    const struct worker *w = arg;
    struct arena *mem = arena_new_heap();
    struct ring_view *view = arena_new(mem, struct ring_view);
    int64_t accounts[20];

    for (int i = 0; i < 3000; i++) {
        int64_t me = 1 + (i * 7 + w->seed) % 20, id = i * 4 + w->seed;

        for (int64_t k = 0; k < 20; k++)
            accounts[k] = k + 1;
        ring_push(w->r, accounts, 20, it(id));
        if (!ring_read(w->r, me, 0, view))
            build(w->r, me, (struct home_item[]){ it(1) }, 1, false);
        for (size_t k = 1; k < view->n; k++)
            CHECK(view->v[k - 1].id > view->v[k].id);
        if (i % 11 == 0)
            ring_remove(w->r, id - 8);
        if (i % 101 == 0)
            ring_drop(w->r, me);
    }
    arena_free(mem);
    return NULL;
}

UNIT(ring_takes_many_threads)
{
    struct ring *r = ring_new(100);
    pthread_t t[4];
    struct worker w[4];

    for (int i = 0; i < 4; i++) {
        w[i] = (struct worker){ r, i };
        assert_int_equal(pthread_create(&t[i], NULL, work, &w[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_join(t[i], NULL), 0);
    ring_free(r);
}
