"""Wires between servers that are cut, slow, dumb or closed: one small proxy for each direction between two names."""
import selectors
import socket
import threading
import time


class Link:
    """A port that leads to another; .state is what happens to those who use it, .hurt how many have met a bad one.

    good     bytes pass
    slow     bytes pass, a tenth of a second late
    shut     nobody listens: connections end at once
    dumb     taken and never answered (half-open), until the state changes
    lost     the request arrives, the answer does not: the sender cannot know that it was heard
    torn     the request breaks off in its middle
    """
    STATES = ("good", "slow", "shut", "dumb", "lost", "torn")

    def __init__(self, target):
        self.target, self.state, self.hurt, self.ended = target, "good", 0, False
        self.changed = threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, state):
        assert state in self.STATES
        with self.changed:
            self.state = state
            self.changed.notify_all()

    def stop(self):
        self.ended = True
        self.set("shut")
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.hurt += self.state != "good"
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            state = self.state
            if state == "shut":
                return
            if state == "dumb":
                with self.changed:
                    self.changed.wait_for(lambda: self.state != "dumb")
                return
            try:
                with socket.create_connection(("127.0.0.1", self.target())) as server:
                    self._pump(client, server, state)
            except OSError:
                return

    def _pump(self, client, server, state):
        """Until one side ends, or the wire is no longer what it was when they met."""
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            while self.state == state and not self.ended:
                for key, _ in ready.select(0.2):
                    data = key.fileobj.recv(65536)
                    if not data:
                        return
                    if state == "slow":
                        time.sleep(0.1)  # what this state is
                    if state == "lost" and key.fileobj is server:
                        return
                    if state == "torn" and key.fileobj is client:
                        key.data.sendall(data[: len(data) // 2])
                        return
                    key.data.sendall(data)


class Exit:
    """The way out of a program that takes a proxy: CONNECT host:80 leads to the link of that host."""

    def __init__(self, links):
        self.links = links
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        try:
            head = b""
            while b"\r\n\r\n" not in head:
                data = client.recv(65536)
                if not data:
                    return client.close()
                head += data
            method, target = head.split(b" ", 2)[:2]
            tunnel = method == b"CONNECT"
            host = (target if tunnel else target.split(b"/")[2]).split(b":")[0].decode()
            server = socket.create_connection(("127.0.0.1", self.links[host].port))  # its limits are those of who asks
            client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n") if tunnel else server.sendall(head)
        except (OSError, KeyError, IndexError):
            return client.close()
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    @staticmethod
    def _copy(one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        for s in (one, other):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
