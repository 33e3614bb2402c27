"""Several servers with names under .test that reach each other over TLS."""
import pathlib

import time

from front import Front
from server import Server
from timing import PATIENCE


def unfinished(servers):
    """What each has still to do, by host.  Work goes from one to the next: all are looked at again until none has done anything meanwhile."""
    before = None
    while not (left := {s.host: found for s in servers if (found := s.unfinished())}):
        done = [s.done() for s in servers]
        if done == before:
            break
        before = done
    return left


def settle(*servers, timeout=PATIENCE):
    """Until no server has anything left to do for the others: what has not arrived by then does not arrive."""
    end = time.monotonic() + timeout
    while left := unfinished(servers):
        assert time.monotonic() < end, f"still to do after {timeout} s: { {k: v[:8] for k, v in left.items()} }"
        servers[0].log.wait_line(servers[0].mark(), 0.05)


class Pair:
    """`with Pair(folder) as (a, b): …`: https://a.test and https://b.test.  databases gives a URL for each name, or None."""

    def __init__(self, root, names=("a.test", "b.test"), databases=None, **keys):
        root = pathlib.Path(root)
        self.front = Front(root / "front", names)
        databases = databases or [None] * len(names)
        keys = {"federation_http": None} | self.front.keys() | keys
        self.servers = [Server(root / name, database=db, url=f"https://{name}", **keys) for name, db in zip(names, databases)]

    def __enter__(self):
        for server in self.servers:
            self.start(server)
        return self.servers

    def start(self, server):
        """Start one (again) and put it behind its name."""
        server.start()
        self.front.serve(server.host, server.base)

    def __exit__(self, kind, value, trace):
        try:
            for server in self.servers:
                server.stop() if kind is None else server.kill()
        finally:
            for server in self.servers:
                server.kill()
            self.front.stop()
