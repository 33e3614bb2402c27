/* Signals through signalfd: handlers never run, so nothing is interrupted in the middle. */
#include "os/signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum err
signals_block(int *fd)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
        return ERR_INTERNAL;
    *fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return *fd < 0 ? ERR_INTERNAL : ERR_OK;
}

int
signals_wait(int fd, int64_t timeout_ms)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    struct signalfd_siginfo info;

    if (poll(&p, 1, timeout_ms < 0 ? -1 : (int)MIN(timeout_ms, INT32_MAX)) != 1)
        return 0;
    if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return 0;
    return (int)info.ssi_signo;
}

void
signals_reset(void)
{
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL); /* fails for SIGKILL and SIGSTOP, which is fine */
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
