/* See child.h.  The other end is pool.c. */
#include "media/child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "media/box.h"
#include "media/child_test.h"
#include "media/image.h"
#include "media/tool.h"
#include "media/vipslib.h"

enum { IDLE_MS = 60 * 1000, CPU_S = 25, WALL_MS_MAX = 120 * 1000 };

/* 33 Mpx at 4 bytes, once as decoded and once as a decoder's own copy, over the libraries' 160 MB. */
static const uint64_t memory_max = 1ull << 30, file_max = 128ull << 20;

/* AddressSanitizer reserves terabytes of address space. */
#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif
#else
enum { SANITIZED = 0 };
#endif

static const char *library_missing; /* NULL when libvips is there */

static void
close_fds(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static void
run_image(const struct wire_job *job, const int fds[WIRE_FD_COUNT], struct wire_reply *r)
{
    struct stat st;
    void *in;

    if (job->purpose >= MEDIA_PURPOSE_COUNT || media_type_kind((enum media_type)job->type) != MEDIA_IMAGE) {
        r->verdict = WIRE_REFUSED;
        return;
    }
    if (fstat(fds[WIRE_FD_IN], &st) != 0 || st.st_size <= 0 || (uint64_t)st.st_size != job->bytes ||
        (in = mmap(NULL, job->bytes, PROT_READ, MAP_PRIVATE, fds[WIRE_FD_IN], 0)) == MAP_FAILED) {
        r->verdict = WIRE_INTERNAL;
        snprintf(r->cause, sizeof(r->cause), "cannot map the input");
        return;
    }
    image_run(job, in, fds[WIRE_FD_FILE], fds[WIRE_FD_SMALL], r);
}

NORETURN static void
work(const struct wire_job *job, const int fds[WIRE_FD_COUNT], int report)
{
    const struct box_limits limits = {
        .memory_bytes = SANITIZED ? 0 : memory_max,
        .cpu_s = CPU_S,
        .file_bytes = file_max,
    };
    struct wire_reply r = { .magic = WIRE_MAGIC, .verdict = WIRE_INTERNAL };

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(WIRE_CHILD_FD);
    close(fds[WIRE_FD_REPLY]);
    if (library_missing != NULL)
        snprintf(r.cause, sizeof(r.cause), "%s is missing", library_missing);
    else if (!box_set_limits(&limits) || !box_filter(BOX_DECODER))
        snprintf(r.cause, sizeof(r.cause), "cannot enter the box");
    else if (!child_test_run(job, fds, &r))
        run_image(job, fds, &r);
    if (write(report, &r, sizeof(r)) != (ssize_t)sizeof(r))
        _exit(EX_IOERR);
    _exit(0);
}

/* Until the worker's report is whole, it died, the time is over, or nobody waits any more. */
static enum wire_verdict
await(int report, int reply_fd, int64_t deadline_ms, struct wire_reply *r)
{
    for (;;) {
        struct pollfd p[2] = { { .fd = report, .events = POLLIN }, { .fd = reply_fd, .events = 0 } };
        int64_t left = deadline_ms - clock_mono_ms();
        int n = left <= 0 ? 0 : poll(p, 2, (int)left);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0 || p[1].revents != 0)
            return WIRE_TIMEOUT;
        /* One write of less than PIPE_BUF bytes: whole or not there. */
        return read(report, r, sizeof(*r)) == (ssize_t)sizeof(*r) && r->magic == WIRE_MAGIC ? WIRE_DONE : WIRE_CRASHED;
    }
}

NORETURN static void
monitor(const struct wire_job *job, int fds[WIRE_FD_COUNT])
{
    struct wire_reply r = { .magic = WIRE_MAGIC, .verdict = WIRE_STARTED };
    int64_t deadline_ms = clock_mono_ms() + MIN(job->wall_ms, (uint32_t)WALL_MS_MAX);
    int report[2], status = 0;
    enum wire_verdict v;
    pid_t pid;

    close(WIRE_CHILD_FD);
    signal(SIGCHLD, SIG_DFL);
    wire_tell(fds[WIRE_FD_REPLY], &r);
    if (pipe2(report, 0) != 0 || (pid = fork()) < 0) {
        r.verdict = WIRE_INTERNAL;
        snprintf(r.cause, sizeof(r.cause), "cannot fork");
        wire_tell(fds[WIRE_FD_REPLY], &r);
        _exit(EX_OSERR);
    }
    if (pid == 0) {
        close(report[0]);
        work(job, fds, report[1]);
    }
    close(report[1]);
    close_fds(fds + 1, WIRE_FD_COUNT - 1);
    v = await(report[0], fds[WIRE_FD_REPLY], deadline_ms, &r);
    /* Reported or not, it must be dead before the server trusts the files. */
    kill(pid, SIGKILL);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (v != WIRE_DONE)
        r = (struct wire_reply){
            .magic = WIRE_MAGIC,
            .verdict = v,
            .signal = v == WIRE_CRASHED && WIFSIGNALED(status) ? WTERMSIG(status) : 0,
        };
    wire_tell(fds[WIRE_FD_REPLY], &r);
    _exit(0);
}

static bool
next_job(struct wire_job *job, int fds[WIRE_FD_COUNT])
{
    struct pollfd p = { .fd = WIRE_CHILD_FD, .events = POLLIN };
    int n;

    do
        n = poll(&p, 1, IDLE_MS);
    while (n < 0 && errno == EINTR);
    return n > 0 && wire_receive(job, fds);
}

int
media_child_main(void)
{
    int fds[WIRE_FD_COUNT];
    struct wire_job job;

    prctl(PR_SET_NAME, "dassie-media");
    signal(SIGPIPE, SIG_IGN);
    /* The first job says what this process is for. */
    if (!next_job(&job, fds))
        return 0;
    if (job.mode == WIRE_TOOL)
        return tool_run(&job, fds);
    signal(SIGCHLD, SIG_IGN); /* monitors are not waited for */
    /* Without the library jobs are answered with what is missing, instead of starting this over and over. */
    library_missing = vipslib_open();
    if (!box_drop_files() || !box_filter(BOX_ZYGOTE))
        return EX_OSERR;
    do {
        if (fork() == 0)
            monitor(&job, fds);
        close_fds(fds, WIRE_FD_COUNT); /* when fork failed, the server sees the end of the reply socket */
    } while (next_job(&job, fds));
    return 0;
}
