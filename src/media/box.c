/* See box.h.  The lists are for x86-64 and aarch64 alike: libseccomp knows which of the names an architecture has. */
#include "media/box.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool
limit(int what, uint64_t n)
{
    struct rlimit r = { .rlim_cur = n, .rlim_max = n };

    return setrlimit((__rlimit_resource_t)what, &r) == 0;
}

bool
box_limit_memory(uint64_t bytes)
{
    return limit(RLIMIT_AS, bytes);
}

bool
box_set_limits(const struct box_limits *l)
{
    return limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, l->cpu_s) && limit(RLIMIT_FSIZE, l->file_bytes) &&
           limit(RLIMIT_NOFILE, l->fds) && (l->memory_bytes == 0 || limit(RLIMIT_AS, l->memory_bytes)) &&
           prctl(PR_SET_DUMPABLE, 0) == 0;
}

/* The ruleset as of ABI 6; older kernels take a shorter one, so the build's own header does not matter. */
struct ruleset {
    uint64_t fs, net, scoped;
};

/* A descriptor; -1: this kernel has no Landlock; -2: it has, and refused. */
static int
make_ruleset(int *abi_out)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    /* Bits a version does not know are refused: 13 rights in ABI 1, then refer, truncate, ioctl. */
    int rights = abi >= 5 ? 16 : abi >= 3 ? 15 : abi == 2 ? 14 : 13;
    struct ruleset all = { .fs = (1ull << rights) - 1, .net = 3, .scoped = 3 };
    size_t n = abi >= 6 ? sizeof(all) : abi >= 4 ? offsetof(struct ruleset, scoped) : offsetof(struct ruleset, net);
    long fd;

    if (abi < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP ? -1 : -2;
    fd = syscall(SYS_landlock_create_ruleset, &all, n, 0);
    *abi_out = (int)abi;
    return fd < 0 ? -2 : (int)fd;
}

static bool
enter_ruleset(int fd)
{
    bool ok = syscall(SYS_landlock_restrict_self, fd, 0) == 0;

    close(fd);
    return ok;
}

bool
box_drop_files(void)
{
    int abi, fd;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    fd = make_ruleset(&abi);
    return fd >= 0 ? enter_ruleset(fd) : fd == -1;
}

/* What cannot be added stays forbidden, and the program says so itself. */
static void
permit(int ruleset, int fd, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = { .allowed_access = rights, .parent_fd = fd };

    (void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

bool
box_keep_programs(int in, int file, int small)
{
    static const uint64_t run = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
    static const uint64_t read_write = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
    const struct {
        const char *path;
        uint64_t rights;
    } keep[] = {
        { "/usr", run },
        { "/lib", run },
        { "/lib64", run },
        { "/bin", run },
        { "/etc/alternatives", LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR },
        { "/etc/ld.so.cache", LANDLOCK_ACCESS_FS_READ_FILE },
        { "/dev/null", read_write },
    };
    uint64_t out;
    int abi, fd;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return false;
    fd = make_ruleset(&abi);
    if (fd < 0)
        return fd == -1;
    for (size_t i = 0; i < lengthof(keep); i++) {
        int path = open(keep[i].path, O_PATH | O_CLOEXEC);

        if (path < 0)
            continue;
        permit(fd, path, keep[i].rights);
        close(path);
    }
    out = read_write | (abi >= 3 ? 1ull << 14 /* truncate */ : 0);
    permit(fd, in, LANDLOCK_ACCESS_FS_READ_FILE);
    permit(fd, file, out);
    permit(fd, small, out);
    return enter_ruleset(fd);
}

/* Computing, memory, threads, open descriptors. */
static const int decoder_calls[] = {
    SCMP_SYS(read),
    SCMP_SYS(pread64),
    SCMP_SYS(readv),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(close),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(getcpu),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(membarrier),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

/* On top of those: receive jobs, fork, time and kill workers, put them into the stricter box. */
static const int zygote_calls[] = {
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),
    SCMP_SYS(sendto),
    SCMP_SYS(pipe2),
    SCMP_SYS(wait4),
    SCMP_SYS(kill),
    SCMP_SYS(getppid),
    SCMP_SYS(prctl),
    SCMP_SYS(seccomp),
    SCMP_SYS(prlimit64),
    SCMP_SYS(setrlimit),
    SCMP_SYS(getrlimit),
};

/* Libraries probe for files and features, and live with a no. */
static const int probing_calls[] = {
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(statx),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(statfs),
    SCMP_SYS(getcwd),
};

/* No decoder asks for these unless somebody took it over. */
static const int deadly_calls[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(socket),
    SCMP_SYS(socketpair),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(mount),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(open_by_handle_at),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
};

static bool
add_all(scmp_filter_ctx f, uint32_t action, const int *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (seccomp_rule_add(f, action, calls[i], 0) != 0)
            return false;
    return true;
}

/* Memory is never executable; a new task is a thread, but for the zygote, which forks. */
static bool
add_checked(scmp_filter_ctx f, enum box_kind kind)
{
    const struct scmp_arg_cmp no_exec = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp thread = SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD);
    const struct scmp_arg_cmp fork = SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    const struct scmp_arg_cmp by_fd = SCMP_A3_64(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, AT_EMPTY_PATH);
    const struct scmp_arg_cmp by_path = SCMP_A3_64(SCMP_CMP_MASKED_EQ, AT_EMPTY_PATH, 0);

    return seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, no_exec) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_exec) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1, by_fd) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 1, by_path) == 0 &&
           seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, thread) == 0 &&
           seccomp_rule_add(f, kind == BOX_ZYGOTE ? SCMP_ACT_ALLOW : SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), 1, fork) ==
               0;
}

static bool
add_rules(scmp_filter_ctx f, enum box_kind kind)
{
    if (seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0)
        return false;
    for (size_t i = 0; i < lengthof(deadly_calls); i++) {
        bool exec = deadly_calls[i] == SCMP_SYS(execve) || deadly_calls[i] == SCMP_SYS(execveat);

        if ((kind != BOX_TOOL || !exec) && seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, deadly_calls[i], 0) != 0)
            return false;
    }
    return kind == BOX_TOOL ||
           (add_all(f, SCMP_ACT_ALLOW, decoder_calls, lengthof(decoder_calls)) &&
               (kind != BOX_ZYGOTE || add_all(f, SCMP_ACT_ALLOW, zygote_calls, lengthof(zygote_calls))) &&
               add_all(f, SCMP_ACT_ERRNO(EACCES), probing_calls, lengthof(probing_calls)) && add_checked(f, kind));
}

bool
box_filter(enum box_kind kind)
{
    /* ENOSYS is also what clone3 gets: its arguments are behind a pointer, and the C library then uses clone. */
    scmp_filter_ctx f = seccomp_init(kind == BOX_TOOL ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(ENOSYS));
    bool ok;

    if (f == NULL)
        return false;
    ok = add_rules(f, kind) && seccomp_load(f) == 0;
    seccomp_release(f);
    return ok;
}
