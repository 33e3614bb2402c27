/* Sockets: listening, accepting, systemd's activation and notification. */
#ifndef OS_SOCKET_H
#define OS_SOCKET_H

#include "base/err.h"
#include "base/ip.h"

struct arena;

/* The other end of a connection. */
struct peer {
    bool is_unix; /* no address */
    struct ip ip;
};

/*
 * Listen, not blocking, close-on-exec.  "127.0.0.1:3000", "[::1]:0", "*:3000" (every address, both families), "unix:/path" (a
 * stale socket is replaced, mode 0666: the directory decides who may connect).  Errors: BAD_REQUEST (text), CONFLICT
 * (address in use), INTERNAL (errno).
 */
NODISCARD enum err socket_listen(struct str address, int *fd);
/* What a listening socket is bound to: "127.0.0.1:41234", "[::1]:3000", "unix:/path". */
struct str socket_address(struct arena *a, int fd);
/* Remove the name of a Unix socket we listen on; nothing for other sockets. */
void socket_unlink(int fd);
/* One connection; not blocking, close-on-exec, TCP_NODELAY.  -1 with errno. */
int socket_accept(int fd, struct peer *peer);
/* Blocking connect to what socket_address gives; for tests and tools.  -1 with errno. */
int socket_connect(struct str address);

/* Listening sockets passed by systemd (LISTEN_FDS for our pid); made close-on-exec and not blocking.  Returns how many. */
size_t socket_activated(int *fds, size_t max);
/* Tell systemd (NOTIFY_SOCKET): "READY=1", "STOPPING=1", "RELOADING=1\nMONOTONIC_USEC=…".  False when there is nobody. */
bool socket_notify(struct str state);

#endif
