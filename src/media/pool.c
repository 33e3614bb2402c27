/* See pool.h.  The other end is child.c; what travels is wire.h. */
#include "media/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/cond.h"

struct media_pool {
    pthread_mutex_t lock;
    struct cond_queue freed;
    const char *exe;
    int sock; /* -1: no child */
    pid_t pid;
    int running, waiting;
    int stop; /* an eventfd that becomes readable once and stays so */
};

struct media_pool *
media_pool_open(struct arena *a, const char *exe)
{
    struct media_pool *p = arena_new(a, struct media_pool);

    p->exe = exe != NULL ? exe : "/proc/self/exe";
    p->sock = -1;
    p->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (p->stop < 0)
        BUG("eventfd: %s", strerrordesc_np(errno));
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

static void
end(int sock, pid_t pid)
{
    close(sock);
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Locked.  Jobs of the child that is left go on under their monitors. */
static void
drop_child(struct media_pool *p)
{
    if (p->sock < 0)
        return;
    end(p->sock, p->pid);
    p->sock = -1;
    p->pid = 0;
}

void
media_pool_stop(struct media_pool *p)
{
    (void)eventfd_write(p->stop, 1);
    pthread_mutex_lock(&p->lock);
    cond_queue_call_all(&p->freed);
    pthread_mutex_unlock(&p->lock);
}

static bool
is_stopped(const struct media_pool *p)
{
    struct pollfd f = { .fd = p->stop, .events = POLLIN };

    return poll(&f, 1, 0) > 0;
}

void
media_pool_close(struct media_pool *p)
{
    if (p == NULL)
        return;
    close(p->stop);
    pthread_mutex_lock(&p->lock);
    drop_child(p);
    pthread_mutex_unlock(&p->lock);
    pthread_mutex_destroy(&p->lock);
}

int
media_pool_pid(struct media_pool *p)
{
    pthread_mutex_lock(&p->lock);
    int pid = p->pid;

    pthread_mutex_unlock(&p->lock);
    return pid;
}

int
media_pool_running(struct media_pool *p)
{
    pthread_mutex_lock(&p->lock);
    int n = p->running;

    pthread_mutex_unlock(&p->lock);
    return n;
}

/* exec with the socket as descriptor 3, nothing else open, no signal blocked, and a bare environment. */
static int
spawn(const char *exe, int sock, pid_t *pid)
{
    char name[] = "dassie", command[] = "media-child";
    char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C", arenas[] = "MALLOC_ARENA_MAX=1";
    /* No run-time code generation (the box forbids executable memory) and no temporary files. */
    char novector[] = "VIPS_NOVECTOR=1", nodisc[] = "VIPS_DISC_THRESHOLD=4g";
    char *argv[] = { name, command, NULL }, *envp[] = { path, locale, arenas, novector, nodisc, NULL };
    posix_spawn_file_actions_t fa;
    posix_spawnattr_t attr;
    sigset_t none, all;
    int e;

    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &all);
    posix_spawn_file_actions_init(&fa);
    e = posix_spawn_file_actions_adddup2(&fa, sock, WIRE_CHILD_FD);
    for (int fd = 0; fd < 3 && e == 0; fd++)
        e = posix_spawn_file_actions_addopen(&fa, fd, "/dev/null", fd == 0 ? O_RDONLY : O_WRONLY, 0);
    if (e == 0)
        e = posix_spawn_file_actions_addclosefrom_np(&fa, WIRE_CHILD_FD + 1);
    if (e == 0)
        e = posix_spawn(pid, exe, &fa, &attr, argv, envp);
    posix_spawn_file_actions_destroy(&fa);
    posix_spawnattr_destroy(&attr);
    return e;
}

static enum err
start(const char *exe, int *sock, pid_t *pid)
{
    int pair[2], e;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return ERR_INTERNAL;
    e = spawn(exe, pair[1], pid);
    close(pair[1]);
    if (e != 0) {
        close(pair[0]);
        *pid = 0;
        return ERR_INTERNAL;
    }
    *sock = pair[0];
    return ERR_OK;
}

static bool
send_job(int sock, const struct wire_job *job, const int fds[WIRE_FD_COUNT])
{
    union {
        char bytes[CMSG_SPACE(sizeof(int) * WIRE_FD_COUNT)];
        struct cmsghdr align;
    } control = { 0 };
    struct iovec iov = { .iov_base = (void *)(uintptr_t)job, .iov_len = sizeof(*job) };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
    struct cmsghdr *h = CMSG_FIRSTHDR(&m);
    ssize_t n;

    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int) * WIRE_FD_COUNT);
    memcpy(CMSG_DATA(h), fds, sizeof(int) * WIRE_FD_COUNT);
    do
        n = sendmsg(sock, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof(*job);
}

static bool
picture_ok(const struct wire_picture *p, bool optional, bool sound)
{
    if (p->type == MT_NONE)
        return optional;
    if (sound)
        return p->type < MT_COUNT && p->width == 0 && p->height == 0;
    return p->type < MT_COUNT && p->width >= 1 && p->width <= MEDIA_SIDE_MAX && p->height >= 1 &&
           p->height <= MEDIA_SIDE_MAX;
}

/* The worker may be in a stranger's hands: nothing it says is used unless it could be true. */
static bool
reply_ok(struct wire_reply *r)
{
    if (r->magic != WIRE_MAGIC || r->verdict > WIRE_INTERNAL)
        return false;
    r->cause[sizeof(r->cause) - 1] = '\0';
    for (char *c = r->cause; *c != '\0'; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    if (r->verdict != WIRE_DONE)
        return true;
    r->blurhash[sizeof(r->blurhash) - 1] = '\0';
    return r->kind < MEDIA_KIND_COUNT && picture_ok(&r->file, r->kind == MEDIA_GIFV, r->kind == MEDIA_AUDIO) &&
           picture_ok(&r->small, true, false) && r->colour <= 0xffffff && r->duration_ms >= 0 &&
           r->duration_ms <= DAY_MS && (r->blurhash[0] == '\0' || blurhash_valid(str_z(r->blurhash)));
}

/* One message, or false when the other end closed, sent nonsense, or time is over (*late), as it is when the pool stops. */
static bool
next_reply(const struct media_pool *pool, int fd, int64_t until_mono_ms, struct wire_reply *out, bool *late)
{
    for (;;) {
        struct pollfd p[] = { { .fd = fd, .events = POLLIN }, { .fd = pool->stop, .events = POLLIN } };
        int64_t left = until_mono_ms - clock_mono_ms();
        int n = left <= 0 ? 0 : poll(p, 2, (int)left);

        if (n < 0 && errno == EINTR)
            continue;
        *late = n == 0 || (n > 0 && p[0].revents == 0);
        return !*late && n > 0 && recv(fd, out, sizeof(*out), MSG_DONTWAIT) == (ssize_t)sizeof(*out) && reply_ok(out);
    }
}

/* NEVER_BEGUN: the child went away first, as it does when it was idle. */
enum outcome { OUT_ANSWERED, OUT_NEVER_BEGUN, OUT_FAILED };

/* From STARTED to the end. */
static enum outcome
follow(const struct media_pool *p, int fd, int64_t until, struct wire_reply *out)
{
    bool late = false;

    if (!next_reply(p, fd, until, out, &late) || out->verdict != WIRE_STARTED)
        return late ? OUT_FAILED : OUT_NEVER_BEGUN;
    if (!next_reply(p, fd, until, out, &late) || out->verdict == WIRE_STARTED)
        *out = (struct wire_reply){ .verdict = late ? WIRE_TIMEOUT : WIRE_CRASHED };
    return OUT_ANSWERED;
}

/* Closes fds[WIRE_FD_REPLY], as the next one does: else the end of the child would not be seen. */
static enum outcome
run_in_zygote(struct media_pool *p, const struct wire_job *job, const int fds[WIRE_FD_COUNT], int reply, int64_t until,
    struct wire_reply *out)
{
    enum outcome o = OUT_NEVER_BEGUN;
    bool sent;
    pid_t pid;

    pthread_mutex_lock(&p->lock);
    sent = (p->sock >= 0 || start(p->exe, &p->sock, &p->pid) == ERR_OK) && send_job(p->sock, job, fds);
    pid = p->pid;
    pthread_mutex_unlock(&p->lock);
    close(fds[WIRE_FD_REPLY]);
    if (sent)
        o = follow(p, reply, until, out);
    if (o != OUT_ANSWERED) {
        pthread_mutex_lock(&p->lock);
        if (p->pid == pid)
            drop_child(p);
        pthread_mutex_unlock(&p->lock);
    }
    return o;
}

static enum outcome
run_alone(struct media_pool *p, const struct wire_job *job, const int fds[WIRE_FD_COUNT], int reply, int64_t until,
    struct wire_reply *out)
{
    enum outcome o = OUT_FAILED;
    int sock = -1;
    pid_t pid = 0;
    bool sent = start(p->exe, &sock, &pid) == ERR_OK && send_job(sock, job, fds);

    close(fds[WIRE_FD_REPLY]);
    if (sent)
        o = follow(p, reply, until, out);
    if (sock >= 0)
        end(sock, pid);
    return o == OUT_ANSWERED ? o : OUT_FAILED;
}

static enum outcome
try_once(struct media_pool *p, const struct wire_job *job, const int given[3], struct wire_reply *out)
{
    int64_t until = clock_mono_ms() + job->wall_ms + POOL_GRACE_MS;
    enum outcome o;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return OUT_FAILED;
    const int fds[WIRE_FD_COUNT] = { pair[1], given[0], given[1], given[2] };

    o = job->mode == WIRE_TOOL ? run_alone(p, job, fds, pair[0], until, out)
                               : run_in_zygote(p, job, fds, pair[0], until, out);
    close(pair[0]);
    return o;
}

static enum err
take_slot(struct media_pool *p, int64_t deadline_mono_ms)
{
    int64_t until = deadline_mono_ms > 0 ? deadline_mono_ms : clock_mono_ms() + MINUTE_MS;
    enum err e = ERR_OK;

    pthread_mutex_lock(&p->lock);
    if (p->running >= POOL_SLOTS && p->waiting >= POOL_WAITING_MAX) {
        pthread_mutex_unlock(&p->lock);
        return ERR_BUSY;
    }
    p->waiting++;
    while (p->running >= POOL_SLOTS && e == ERR_OK && !is_stopped(p))
        if (!cond_queue_wait(&p->freed, &p->lock, until) && p->running >= POOL_SLOTS)
            e = ERR_BUSY;
    p->waiting--;
    if (is_stopped(p))
        e = ERR_BUSY;
    if (e == ERR_OK)
        p->running++;
    pthread_mutex_unlock(&p->lock);
    return e;
}

static void
give_slot(struct media_pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->running--;
    cond_queue_call(&p->freed);
    pthread_mutex_unlock(&p->lock);
}

enum err
media_pool_run(struct media_pool *p, const struct wire_job *job, int in, int file, int small, int64_t deadline_mono_ms,
    struct wire_reply *out)
{
    const int fds[3] = { in, file, small };
    struct wire_job j = *job;
    enum outcome o = OUT_NEVER_BEGUN;

    j.magic = WIRE_MAGIC;
    TRY(take_slot(p, deadline_mono_ms));
    /* A job that never began is safe to send again; one that began is not: its file may be what killed the worker. */
    for (int i = 0; i < 2 && o == OUT_NEVER_BEGUN; i++)
        o = try_once(p, &j, fds, out);
    give_slot(p);
    if (is_stopped(p) && (o != OUT_ANSWERED || out->verdict == WIRE_TIMEOUT))
        return ERR_BUSY;
    return o == OUT_ANSWERED ? ERR_OK : ERR_INTERNAL;
}
