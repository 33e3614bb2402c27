#include "base/id.h"

#include "base/clock.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

enum { PROCESSES = 2, DRAWN = 200000, NUMBER_BITS = ID_NODES - 1 };

static int
by_value(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

/* Processes that draw ids at the same time; returns how many were drawn twice. */
static int
clashes(const int numbers[PROCESSES])
{
    const size_t bytes = (size_t)PROCESSES * DRAWN * sizeof(int64_t);
    int64_t *ids = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int twice = 0;

    assert_true(ids != MAP_FAILED);
    for (int p = 0; p < PROCESSES; p++) {
        pid_t pid = fork();

        assert_true(pid >= 0);
        if (pid > 0)
            continue;
        id_node(numbers[p], INT64_MAX);
        for (int i = 0; i < DRAWN; i++)
            ids[p * DRAWN + i] = id_new();
        _exit(0);
    }
    for (int p = 0; p < PROCESSES; p++) {
        int status;

        assert_true(wait(&status) > 0 && status == 0);
    }
    for (int i = 1; i < PROCESSES * DRAWN; i++) /* ascending in each process */
        assert_true(i % DRAWN == 0 || ids[i] > ids[i - 1]);
    qsort(ids, (size_t)PROCESSES * DRAWN, sizeof(ids[0]), by_value);
    for (int i = 1; i < PROCESSES * DRAWN; i++)
        twice += ids[i] == ids[i - 1];
    munmap(ids, bytes);
    return twice;
}

UNIT(id_of_two_processes_with_numbers_never_clash)
{
    assert_int_equal(clashes((const int[]){ 1, 2 }), 0);
    assert_int_equal(clashes((const int[]){ 0, 63 }), 0);
}

/* What the numbers are for: two processes that count alike meet all the time under load. */
UNIT(id_of_two_processes_without_numbers_clash)
{
    int twice = clashes((const int[]){ 0, 0 });

    print_message("%d of %d ids were drawn twice\n", twice, DRAWN);
    assert_true(twice > 0);
}

UNIT(id_number_ends_with_its_lease)
{
    id_node(5, INT64_MAX);
    assert_int_equal(id_new() & NUMBER_BITS, 5);
    id_node(5, clock_mono_ms() - 1);
    assert_int_equal(id_new() & NUMBER_BITS, 0);
    id_node(63, clock_mono_ms() + HOUR_MS);
    assert_int_equal(id_new() & NUMBER_BITS, 63);
    id_node(0, 0);
    assert_int_equal(id_new() & NUMBER_BITS, 0);
}

/* Also across the end of a lease, of a millisecond and of its 1,024 numbers. */
UNIT(id_ascends_whatever_its_number)
{
    int64_t last = 0, begin = clock_ms();

    for (int i = 0; i < 20000; i++) {
        int64_t id;

        id_node(i % 7 == 0 ? 63 : i % 5, i % 3 == 0 ? 0 : INT64_MAX);
        id = id_new();
        assert_true(id > last);
        last = id;
    }
    id_node(0, 0);
    assert_true(id_ms(last) >= begin && id_ms(last) <= clock_ms() + 20000 / 512);
}
