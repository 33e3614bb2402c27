/*
 * Child processes: one program, its own process group, pipes for stdin, stdout and stderr, resource limits, a deadline.
 * A child inherits no other descriptor and no signal mask.  Never a shell.
 */
#ifndef OS_PROC_H
#define OS_PROC_H

#include "base/err.h"
#include "base/str.h"

#include <sys/types.h>

enum { PROC_FDS_MAX = 8 };

struct proc_options {
    const char *const *argv; /* NULL-terminated; argv[0] is searched in PATH when it has no slash */
    const char *const *env;  /* NULL: inherited */
    const char *cwd;         /* NULL: inherited */
    int fds[PROC_FDS_MAX];   /* further descriptors; the child finds them as 3, 4, … in this order */
    size_t n_fds;
    bool pipe_in, pipe_out, pipe_err; /* else /dev/null for in; out and err are inherited */
    /* Limits of the child; 0: inherited.  memory_bytes is address space. */
    uint64_t memory_bytes, cpu_s, file_bytes;
    unsigned files, processes;
    /* Runs in the child after fork and before exec (or instead of it when argv is NULL: then its return is the exit code).
     * Only async-signal-safe calls when other threads exist.  A result other than 0 ends the child with 126. */
    int (*in_child)(void *arg);
    void *arg;
};

struct proc {
    pid_t pid;
    int in, out, err; /* our ends, -1 when there is none; not blocking is the caller's choice */
};

enum { PROC_SIGNALED = 256, PROC_TIMED_OUT = 512 }; /* proc_wait: exit code, or this plus the signal's number */

/* Errors: INTERNAL (no descriptor, no process), NOT_FOUND (program), both with errno. */
NODISCARD enum err proc_spawn(const struct proc_options *o, struct proc *out);
/* Wait at most timeout_ms (< 0: for ever); then the group is killed and the result has PROC_TIMED_OUT. */
int proc_wait(struct proc *p, int64_t timeout_ms);
/* SIGKILL to the whole group; proc_wait must still follow. */
void proc_kill(struct proc *p);
/* Close the pipes. */
void proc_close(struct proc *p);

struct proc_result {
    int status; /* as proc_wait */
    struct str out, err;
};
/*
 * Run to the end: write `in` to stdin, collect stdout and stderr up to out_max bytes each (what is over is read and dropped), kill
 * the group at the timeout.  Errors: as proc_spawn.
 */
NODISCARD enum err proc_run(struct arena *a, struct proc_options *o, struct str in, size_t out_max, int64_t timeout_ms,
    struct proc_result *out);

#endif
