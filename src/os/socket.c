/* Sockets: addresses as text, listening, systemd. */
#include "os/socket.h"

#include "base/arena.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

union any_addr {
    struct sockaddr sa;
    struct sockaddr_in in;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
};

/* "host:port", "[v6]:port", "*:port", "unix:/path" as a socket address; 0 when it is none. */
static socklen_t
parse_address(struct str s, union any_addr *out)
{
    ptrdiff_t colon = str_rchr(s, ':');
    struct str host;
    struct ip ip;
    int64_t port;

    memset(out, 0, sizeof(*out));
    if (str_starts(s, S("unix:"))) {
        struct str path = str_sub(s, 5, s.n);

        if (path.n == 0 || path.n >= sizeof(out->un.sun_path) || memchr(path.p, '\0', path.n) != NULL)
            return 0;
        out->un.sun_family = AF_UNIX;
        memcpy(out->un.sun_path, path.p, path.n);
        return (socklen_t)sizeof(out->un);
    }
    if (colon < 0 || !str_int(str_sub(s, (size_t)colon + 1, s.n), &port) || port < 0 || port > 65535)
        return 0;
    host = str_sub(s, 0, (size_t)colon);
    if (str_eq(host, S("*"))) {
        out->in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
        return (socklen_t)sizeof(out->in6);
    }
    if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
        host = str_sub(host, 1, host.n - 1);
    else if (str_chr(host, ':') >= 0)
        return 0;
    if (str_eq(host, S("localhost")))
        host = S("127.0.0.1");
    if (!ip_parse(host, &ip))
        return 0;
    if (ip_is_v4(&ip)) {
        out->in = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
        memcpy(&out->in.sin_addr, ip.b + 12, 4);
        return (socklen_t)sizeof(out->in);
    }
    out->in6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
    memcpy(&out->in6.sin6_addr, ip.b, sizeof(ip.b));
    return (socklen_t)sizeof(out->in6);
}

/* Is the socket file left over from a process that is gone?  Then it is in the way and may go. */
static void
remove_stale(const union any_addr *a, socklen_t n)
{
    struct stat st;
    int fd;

    if (lstat(a->un.sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
        return;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, &a->sa, n) != 0 && errno == ECONNREFUSED)
        unlink(a->un.sun_path);
    close(fd);
}

enum err
socket_listen(struct str address, int *out)
{
    union any_addr a;
    socklen_t n = parse_address(address, &a);
    int on = 1, off = 0, saved, fd;

    if (n == 0)
        return ERR_BAD_REQUEST;
    fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return ERR_INTERNAL;
    if (a.sa.sa_family == AF_UNIX) {
        remove_stale(&a, n);
    } else {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (a.sa.sa_family == AF_INET6)
            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, address.p[0] == '*' ? &off : &on, sizeof(on));
    }
    if (bind(fd, &a.sa, n) != 0 || listen(fd, SOMAXCONN) != 0) {
        saved = errno;
        close(fd);
        errno = saved;
        return saved == EADDRINUSE ? ERR_CONFLICT : ERR_INTERNAL;
    }
    if (a.sa.sa_family == AF_UNIX && chmod(a.un.sun_path, 0666) != 0) {
        saved = errno;
        close(fd);
        errno = saved;
        return ERR_INTERNAL;
    }
    *out = fd;
    return ERR_OK;
}

struct str
socket_address(struct arena *a, int fd)
{
    union any_addr addr;
    socklen_t n = sizeof(addr);
    char text[INET6_ADDRSTRLEN];

    memset(&addr, 0, sizeof(addr));
    if (getsockname(fd, &addr.sa, &n) != 0)
        return STR_NONE;
    switch (addr.sa.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &addr.in.sin_addr, text, sizeof(text));
        return str_fmt(a, "%s:%d", text, ntohs(addr.in.sin_port));
    case AF_INET6:
        inet_ntop(AF_INET6, &addr.in6.sin6_addr, text, sizeof(text));
        return str_fmt(a, "[%s]:%d", text, ntohs(addr.in6.sin6_port));
    case AF_UNIX:
        return str_fmt(a, "unix:%.*s", (int)sizeof(addr.un.sun_path), addr.un.sun_path);
    default:
        return STR_NONE;
    }
}

void
socket_unlink(int fd)
{
    union any_addr a;
    socklen_t n = sizeof(a);

    memset(&a, 0, sizeof(a));
    if (getsockname(fd, &a.sa, &n) == 0 && a.sa.sa_family == AF_UNIX && a.un.sun_path[0] == '/')
        unlink(a.un.sun_path);
}

int
socket_accept(int fd, struct peer *peer)
{
    union any_addr a;
    socklen_t n = sizeof(a);
    int on = 1, c;

    do
        c = accept4(fd, &a.sa, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
    while (c < 0 && errno == EINTR);
    if (c < 0)
        return -1;
    *peer = (struct peer){ 0 };
    peer->is_unix = !ip_from_sockaddr(&a.sa, &peer->ip);
    if (!peer->is_unix)
        setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    return c;
}

int
socket_connect(struct str address)
{
    union any_addr a;
    socklen_t n = parse_address(address, &a);
    int fd, saved;

    if (n == 0) {
        errno = EINVAL;
        return -1;
    }
    fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, &a.sa, n) != 0) {
        saved = errno;
        close(fd);
        errno = saved;
        return -1;
    }
    return fd;
}

size_t
socket_activated(int *fds, size_t max)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t for_pid, n;
    size_t found = 0;

    if (pid == NULL || count == NULL || !str_int(str_z(pid), &for_pid) || for_pid != getpid() ||
        !str_int(str_z(count), &n) || n < 0)
        return 0;
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    for (int fd = 3; fd < 3 + n && found < max; fd++) {
        int flags = fcntl(fd, F_GETFL);

        if (flags < 0 || fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
            continue;
        fds[found++] = fd;
    }
    return found;
}

bool
socket_notify(struct str state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    union any_addr a = { .un = { .sun_family = AF_UNIX } };
    size_t n = path == NULL ? 0 : strlen(path);
    ssize_t sent;
    int fd;

    if (n < 2 || n >= sizeof(a.un.sun_path) || (path[0] != '/' && path[0] != '@'))
        return false;
    memcpy(a.un.sun_path, path, n);
    if (path[0] == '@')
        a.un.sun_path[0] = '\0'; /* abstract name */
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return false;
    sent = sendto(fd, state.p, state.n, MSG_NOSIGNAL, &a.sa, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
    close(fd);
    return sent == (ssize_t)state.n;
}
