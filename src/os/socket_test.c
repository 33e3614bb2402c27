#include "os/socket.h"

#include "os/proc.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void
check_listen(struct str where)
{
    struct peer peer;
    int fd, c, s;

    assert_int_equal(socket_listen(where, &fd), ERR_OK);
    c = socket_connect(socket_address(unit_mem(), fd));
    assert_true(c >= 0);
    s = socket_accept(fd, &peer);
    assert_true(s >= 0);
    assert_int_equal(peer.is_unix, str_starts(where, S("unix:")));
    assert_int_equal(socket_accept(fd, &peer), -1);
    assert_int_equal(errno, EAGAIN);
    close(c), close(s), close(fd);
}

UNIT(socket_listen_takes_every_form)
{
    char dir[] = "/tmp/dassie-unit-XXXXXX";
    struct str path;
    int fd, other;

    check_listen(S("127.0.0.1:0"));
    check_listen(S("localhost:0"));
    assert_non_null(mkdtemp(dir));
    path = str_fmt(unit_mem(), "unix:%s/s", dir);
    check_listen(path);
    check_listen(path); /* the stale socket of the first is replaced */
    assert_int_equal(socket_listen(path, &fd), ERR_OK);
    assert_int_equal(socket_listen(path, &other), ERR_CONFLICT); /* a live one is not */
    close(fd);
    unlink(str_sub(path, 5, path.n).p);
    rmdir(dir);
}

UNIT(socket_listen_refuses_nonsense)
{
    static const char *const bad[] = { "", "3000", ":3000", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
        "127.0.0.1:-1", "::1:3000", "example.org:80", "unix:", "[::1]" };
    int fd;

    for (size_t i = 0; i < lengthof(bad); i++)
        assert_int_equal(socket_listen(str_z(bad[i]), &fd), ERR_BAD_REQUEST);
}

UNIT(socket_notify_reaches_systemd)
{
    char dir[] = "/tmp/dassie-unit-XXXXXX", got[32] = "";
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    assert_false(socket_notify(S("READY=1")));
    assert_non_null(mkdtemp(dir));
    snprintf(a.sun_path, sizeof(a.sun_path), "%s/n", dir);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    setenv("NOTIFY_SOCKET", a.sun_path, 1);
    assert_true(socket_notify(S("READY=1")));
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(recv(fd, got, sizeof(got), 0), 7);
    assert_string_equal(got, "READY=1");
    close(fd);
    unlink(a.sun_path);
    rmdir(dir);
}

static int
use_activated(void *arg UNUSED)
{
    char pid[32];
    int fds[4], flags;

    snprintf(pid, sizeof(pid), "%d", (int)getpid());
    setenv("LISTEN_PID", "1", 1);
    setenv("LISTEN_FDS", "1", 1);
    if (socket_activated(fds, 4) != 0) /* meant for another process */
        return 1;
    setenv("LISTEN_PID", pid, 1);
    if (socket_activated(fds, 4) != 1 || fds[0] != 3 || getenv("LISTEN_FDS") != NULL)
        return 2;
    flags = fcntl(3, F_GETFL);
    if ((flags & O_NONBLOCK) == 0 || fcntl(3, F_GETFD) != FD_CLOEXEC)
        return 3;
    return 0;
}

UNIT(socket_activation_passes_descriptors)
{
    struct proc_options o = { .in_child = use_activated, .n_fds = 1 };
    struct proc p;

    assert_int_equal(socket_listen(S("127.0.0.1:0"), &o.fds[0]), ERR_OK);
    assert_int_equal(proc_spawn(&o, &p), ERR_OK);
    assert_int_equal(proc_wait(&p, 20000), 0);
    close(o.fds[0]);
}
