/* The misbehaving decoder (child_test.h) and the program around it: unit_media starts it in place of the server's own binary. */
#include "media/child_test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "media/child.h"
#include "media/fixture_test.h"

/* Each says in cause what happened, when it lived to say it. */
static void
try_open(const int *fds UNUSED, struct wire_reply *r)
{
    int fd = open("/etc/passwd", O_RDONLY);
    int one = fd < 0 ? errno : 0, made = open("/tmp/dassie-box", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0;

    snprintf(
        r->cause, sizeof(r->cause), "%s %s", one == EACCES ? "denied" : "opened", made == EACCES ? "denied" : "opened");
}

static void
try_socket(const int *fds UNUSED, struct wire_reply *r)
{
    snprintf(r->cause, sizeof(r->cause), "socket %d", socket(AF_INET, SOCK_STREAM, 0));
}

static void
try_exec(const int *fds UNUSED, struct wire_reply *r)
{
    char name[] = "true", *argv[] = { name, NULL };

    execv("/bin/true", argv);
    snprintf(r->cause, sizeof(r->cause), "exec returned");
}

static void
try_fork(const int *fds UNUSED, struct wire_reply *r)
{
    snprintf(r->cause, sizeof(r->cause), "fork %d", fork());
}

static void
try_memory(const int *fds UNUSED, struct wire_reply *r)
{
    void *p = mmap(NULL, 2ul << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    snprintf(r->cause, sizeof(r->cause), "%s", p == MAP_FAILED ? "denied" : "mapped");
}

static void
try_executable(const int *fds UNUSED, struct wire_reply *r)
{
    void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool changed = p != MAP_FAILED && mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0;

    p = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    snprintf(r->cause, sizeof(r->cause), "%s", p == MAP_FAILED && !changed ? "denied" : "mapped");
}

static void
try_loop(const int *fds UNUSED, struct wire_reply *r UNUSED)
{
    for (volatile int i = 0;; i++)
        ;
}

static void
try_sleep(const int *fds UNUSED, struct wire_reply *r UNUSED)
{
    struct timespec day = { .tv_sec = 86400 };

    nanosleep(&day, NULL);
}

static void
try_crash(const int *fds UNUSED, struct wire_reply *r UNUSED)
{
    raise(SIGSEGV);
    __builtin_trap();
}

static void
try_leave(const int *fds UNUSED, struct wire_reply *r UNUSED)
{
    _exit(0);
}

static void
try_lie(const int *fds UNUSED, struct wire_reply *r)
{
    memset(r, 0xff, sizeof(*r));
    r->magic = WIRE_MAGIC;
    r->verdict = WIRE_DONE;
}

static void
try_fill(const int *fds, struct wire_reply *r)
{
    static char block[1 << 20];
    int64_t total = 0;
    ssize_t n;

    signal(SIGXFSZ, SIG_IGN);
    while ((n = write(fds[WIRE_FD_FILE], block, sizeof(block))) > 0)
        total += n;
    snprintf(r->cause, sizeof(r->cause), "wrote %lld MB", (long long)(total >> 20));
}

static void
try_kill(const int *fds UNUSED, struct wire_reply *r)
{
    long n = syscall(SYS_kill, 1, 0);

    snprintf(r->cause, sizeof(r->cause), "%s", n != 0 && errno == ENOSYS ? "denied" : "sent");
}

static void (*const tests[TEST_LAST - TEST_FIRST])(const int *fds, struct wire_reply *r) = {
    [TEST_OPEN - TEST_FIRST] = try_open,
    [TEST_SOCKET - TEST_FIRST] = try_socket,
    [TEST_EXEC - TEST_FIRST] = try_exec,
    [TEST_FORK - TEST_FIRST] = try_fork,
    [TEST_MEMORY - TEST_FIRST] = try_memory,
    [TEST_EXECUTABLE - TEST_FIRST] = try_executable,
    [TEST_LOOP - TEST_FIRST] = try_loop,
    [TEST_SLEEP - TEST_FIRST] = try_sleep,
    [TEST_CRASH - TEST_FIRST] = try_crash,
    [TEST_LEAVE - TEST_FIRST] = try_leave,
    [TEST_LIE - TEST_FIRST] = try_lie,
    [TEST_FILL - TEST_FIRST] = try_fill,
    [TEST_KILL_PARENT - TEST_FIRST] = try_kill,
};

bool
child_test_run(const struct wire_job *job, const int fds[WIRE_FD_COUNT], struct wire_reply *r)
{
    if (job->purpose < TEST_FIRST || job->purpose >= TEST_LAST)
        return false;
    r->verdict = WIRE_REFUSED;
    tests[job->purpose - TEST_FIRST](fds, r);
    return true;
}

int
main(int argc, char **argv)
{
    return argc == 3 && strcmp(argv[1], "make") == 0 ? fixture_make(argv[2]) : media_child_main();
}
