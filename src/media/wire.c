/* The child's half of wire.h; the server's is pool.c. */
#include "media/wire.h"

#include <errno.h>
#include <sys/socket.h>

bool
wire_receive(struct wire_job *job, int fds[WIRE_FD_COUNT])
{
    union {
        char bytes[CMSG_SPACE(sizeof(int) * WIRE_FD_COUNT)];
        struct cmsghdr align;
    } control;
    struct iovec iov = { .iov_base = job, .iov_len = sizeof(*job) };
    struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
    struct cmsghdr *h;
    ssize_t n;

    do
        n = recvmsg(WIRE_CHILD_FD, &m, 0);
    while (n < 0 && errno == EINTR);
    h = n == (ssize_t)sizeof(*job) ? CMSG_FIRSTHDR(&m) : NULL;
    if (h == NULL || (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) || h->cmsg_type != SCM_RIGHTS ||
        h->cmsg_len != CMSG_LEN(sizeof(int) * WIRE_FD_COUNT) || job->magic != WIRE_MAGIC)
        return false;
    memcpy(fds, CMSG_DATA(h), sizeof(int) * WIRE_FD_COUNT);
    return true;
}

void
wire_tell(int fd, const struct wire_reply *r)
{
    while (send(fd, r, sizeof(*r), MSG_NOSIGNAL) < 0 && errno == EINTR)
        ;
}
