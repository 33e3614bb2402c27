/* A decoder that misbehaves on purpose, for the tests of the box; compiled into the test's child only. */
#ifndef MEDIA_CHILD_TEST_H
#define MEDIA_CHILD_TEST_H

#include "media/wire.h"

enum child_test {
    TEST_FIRST = 1000,
    TEST_OPEN = TEST_FIRST,
    TEST_SOCKET,
    TEST_EXEC,
    TEST_FORK,
    TEST_MEMORY,
    TEST_EXECUTABLE,
    TEST_LOOP,
    TEST_SLEEP,
    TEST_CRASH,
    TEST_LEAVE,
    TEST_LIE,
    TEST_FILL,
    TEST_KILL_PARENT,
    TEST_LAST
};

#ifdef MEDIA_CHILD_TEST
/* False when the job is no test. */
bool child_test_run(const struct wire_job *job, const int fds[WIRE_FD_COUNT], struct wire_reply *r);
#else
static inline bool
child_test_run(const struct wire_job *job UNUSED, const int fds[WIRE_FD_COUNT] UNUSED, struct wire_reply *r UNUSED)
{
    return false;
}
#endif

#endif
