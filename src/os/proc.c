/* Child processes: fork, arrange descriptors, limits, exec; a status pipe tells the parent when the exec failed. */
#include "os/proc.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "os/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { FIRST_EXTRA_FD = 3, EXEC_FAILED = 126, PIPE_READ_BYTES = 65536 };

struct pipes {
    int in[2], out[2], err[2], status[2];
};

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void
close_pipes(struct pipes *p)
{
    int *all[] = { p->in, p->out, p->err, p->status };

    for (size_t i = 0; i < lengthof(all); i++) {
        close_fd(&all[i][0]);
        close_fd(&all[i][1]);
    }
}

static bool
open_pipes(const struct proc_options *o, struct pipes *p)
{
    *p = (struct pipes){ { -1, -1 }, { -1, -1 }, { -1, -1 }, { -1, -1 } };
    if ((o->pipe_in && pipe2(p->in, O_CLOEXEC) != 0) || (o->pipe_out && pipe2(p->out, O_CLOEXEC) != 0) ||
        (o->pipe_err && pipe2(p->err, O_CLOEXEC) != 0) || pipe2(p->status, O_CLOEXEC) != 0) {
        int saved = errno;

        close_pipes(p);
        errno = saved;
        return false;
    }
    return true;
}

/* ---- in the child: async-signal-safe calls only, as other threads of the parent may hold any lock ------------------------------- */

static bool
set_limit(int what, uint64_t value)
{
    struct rlimit lim = { value, value };

    return value == 0 || setrlimit((__rlimit_resource_t)what, &lim) == 0;
}

static bool
set_limits(const struct proc_options *o)
{
    return set_limit(RLIMIT_AS, o->memory_bytes) && set_limit(RLIMIT_CPU, o->cpu_s) &&
           set_limit(RLIMIT_FSIZE, o->file_bytes) && set_limit(RLIMIT_NOFILE, o->files) &&
           set_limit(RLIMIT_NPROC, o->processes);
}

/*
 * Put every descriptor at its number.  First all are copied above the target range, so that no dup2 overwrites one that is
 * still needed.
 */
static bool
place_fds(const struct proc_options *o, const struct pipes *p, int *status)
{
    int want[FIRST_EXTRA_FD + PROC_FDS_MAX + 1], high[FIRST_EXTRA_FD + PROC_FDS_MAX + 1];
    int n = 0;

    want[n++] = o->pipe_in ? p->in[0] : open("/dev/null", O_RDONLY | O_CLOEXEC);
    want[n++] = o->pipe_out ? p->out[1] : STDOUT_FILENO;
    want[n++] = o->pipe_err ? p->err[1] : STDERR_FILENO;
    for (size_t i = 0; i < o->n_fds; i++)
        want[n++] = o->fds[i];
    want[n++] = *status; /* last: closed by the exec */
    for (int i = 0; i < n; i++) {
        high[i] = fcntl(want[i], F_DUPFD_CLOEXEC, FIRST_EXTRA_FD + PROC_FDS_MAX + 1);
        if (high[i] < 0)
            return false;
    }
    for (int i = 0; i < n; i++)
        if (dup3(high[i], i, i == n - 1 ? O_CLOEXEC : 0) < 0 && high[i] != i)
            return false;
    *status = n - 1;
    return syscall(SYS_close_range, n, ~0U, 0) == 0;
}

NORETURN static void
run_child(const struct proc_options *o, const struct pipes *p)
{
    int status = p->status[1];
    int failure;

    setpgid(0, 0);
    signals_reset();
    if (!place_fds(o, p, &status) || (o->cwd != NULL && chdir(o->cwd) != 0) || !set_limits(o))
        goto fail;
    if (o->argv == NULL) {
        close(status); /* the parent stops waiting for an exec */
        _exit(o->in_child(o->arg));
    }
    if (o->in_child != NULL && o->in_child(o->arg) != 0)
        _exit(EXEC_FAILED);
    if (o->env != NULL)
        environ = (char **)(uintptr_t)o->env;
    execvp(o->argv[0], (char *const *)(uintptr_t)o->argv);
fail:
    failure = errno;
    while (write(status, &failure, sizeof(failure)) < 0 && errno == EINTR)
        ;
    _exit(EXEC_FAILED);
}

/* ---- in the parent --------------------------------------------------------------------------------------------------------------- */

enum err
proc_spawn(const struct proc_options *o, struct proc *out)
{
    struct pipes p;
    int failure = 0;
    ssize_t n;
    pid_t pid;

    CHECK(o->n_fds <= PROC_FDS_MAX && (o->argv != NULL || o->in_child != NULL));
    if (!open_pipes(o, &p))
        return ERR_INTERNAL;
    pid = fork();
    if (pid < 0) {
        close_pipes(&p);
        return ERR_INTERNAL;
    }
    if (pid == 0)
        run_child(o, &p);
    setpgid(pid, pid); /* both sides do it: whoever comes first */
    close_fd(&p.in[0]);
    close_fd(&p.out[1]);
    close_fd(&p.err[1]);
    close_fd(&p.status[1]);
    while ((n = read(p.status[0], &failure, sizeof(failure))) < 0 && errno == EINTR)
        ;
    close_fd(&p.status[0]);
    if (n == (ssize_t)sizeof(failure)) {
        close_pipes(&p);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
            ;
        errno = failure;
        return failure == ENOENT || failure == EACCES ? ERR_NOT_FOUND : ERR_INTERNAL;
    }
    *out = (struct proc){ .pid = pid, .in = p.in[1], .out = p.out[0], .err = p.err[0] };
    return ERR_OK;
}

void
proc_kill(struct proc *p)
{
    if (p->pid > 0)
        kill(-p->pid, SIGKILL);
}

void
proc_close(struct proc *p)
{
    close_fd(&p->in);
    close_fd(&p->out);
    close_fd(&p->err);
}

int
proc_wait(struct proc *p, int64_t timeout_ms)
{
    int64_t end = clock_mono_ms() + timeout_ms;
    int status, timed_out = 0;
    pid_t got;

    if (timeout_ms >= 0) {
        /* A descriptor of the process becomes readable when it ends: no signal handler, no polling interval. */
        int fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
        struct pollfd wait = { .fd = fd, .events = POLLIN };
        int64_t left;
        int ready = 0;

        while (fd >= 0 && ready <= 0 && (left = end - clock_mono_ms()) > 0)
            ready = poll(&wait, 1, (int)MIN(left, INT32_MAX));
        if (ready <= 0) {
            proc_kill(p);
            timed_out = PROC_TIMED_OUT;
        }
        if (fd >= 0)
            close(fd);
    }
    /* The zombie holds its number until the group is killed: the kill cannot hit somebody else. */
    while (waitid(P_PID, (id_t)p->pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        ;
    proc_kill(p);
    do
        got = waitpid(p->pid, &status, 0);
    while (got < 0 && errno == EINTR);
    p->pid = 0;
    if (got < 0)
        return EXEC_FAILED | timed_out;
    return timed_out | (WIFSIGNALED(status) ? PROC_SIGNALED + WTERMSIG(status) : WEXITSTATUS(status));
}

/* Read once; false at the end of the stream. */
static bool
drain(int fd, struct buf *b)
{
    char bytes[PIPE_READ_BYTES];
    ssize_t n = read(fd, bytes, sizeof(bytes));

    if (n < 0)
        return errno == EINTR || errno == EAGAIN;
    if (n > 0)
        buf_put(b, (struct str){ bytes, MIN((size_t)n, b->max - b->n) });
    return n > 0;
}

enum err
proc_run(
    struct arena *a, struct proc_options *o, struct str in, size_t out_max, int64_t timeout_ms, struct proc_result *out)
{
    int64_t end = clock_mono_ms() + timeout_ms;
    struct buf bufs[2];
    struct proc p;

    o->pipe_in = o->pipe_out = o->pipe_err = true;
    buf_init(&bufs[0], a, MAX(out_max, 1));
    buf_init(&bufs[1], a, MAX(out_max, 1));
    TRY(proc_spawn(o, &p));
    fcntl(p.in, F_SETFL, O_NONBLOCK);
    while (p.out >= 0 || p.err >= 0) {
        struct pollfd fds[3] = { { .fd = p.out, .events = POLLIN }, { .fd = p.err, .events = POLLIN },
            { .fd = p.in, .events = POLLOUT } };
        int64_t left = end - clock_mono_ms();

        if (in.n == 0) {
            close_fd(&p.in);
            fds[2].fd = -1;
        }
        if (left <= 0)
            break;
        if (poll(fds, lengthof(fds), (int)MIN(left, INT32_MAX)) <= 0)
            continue;
        if (fds[0].revents != 0 && !drain(p.out, &bufs[0]))
            close_fd(&p.out);
        if (fds[1].revents != 0 && !drain(p.err, &bufs[1]))
            close_fd(&p.err);
        if (fds[2].revents != 0) {
            ssize_t n = write(p.in, in.p, in.n);

            if (n >= 0)
                in = str_sub(in, (size_t)n, in.n);
            else if (errno != EAGAIN && errno != EINTR)
                in.n = 0; /* the child does not want the rest */
        }
    }
    out->status = proc_wait(&p, MAX(end - clock_mono_ms(), 0));
    proc_close(&p);
    out->out = buf_str(&bufs[0]);
    out->err = buf_str(&bufs[1]);
    return ERR_OK;
}
