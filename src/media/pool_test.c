/* The box from outside: a decoder that misbehaves (child_test.c), and a child that dies. */
#include "media/pool.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "media/child_test.h"

#include "unit.h"

static struct wire_reply
run(struct media_pool *p, uint32_t purpose, uint32_t wall_ms)
{
    struct wire_job job = { .purpose = purpose, .type = MT_PNG, .wall_ms = wall_ms, .bytes = 1 };
    int in = memfd_create("in", MFD_CLOEXEC), file = memfd_create("file", MFD_CLOEXEC),
        small = memfd_create("small", MFD_CLOEXEC);
    struct wire_reply r = { 0 };

    assert_int_equal(write(in, "x", 1), 1);
    assert_int_equal(media_pool_run(p, &job, in, file, small, 0, &r), ERR_OK);
    close(in);
    close(file);
    close(small);
    return r;
}

static const struct {
    uint32_t test;
    uint32_t wall_ms;
    uint32_t verdict;
    int signal;
    const char *cause;
} misdeeds[] = {
    { TEST_OPEN, 10000, WIRE_REFUSED, 0, "denied denied" },
    { TEST_MEMORY, 10000, WIRE_REFUSED, 0, "denied" },
    { TEST_EXECUTABLE, 10000, WIRE_REFUSED, 0, "denied" },
    { TEST_KILL_PARENT, 10000, WIRE_REFUSED, 0, "denied" },
    { TEST_FILL, 10000, WIRE_REFUSED, 0, "wrote 128 MB" },
    { TEST_SOCKET, 10000, WIRE_CRASHED, SIGSYS, "" },
    { TEST_EXEC, 10000, WIRE_CRASHED, SIGSYS, "" },
    { TEST_FORK, 10000, WIRE_CRASHED, SIGSYS, "" },
    { TEST_CRASH, 10000, WIRE_CRASHED, -1, "" },
    { TEST_LEAVE, 10000, WIRE_CRASHED, 0, "" },
    { TEST_LIE, 10000, WIRE_CRASHED, 0, "" },
    { TEST_LOOP, 50, WIRE_TIMEOUT, 0, "" },
    { TEST_SLEEP, 50, WIRE_TIMEOUT, 0, "" },
};

UNIT(pool_box_holds_a_hostile_decoder)
{
    struct media_pool *p = media_pool_open(unit_mem(), MEDIA_CHILD_EXE);
    int pid = 0;

    for (size_t i = 0; i < lengthof(misdeeds); i++) {
        struct wire_reply r = run(p, misdeeds[i].test, misdeeds[i].wall_ms);

        if (r.verdict != misdeeds[i].verdict || strcmp(r.cause, misdeeds[i].cause) != 0)
            print_error("misdeed %u: verdict %u, signal %d, \"%s\"\n", misdeeds[i].test, r.verdict, r.signal, r.cause);
        assert_int_equal(r.verdict, misdeeds[i].verdict);
        assert_string_equal(r.cause, misdeeds[i].cause);
        if (misdeeds[i].signal >= 0)
            assert_int_equal(r.signal, misdeeds[i].signal);
        /* The child that forks the workers is none the worse for it. */
        assert_true(pid == 0 || pid == media_pool_pid(p));
        pid = media_pool_pid(p);
        assert_int_not_equal(pid, 0);
    }
    media_pool_close(p);
}

UNIT(pool_starts_a_new_child_when_one_died)
{
    struct media_pool *p = media_pool_open(unit_mem(), MEDIA_CHILD_EXE);
    int pid;

    assert_int_equal(run(p, TEST_OPEN, 10000).verdict, WIRE_REFUSED);
    pid = media_pool_pid(p);
    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(run(p, TEST_OPEN, 10000).verdict, WIRE_REFUSED);
    assert_int_not_equal(media_pool_pid(p), pid);
    media_pool_close(p);
}

UNIT(pool_says_when_there_is_no_child)
{
    struct media_pool *missing = media_pool_open(unit_mem(), "/nonexistent/dassie");
    struct media_pool *wrong = media_pool_open(unit_mem(), "/bin/true");
    struct wire_job job = { .purpose = TEST_OPEN, .wall_ms = 1000, .bytes = 1 };
    struct wire_reply r;
    int fd = memfd_create("any", MFD_CLOEXEC);

    assert_int_equal(media_pool_run(missing, &job, fd, fd, fd, 0, &r), ERR_INTERNAL);
    assert_int_equal(media_pool_pid(missing), 0);
    assert_int_equal(media_pool_run(wrong, &job, fd, fd, fd, 0, &r), ERR_INTERNAL);
    close(fd);
    media_pool_close(missing);
    media_pool_close(wrong);
}

struct sleeper {
    struct media_pool *pool;
    atomic_bool done;
    enum err err;
    struct wire_reply reply;
};

static void *
sleep_in_slot(void *arg)
{
    struct sleeper *s = arg;
    struct wire_job job = { .purpose = TEST_SLEEP, .wall_ms = 400, .bytes = 1 };
    int fd = memfd_create("any", MFD_CLOEXEC);

    s->err = media_pool_run(s->pool, &job, fd, fd, fd, 0, &s->reply);
    close(fd);
    s->done = true;
    return NULL;
}

/* With every slot taken a job waits until its deadline and no longer; afterwards there is room again. */
UNIT(pool_slots_are_bounded)
{
    struct media_pool *p = media_pool_open(unit_mem(), MEDIA_CHILD_EXE);
    struct sleeper s[POOL_SLOTS] = { 0 };
    pthread_t t[POOL_SLOTS];
    struct wire_job job = { .purpose = TEST_OPEN, .wall_ms = 1000, .bytes = 1 };
    struct wire_reply r;
    int fd = memfd_create("any", MFD_CLOEXEC);
    enum err e;

    for (int i = 0; i < POOL_SLOTS; i++) {
        s[i].pool = p;
        assert_int_equal(pthread_create(&t[i], NULL, sleep_in_slot, &s[i]), 0);
    }
    while (media_pool_running(p) < POOL_SLOTS && !s[0].done && !s[1].done)
        sched_yield();
    e = media_pool_run(p, &job, fd, fd, fd, 1, &r);
    assert_int_equal(e, ERR_BUSY);
    for (int i = 0; i < POOL_SLOTS; i++) {
        pthread_join(t[i], NULL);
        assert_int_equal(s[i].err, ERR_OK);
        assert_int_equal(s[i].reply.verdict, WIRE_TIMEOUT);
    }
    assert_int_equal(media_pool_run(p, &job, fd, fd, fd, 0, &r), ERR_OK);
    assert_int_equal(media_pool_running(p), 0);
    close(fd);
    media_pool_close(p);
}
