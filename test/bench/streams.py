"""Many listeners of one server: the memory of each, and how long a post takes to the last of them."""
import select
import socket
import statistics
import tempfile
import time

from server import Server


def listen(server, token, path):
    host, port = server.base.removeprefix("http://").split(":")
    s = socket.create_connection((host, int(port)))
    s.sendall(f"GET /api/v1/streaming/{path} HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
    return s


def greeted(s):
    """Until the server says that it listens to the stream."""
    got = b""
    while b":)" not in got:
        more = s.recv(4096)
        assert more, got
        got += more


def until_all(poll, count):
    """Seconds of the clock when the last of them had something to read; nothing is read meanwhile, so the client costs little."""
    while len(poll.poll(0.001, count)) < count:
        pass
    return time.monotonic()


def drain(sockets):
    for s in sockets:
        s.setblocking(False)
        try:
            while s.recv(65536):
                pass
        except BlockingIOError:
            pass
        s.setblocking(True)


def measure(say, memory, clients=10_000, users=100, posts=9):
    with tempfile.TemporaryDirectory(prefix="dassie-bench-") as folder, Server(
            folder, log_level="info", workers=0, loops=0, connections_per_ip=100_000, connections_max=100_000) as server:
        author = server.user("author")
        people = [server.user() for _ in range(users)]
        for p in people[:users // 2]:
            p.follow(author)
        before, sockets = memory(server.process.pid)[0], []
        try:
            began = time.monotonic()
            for i in range(clients):
                sockets.append(listen(server, people[i % users].token, "public/local"))
                if i % 200 == 199:
                    for s in sockets[-200:]:
                        greeted(s)
            say(f"{clients} streams, opened", f"{clients / (time.monotonic() - began):.0f}/s")
            used = memory(server.process.pid)[0] - before
            say("memory of all of them", f"{used:.1f} MiB", f"goal 40: {'reached' if used <= 40 else 'missed'}")
            poll = select.epoll()
            for s in sockets:
                poll.register(s, select.EPOLLIN)
            delays, cpu = [], memory(server.process.pid)[1]
            for i in range(posts):
                drain(sockets)
                began = time.monotonic()
                author.toot(f"to everybody, number {i}")
                answered = time.monotonic()
                delays.append((1000 * (until_all(poll, clients) - began), 1000 * (answered - began)))
            last = statistics.median(d for d, _ in delays)
            say("a post, to the last of them", f"{last:.0f} ms",
                f"goal 150: {'reached' if last <= 150 else 'missed'}; worst {max(d for d, _ in delays):.0f}; "
                f"of which the request {statistics.median(a for _, a in delays):.0f}")
            used, now = memory(server.process.pid)
            used -= before
            say("processor time of a post to all", f"{1000 * (now - cpu) / posts:.0f} ms", "what the delay is on idle cores, shared by two threads")
            say("memory, after the posts", f"{used:.1f} MiB")
        finally:
            for s in sockets:
                s.close()
